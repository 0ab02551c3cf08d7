"""The core: one way from sound to scores, for a whole track and for a stream.

``analyze(track)`` and ``feed(chunk)`` / ``finish()`` share the windower and the scorer, so any chunking of a stream
gives exactly the windows and the scores of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from model.audio.track import Track
from model.errors import ParameterError
from model.scorer import Scorer, WindowScore
from model.windows import LIVE_HOP_SECONDS, Window, Windower, hop_from_seconds, window_starts

if TYPE_CHECKING:
    from model.explain import Explanation


class Analyzer:
    """Follows a track or a stream, window by window.

    One analyzer follows one stream; many may share a `Scorer`.

    Parameters
    ----------
    scorer : Scorer
        Scores the windows.
    hop_seconds : float
        Distance between windows, 0.1 to 3 s: 0.5 for a live chart, 3 for a batch.

    Raises
    ------
    ParameterError
        If the hop is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from model.audio.decode import decode
    >>> from model.classifier import Classifier
    >>> analyzer = Analyzer(Scorer(Classifier()), hop_seconds=3.0)
    >>> jazz = decode("samples/jazz.ogg")
    >>> whole = [score.probabilities for score in analyzer.analyze(jazz)]
    >>> streamed = [score.probabilities for score in [*analyzer.feed(jazz.samples), *analyzer.finish()]]
    >>> np.array_equal(whole, streamed)  # to the last bit
    True
    """

    def __init__(self, scorer: Scorer, *, hop_seconds: float = LIVE_HOP_SECONDS) -> None:
        self.scorer = scorer
        self.params = scorer.classifier.card.params.audio
        self.hop_samples = hop_from_seconds(hop_seconds, self.params)
        self._stream = self._new_windower()

    def analyze(self, track: Track) -> Iterator[WindowScore]:
        """Score a whole track. Leaves the stream of `feed` alone.

        Parameters
        ----------
        track : Track
            The sound, at the model's rate.

        Yields
        ------
        WindowScore
            In order of time.

        Raises
        ------
        ParameterError
            If the track has another sample rate.
        """
        self._check_rate(track)
        yield from self.analyze_blocks([track.samples])

    def window(self, track: Track, index: int) -> Window:
        """Cut one of a track's windows out of it, as `analyze` numbers them.

        Parameters
        ----------
        track : Track
            The sound, at the model's rate.
        index : int
            Number of the window, from 0.

        Returns
        -------
        Window
            The same sound that `analyze` scores under this number.

        Raises
        ------
        ParameterError
            If the track has no such window, or another sample rate.
        """
        self._check_rate(track)
        start, end = self.place(index, len(track.samples), track.name)
        return Window(index, start, end, track.samples[start:end])

    def place(self, index: int, n_samples: int, name: str) -> tuple[int, int]:
        """Give the first sample of one of a track's windows, and the one after its last.

        Parameters
        ----------
        index : int
            Number of the window, from 0.
        n_samples : int
            Length of the track, at the model's rate.
        name : str
            What to call it in messages.

        Returns
        -------
        tuple of int
            Start and end.

        Raises
        ------
        ParameterError
            If the track has no such window.
        """
        window_samples = self.params.window_samples
        starts = window_starts(n_samples, window_samples=window_samples, hop_samples=self.hop_samples)
        if not 0 <= index < len(starts):
            raise ParameterError(
                f"{name} has no window {index}; at a hop of {self.hop_samples / self.params.sample_rate_hz:g} s "
                f"it has {len(starts)}, from 0."
            )
        return starts[index], starts[index] + window_samples

    def window_heard_by(self, track: Track, seconds: float) -> Window:
        """Cut out the window that the page shows at a moment: the last that has ended by then.

        Parameters
        ----------
        track : Track
            The sound, at the model's rate.
        seconds : float
            The moment.

        Returns
        -------
        Window
            Numbered as `analyze` does.

        Raises
        ------
        ParameterError
            If no window has ended by then.
        """
        self._check_rate(track)
        n_samples, rate_hz = self.params.window_samples, self.params.sample_rate_hz
        starts = window_starts(len(track.samples), window_samples=n_samples, hop_samples=self.hop_samples)
        n_ended = sum(start + n_samples <= round(seconds * rate_hz) for start in starts)
        if not n_ended:
            raise ParameterError(
                f"By {seconds:g} s no window of {track.name} has ended; ask for {n_samples / rate_hz:g} s or later."
            )
        return self.window(track, n_ended - 1)

    def explain(self, track: Track, index: int, genre: str | None = None) -> Explanation:
        """Tell what in one of a track's windows speaks for a genre and what against it.

        Parameters
        ----------
        track : Track
            The sound, at the model's rate.
        index : int
            Number of the window, as `analyze` gives it.
        genre : str, optional
            The genre to ask about; the window's leading one by default.

        Returns
        -------
        Explanation
            Its relevance can be drawn over the window's log-mel.

        Raises
        ------
        ExplanationError
            If the window is silence, or the model has no explainer.
        ParameterError
            If the track has no such window, or the model no such genre.

        Examples
        --------
        >>> from model.audio.decode import decode
        >>> from model.classifier import Classifier
        >>> from model.scorer import Scorer
        >>> analyzer = Analyzer(Scorer(Classifier()), hop_seconds=3.0)
        >>> why = analyzer.explain(decode("samples/jazz.ogg"), 4)
        >>> why.genre, why.relevance.shape
        ('jazz', (38, 128))
        """
        return self.scorer.explain(self.window(track, index), genre)

    def analyze_blocks(self, blocks: Iterable[ArrayLike]) -> Iterator[WindowScore]:
        """Score a whole track that comes in pieces, for example while it is decoded. Leaves the stream of `feed` alone.

        Parameters
        ----------
        blocks : iterable of array_like [shape=(n,)]
            Mono samples at the model's rate; they are taken as the scorer has room for more windows.

        Yields
        ------
        WindowScore
            In order of time.
        """
        yield from self.scorer.score_all(self._windows(blocks))

    def feed(self, samples: ArrayLike) -> list[WindowScore]:
        """Take the next samples of the stream.

        Parameters
        ----------
        samples : array_like [shape=(n,)]
            Mono samples at the model's rate, any number of them.

        Returns
        -------
        list of WindowScore
            Scores of the windows that these samples complete.
        """
        return list(self.scorer.score_all(self._stream.feed(samples)))

    def finish(self) -> list[WindowScore]:
        """End the stream.

        Returns
        -------
        list of WindowScore
            The window that ends with the stream, if the regular ones did not reach its end.
        """
        return list(self.scorer.score_all(self._stream.finish()))

    def reset(self) -> None:
        """Forget the stream fed so far."""
        self._stream.reset()

    def _check_rate(self, track: Track) -> None:
        if track.sample_rate_hz != self.params.sample_rate_hz:
            raise ParameterError(
                f"{track.name} is at {track.sample_rate_hz} Hz; the model hears {self.params.sample_rate_hz} Hz. "
                "Load it with model.audio.decode.decode."
            )

    def _windows(self, blocks: Iterable[ArrayLike]) -> Iterator[Window]:
        windower = self._new_windower()
        for block in blocks:
            yield from windower.feed(block)
        yield from windower.finish()

    def _new_windower(self) -> Windower:
        return Windower(window_samples=self.params.window_samples, hop_samples=self.hop_samples)
