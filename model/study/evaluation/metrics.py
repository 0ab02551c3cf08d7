"""Metrics of window posteriors, by window and by track.

Conventions: posteriors have shape (n_tracks, n_windows, n_genres) and sum to 1 over genres, labels index genres, and a
track's posterior is the product of its windows' (`model.posteriors.product_rule`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.posteriors import log_loss, product_rule


def expected_calibration_error(
    posteriors: NDArray[np.floating[Any]], labels: NDArray[np.int64], *, n_bins: int = 15
) -> float:
    """Measure how far confidence and accuracy lie apart (Guo et al., "On Calibration of Modern Neural Networks", 2017).

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n, n_genres)]
        Posteriors of windows or tracks.
    labels : np.ndarray [shape=(n,)], int64
        True genres.
    n_bins : int
        Equal bins of confidence between 0 and 1.

    Returns
    -------
    float
        Mean absolute gap weighted by the bins' counts, 0 to 1.
    """
    _check(posteriors, labels)
    confidence = posteriors.max(axis=1)
    right = posteriors.argmax(axis=1) == labels
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gap = sum(abs(float((right[bins == b] - confidence[bins == b]).sum())) for b in range(n_bins))
    return gap / len(labels)


def confusion_counts(predicted: NDArray[np.int64], labels: NDArray[np.int64], n_genres: int) -> NDArray[np.int64]:
    """Count decisions: row = true genre, column = predicted genre.

    Parameters
    ----------
    predicted, labels : np.ndarray [shape=(n,)], int64
        Decisions and truths.
    n_genres : int
        Number of genres.

    Returns
    -------
    np.ndarray [shape=(n_genres, n_genres)], int64
        The counts.
    """
    counts = np.zeros((n_genres, n_genres), np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def metrics_of(posteriors: NDArray[np.float32], labels: NDArray[np.int64], genres: Sequence[str]) -> dict[str, Any]:
    """Gather the metrics that a card states.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Calibrated window posteriors.
    labels : np.ndarray [shape=(n_tracks,)], int64
        True genres of the tracks.
    genres : sequence of str
        Names in the order of the outputs.

    Returns
    -------
    dict
        Plain numbers, ready for JSON; accuracies and errors are shares between 0 and 1.
    """
    n_tracks, n_windows, n_genres = posteriors.shape
    flat, window_labels = posteriors.reshape(-1, n_genres), np.repeat(labels, n_windows)
    tracks = product_rule(posteriors)
    decided = tracks.argmax(axis=1)
    counts = confusion_counts(decided, labels, n_genres)
    return {
        "track_accuracy": float((decided == labels).mean()),
        "window_accuracy": float((flat.argmax(axis=1) == window_labels).mean()),
        "expected_calibration_error": expected_calibration_error(flat, window_labels),
        "window_log_loss": log_loss(flat, window_labels),
        "n_tracks": n_tracks,
        "n_windows": n_tracks * n_windows,
        "recall": {
            genre: float(counts[g, g] / counts[g].sum()) if counts[g].sum() else None for g, genre in enumerate(genres)
        },
        "confusion": counts.tolist(),
    }


def _check(posteriors: NDArray[np.floating[Any]], labels: NDArray[np.int64]) -> None:
    if posteriors.ndim != 2 or labels.shape != posteriors.shape[:1] or not len(labels):
        raise ParameterError(
            f"Posteriors of shape {posteriors.shape} and labels of shape {labels.shape} do not belong together; "
            "expected (n, n_genres) and (n,) with n at least 1."
        )
