"""Ways to combine the windows of a track into one posterior, compared; accuracy against listening time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.posteriors import SMALLEST_POSTERIOR, log_loss, log_posteriors, normalised, product_rule
from model.study.evaluation.metrics import expected_calibration_error

Posteriors = NDArray[np.float64]

HALF_LIFE_WINDOWS: Final = 2.0
STAYS: Final = 0.95


def mean(windows: Posteriors) -> Posteriors:
    """Average the posteriors. Shape (n_tracks, n_windows, n_genres) in, (n_tracks, n_genres) out, as for all."""
    return np.asarray(windows.mean(axis=1))


def vote(windows: Posteriors) -> Posteriors:
    """Count for each genre the windows it leads; the mean posterior decides between equals."""
    n_genres = windows.shape[-1]
    votes = np.eye(n_genres)[windows.argmax(axis=-1)].mean(axis=1)
    return np.asarray(0.999 * votes + 0.001 * windows.mean(axis=1))


def smoothed(windows: Posteriors) -> Posteriors:
    """Smooth the logarithms exponentially, with a half-life of two windows, and take the last value."""
    keep = 0.5 ** (1 / HALF_LIFE_WINDOWS)
    logs = log_posteriors(windows)
    state = logs[:, 0]
    for index in range(1, logs.shape[1]):
        state = keep * state + (1 - keep) * logs[:, index]
    return normalised(state)


def markov(windows: Posteriors) -> Posteriors:
    """Filter with a hidden Markov model whose genre stays with 0.95 from window to window; take the last state.

    The posteriors serve as likelihoods, the genres being equally frequent beforehand (Rabiner, "A tutorial on hidden
    Markov models", 1989).
    """
    n_genres = windows.shape[-1]
    move = (1 - STAYS) / (n_genres - 1)
    state = windows[:, 0]
    for index in range(1, windows.shape[1]):
        expected = (STAYS - move) * state + move
        state = expected * np.maximum(windows[:, index], SMALLEST_POSTERIOR)
        state = state / state.sum(axis=-1, keepdims=True)
    return np.asarray(state)


SUMMARIES: Final[dict[str, tuple[str, Callable[[Posteriors], Posteriors]]]] = {
    "mean_log": ("mean of the log posteriors", product_rule),
    "mean": ("mean of the posteriors", mean),
    "vote": ("vote of the windows", vote),
    "smoothed": ("exponential smoothing, last value (half-life 6 s)", smoothed),
    "markov": ("hidden Markov filter, last state (stays with 0.95)", markov),
}


def compare_summaries(windows: Posteriors, labels: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Score each way of summing up whole tracks.

    Parameters
    ----------
    windows : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float64
        Calibrated window posteriors.
    labels : np.ndarray [shape=(n_tracks,)], int64
        True genres.

    Returns
    -------
    list of dict
        ``name``, ``title``, ``track_accuracy``, ``expected_calibration_error``, ``log_loss`` of the track posteriors.
    """
    rows = []
    for name, (title, summarize) in SUMMARIES.items():
        tracks = summarize(windows)
        rows.append(
            {
                "name": name,
                "title": title,
                "track_accuracy": float((tracks.argmax(axis=1) == labels).mean()),
                "expected_calibration_error": expected_calibration_error(tracks, labels),
                "log_loss": log_loss(tracks, labels),
            }
        )
    return rows


def listening_curve(
    windows: Posteriors, labels: NDArray[np.int64], *, window_seconds: float
) -> list[dict[str, float | int]]:
    """Measure accuracy against listening time, over every run of successive windows of that length.

    Parameters
    ----------
    windows : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float64
        Calibrated posteriors of windows that follow each other.
    labels : np.ndarray [shape=(n_tracks,)], int64
        True genres.
    window_seconds : float
        Length of a window.

    Returns
    -------
    list of dict
        ``seconds`` and the accuracy of each summary after so long.
    """
    n_windows = windows.shape[1]
    rows: list[dict[str, float | int]] = []
    for length in range(1, n_windows + 1):
        row: dict[str, float | int] = {"seconds": length * window_seconds}
        for name, (_, summarize) in SUMMARIES.items():
            decided = [
                summarize(windows[:, first : first + length]).argmax(axis=1) == labels
                for first in range(n_windows - length + 1)
            ]
            row[name] = float(np.mean(decided))
        rows.append(row)
    return rows
