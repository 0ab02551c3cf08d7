"""Scores windows: level, features, network, state. Pure: a window's score depends on its own samples only."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.calibration import is_unsure
from model.classifier import Classifier
from model.errors import ExplanationError
from model.features import LogMel
from model.front_end import front_end
from model.level import is_silence, rms_dbfs
from model.windows import Window

if TYPE_CHECKING:  # loaded when they are first asked for: whoever only scores starts sooner
    from model.atlas import Atlas
    from model.explain import Explainer, Explanation


class State(StrEnum):
    """What a window or a track holds."""

    MUSIC = "music"
    SILENCE = "silence"
    UNSURE = "unsure"


@dataclass(frozen=True, eq=False)
class WindowScore:
    """What the network hears in one window.

    Attributes
    ----------
    index : int
        Number of the window, from 0.
    start_sample, end_sample : int
        Its place in the track, at the model's rate.
    probabilities : np.ndarray [shape=(n_genres,)], float32
        Calibrated posterior; uniform for silence, which says nothing about genre.
    state : State
        Whether the posterior may be read as a genre at all.
    level_dbfs : float
        Level of the window.
    """

    index: int
    start_sample: int
    end_sample: int
    probabilities: NDArray[np.float32]
    state: State
    level_dbfs: float


class Scorer:
    """Scores windows side by side on all cores, and gives the scores in order.

    Parameters
    ----------
    classifier : Classifier
        The network.
    n_workers : int, optional
        Threads; one a core by default.
    """

    def __init__(self, classifier: Classifier, *, n_workers: int | None = None) -> None:
        self.classifier = classifier
        self.log_mel = LogMel(classifier.card.params)
        self._front_end = front_end(classifier.card.params)
        self._n_workers = n_workers or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._n_workers, thread_name_prefix="scorer")

    def score(self, window: Window) -> WindowScore:
        """Score one window.

        Parameters
        ----------
        window : Window
            The sound.

        Returns
        -------
        WindowScore
            Its posterior, state and level.
        """
        card = self.classifier.card
        level_dbfs = rms_dbfs(window.samples)
        if is_silence(level_dbfs):
            state = State.SILENCE
            probabilities = np.full(len(card.genres), 1 / len(card.genres), np.float32)
        else:
            probabilities = self.classifier.posteriors(self._front_end(window.samples)[np.newaxis])[0]
            state = State.UNSURE if is_unsure(probabilities, card.largest_spread) else State.MUSIC
        return WindowScore(window.index, window.start_sample, window.end_sample, probabilities, state, level_dbfs)

    def explain(self, window: Window, genre: str | None = None) -> Explanation:
        """Tell what in a window speaks for a genre and what against it.

        Parameters
        ----------
        window : Window
            The sound.
        genre : str, optional
            The genre to ask about; the window's leading one by default.

        Returns
        -------
        Explanation
            Of the score that `score` gives.

        Raises
        ------
        ExplanationError
            If the window is silence, or the model has no explainer.
        ParameterError
            If the genre is none of the model's.
        """
        if is_silence(rms_dbfs(window.samples)):
            raise ExplanationError(
                f"Window {window.index} is silence, in which there is nothing to explain; ask about another."
            )
        return self.explainer.explain(self.log_mel(window.samples), genre)

    def embed(self, window: Window) -> NDArray[np.float32] | None:
        """Give the network's last description of a window before it decides; None for silence.

        Parameters
        ----------
        window : Window
            The sound.

        Returns
        -------
        np.ndarray [shape=(n_units,)], float32, or None
            512 numbers in the shipped network, not negative.

        Raises
        ------
        ExplanationError
            If the model has no explainer, which gives it.
        """
        if is_silence(rms_dbfs(window.samples)):
            return None
        return self.explainer.embed(self.log_mel(window.samples))

    @cached_property
    def atlas(self) -> Atlas:
        """The map of known tracks, loaded when it is first asked for; raises `MapError` where there is none."""
        from model.atlas import read_atlas

        return read_atlas(self.classifier.folder, self.classifier.card)

    @cached_property
    def explainer(self) -> Explainer:
        """The network's other half, loaded when it is first asked why."""
        from model.explain import Explainer

        return Explainer(self.classifier.folder)

    def score_all(self, windows: Iterable[Window]) -> Iterator[WindowScore]:
        """Score windows as they come, a few ahead of the reader.

        Only a few windows are under way for each caller, so that several callers share the threads fairly and a
        caller that stops reading costs nothing more.

        Parameters
        ----------
        windows : iterable of Window
            In order of time.

        Yields
        ------
        WindowScore
            In the same order.
        """
        under_way: deque[Future[WindowScore]] = deque()
        try:
            for window in windows:
                under_way.append(self._threads.submit(self.score, window))
                if len(under_way) > 2 * self._n_workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)
