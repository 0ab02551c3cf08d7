"""Metrics of the same network fitted with several seeds: each fit's, their mean and deviation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.study.evaluation.metrics import metrics_of

_KEPT: Final = {
    "track_accuracy": "track_accuracy",
    "window_accuracy": "window_accuracy",
    "window_log_loss": "window_log_loss",
    "expected_calibration_error": "expected_calibration_error_before_temperature",
}
_KEPT_OF_CLEAN: Final = ("track_accuracy", "window_accuracy")


def seed_metrics(
    posteriors: NDArray[np.float32], labels: NDArray[np.int64], genres: Sequence[str], artist_clean: Sequence[int]
) -> dict[str, float]:
    """Give the metrics of one fit.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Window posteriors, before any temperature, which moves no decision.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Genre of each track.
    genres : sequence of str
        In the order of the labels.
    artist_clean : sequence of int
        Rows whose artists are in no other list; none where that is not known.

    Returns
    -------
    dict of str to float
        Shares between 0 and 1, the log loss in nats.
    """
    found = metrics_of(posteriors, labels, genres)
    kept = {name: float(found[key]) for key, name in _KEPT.items()}
    if len(artist_clean):
        rows = list(artist_clean)
        clean = metrics_of(posteriors[rows], labels[rows], genres)
        kept |= {f"artist_clean_{key}": float(clean[key]) for key in _KEPT_OF_CLEAN}
    return kept


def mean_and_deviation(fits: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Give mean and deviation of every metric over the fits.

    Parameters
    ----------
    fits : sequence of mapping of str to float
        From `seed_metrics`; all with the same metrics. ``seed`` is left out.

    Returns
    -------
    dict
        ``mean``, and ``deviation`` (of a sample: divided by one less than the number of fits; 0 for a single fit).

    Raises
    ------
    ParameterError
        If there is no fit.
    """
    if not fits:
        raise ParameterError("There is no fit to take a mean of; give at least one seed.")
    names = [name for name in fits[0] if name != "seed"]
    values = np.array([[fit[name] for name in names] for fit in fits])
    deviation = values.std(axis=0, ddof=1) if len(fits) > 1 else np.zeros(len(names))
    return {
        "mean": dict(zip(names, values.mean(axis=0).tolist(), strict=True)),
        "deviation": dict(zip(names, deviation.tolist(), strict=True)),
    }
