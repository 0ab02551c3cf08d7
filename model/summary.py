"""The posterior of a track, so far and whole, from the posteriors of its windows.

The product rule (`model.posteriors.product_rule`), window by window. Silence is left out.
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
        Posterior; uniform where everything was silence.
    state : State
        `silence` if no window held sound, `unsure` if most windows with sound were, else `music`.
    n_windows : int
        Windows heard.
    n_silent : int
        Of these, silent.
    """

    probabilities: NDArray[np.float32]
    state: State
    n_windows: int
    n_silent: int


class RunningSummary:
    """Sums up the windows as they come.

    Parameters
    ----------
    n_genres : int
        Length of a posterior.
    """

    def __init__(self, n_genres: int) -> None:
        self._log_sum = np.zeros(n_genres)
        self._n = dict.fromkeys(State, 0)

    def add(self, score: WindowScore) -> Summary:
        """Hear one more window.

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
        return self.summary

    @property
    def summary(self) -> Summary:
        """Summary of the windows so far."""
        n_windows = sum(self._n.values())
        n_silent = self._n[State.SILENCE]
        n_heard = n_windows - n_silent
        posterior = normalised(self._log_sum / max(n_heard, 1))
        if not n_heard:
            state = State.SILENCE
        else:
            state = State.UNSURE if 2 * self._n[State.UNSURE] > n_heard else State.MUSIC
        return Summary(posterior.astype(np.float32), state, n_windows, n_silent)


def summarize(scores: Iterable[WindowScore], n_genres: int) -> Summary:
    """Sum up a whole track.

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
    """
    running = RunningSummary(n_genres)
    for score in scores:
        running.add(score)
    return running.summary
