"""The core: one way from sound to scores, for a whole track and for a stream.

``analyze(track)`` and ``feed(chunk)`` / ``finish()`` share the windower and the scorer, so any chunking of a stream
gives exactly the windows and the scores of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from numpy.typing import ArrayLike

from model.audio.track import Track
from model.errors import ParameterError
from model.scorer import Scorer, WindowScore
from model.windows import LIVE_HOP_SECONDS, Window, Windower, hop_from_seconds


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
        if track.sample_rate_hz != self.params.sample_rate_hz:
            raise ParameterError(
                f"{track.name} is at {track.sample_rate_hz} Hz; the model hears {self.params.sample_rate_hz} Hz. "
                "Load it with model.audio.decode.decode."
            )
        yield from self.analyze_blocks([track.samples])

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
        """Forget the stream heard so far."""
        self._stream.reset()

    def _windows(self, blocks: Iterable[ArrayLike]) -> Iterator[Window]:
        windower = self._new_windower()
        for block in blocks:
            yield from windower.feed(block)
        yield from windower.finish()

    def _new_windower(self) -> Windower:
        return Windower(window_samples=self.params.window_samples, hop_samples=self.hop_samples)
