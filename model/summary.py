"""The posterior of a track, so far and whole, from the posteriors of its windows.

Two answers to two questions. *Which genre is this track?* The product rule (`model.posteriors.product_rule`), window by
window. *How much of it is what?* The share of the time: the plain mean of the posteriors. Silence is left out of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.posteriors import log_posteriors, normalised
from model.scorer import State, WindowScore


@dataclass(frozen=True, eq=False)
class Summary:
    """What the network hears in a track, or in the part of it heard so far.

    Attributes
    ----------
    probabilities : np.ndarray [shape=(n_genres,)], float32
        Posterior of the track as one piece; uniform where everything was silence.
    share : np.ndarray [shape=(n_genres,)], float32
        Mean of the windows' posteriors: how much of the time each genre was heard. Sums to 1; zeros where everything
        was silence.
    state : State
        `silence` if no window held sound, `unsure` if most windows with sound were, else `music`.
    n_windows : int
        Windows counted.
    n_silent : int
        Of these, silent.
    """

    probabilities: NDArray[np.float32]
    share: NDArray[np.float32]
    state: State
    n_windows: int
    n_silent: int


class RunningSummary:
    """Summarises windows as they come.

    Parameters
    ----------
    n_genres : int
        Length of a posterior.
    """

    def __init__(self, n_genres: int) -> None:
        self._log_sum = np.zeros(n_genres)
        self._sum = np.zeros(n_genres)
        self._n = dict.fromkeys(State, 0)

    def add(self, score: WindowScore) -> Summary:
        """Add one more window.

        Parameters
        ----------
        score : WindowScore
            The next window of the track.

        Returns
        -------
        Summary
            Of the track so far.
        """
        self._n[score.state] += 1
        if score.state is not State.SILENCE:
            self._log_sum += log_posteriors(score.probabilities)
            self._sum += score.probabilities
        return self.summary

    @property
    def summary(self) -> Summary:
        """Summary of the windows so far."""
        n_windows = sum(self._n.values())
        n_silent = self._n[State.SILENCE]
        n_heard = n_windows - n_silent
        posterior = normalised(self._log_sum / max(n_heard, 1)).astype(np.float32)
        share = (self._sum / max(n_heard, 1)).astype(np.float32)
        if not n_heard:
            state = State.SILENCE
        else:
            state = State.UNSURE if 2 * self._n[State.UNSURE] > n_heard else State.MUSIC
        return Summary(posterior, share, state, n_windows, n_silent)


def summarize(scores: Iterable[WindowScore], n_genres: int) -> Summary:
    """Summarise a whole track.

    Parameters
    ----------
    scores : iterable of WindowScore
        Its windows.
    n_genres : int
        Length of a posterior.

    Returns
    -------
    Summary
        Of the whole.

    Examples
    --------
    >>> scores = [
    ...     WindowScore(0, 0, 66_150, np.array([0.6, 0.4], np.float32), State.MUSIC, -20.0),
    ...     WindowScore(1, 66_150, 132_300, np.array([0.1, 0.9], np.float32), State.MUSIC, -20.0),
    ... ]
    >>> summary = summarize(scores, n_genres=2)
    >>> summary.probabilities.round(2).tolist() == np.array([0.29, 0.71], np.float32).tolist()
    True
    >>> summary.share.round(2).tolist() == np.array([0.35, 0.65], np.float32).tolist()
    True
    >>> str(summary.state)
    'music'
    """
    running = RunningSummary(n_genres)
    for score in scores:
        running.add(score)
    return running.summary
