"""Curves and scores of each genre, and confidence intervals.

Conventions: posteriors have shape (n, n_genres) and labels (n,), of windows or of tracks. A genre that has no positives
or no negatives has no curve; its values are None or NaN, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError

N_BINS: Final = 15


@dataclass(frozen=True, eq=False)
class Roc:
    """A receiver operating characteristic: one genre against the rest.

    Attributes
    ----------
    false_share : np.ndarray [shape=(n_points,)], float64
        Share of the other genres' items that are taken for this genre; rises from 0 to 1.
    true_share : np.ndarray [shape=(n_points,)], float64
        Share of the genre's items that are found.
    area : float
        Area below the curve: the chance that an item of the genre scores higher than one of another genre.
    """

    false_share: NDArray[np.float64]
    true_share: NDArray[np.float64]
    area: float

    def at(self, false_shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Read the curve at some shares of false positives, the upper value where it steps."""
        upper = np.searchsorted(self.false_share, false_shares, side="right") - 1
        on_curve = np.interp(false_shares, self.false_share, self.true_share)
        return np.asarray(np.maximum(on_curve, self.true_share[upper]), np.float64)


@dataclass(frozen=True)
class GenreScore:
    """How one genre fares.

    Attributes
    ----------
    precision : float or None
        Share right of the items called this genre; None where nothing was.
    recall : float or None
        Share found of the genre's items; None where there are none.
    f1 : float or None
        Harmonic mean of both.
    support : int
        Items of the genre.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int


def roc(scores: NDArray[np.floating[Any]], is_genre: NDArray[np.bool_]) -> Roc:
    """Draw up the curve of one genre against the rest.

    Parameters
    ----------
    scores : np.ndarray [shape=(n,)]
        Posterior of the genre.
    is_genre : np.ndarray [shape=(n,)], bool
        Which items truly are of the genre.

    Raises
    ------
    ParameterError
        If all items or none are of the genre.
    """
    n_true, n_false = int(is_genre.sum()), int((~is_genre).sum())
    if not n_true or not n_false:
        raise ParameterError(f"A ROC curve needs items of the genre and others; there are {n_true} and {n_false}.")
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    found = np.cumsum(is_genre[order])[last_of_tie]
    mistaken = np.cumsum(~is_genre[order])[last_of_tie]
    true_share = np.concatenate(([0.0], found / n_true))
    false_share = np.concatenate(([0.0], mistaken / n_false))
    return Roc(false_share, true_share, float(np.trapezoid(true_share, false_share)))


def genre_scores(counts: NDArray[np.int64]) -> list[GenreScore]:
    """Compute precision, recall and F1 from a confusion matrix.

    Parameters
    ----------
    counts : np.ndarray [shape=(n_genres, n_genres)], int64
        Row = true genre, column = predicted genre.

    Returns
    -------
    list of GenreScore
        One for each genre.
    """
    scores = []
    for genre, row in enumerate(counts):
        right, support, called = int(counts[genre, genre]), int(row.sum()), int(counts[:, genre].sum())
        precision = right / called if called else None
        recall = right / support if support else None
        f1 = 2 * right / (called + support) if called + support else None
        scores.append(GenreScore(precision, recall, f1, support))
    return scores


def reliability(
    posteriors: NDArray[np.floating[Any]], labels: NDArray[np.int64], *, n_bins: int = N_BINS
) -> list[dict[str, float | int]]:
    """Compare confidence and accuracy, bin by bin (the bins of `expected_calibration_error`).

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n, n_genres)]
        Posteriors.
    labels : np.ndarray [shape=(n,)], int64
        True genres.
    n_bins : int
        Equal bins of confidence between 0 and 1.

    Returns
    -------
    list of dict
        For each bin that holds something: ``low``, ``high``, ``count``, mean ``confidence``, ``accuracy``.
    """
    confidence = posteriors.max(axis=1)
    right = posteriors.argmax(axis=1) == labels
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    rows: list[dict[str, float | int]] = []
    for number in np.unique(bins):
        inside = bins == number
        rows.append(
            {
                "low": float(number / n_bins),
                "high": float((number + 1) / n_bins),
                "count": int(inside.sum()),
                "confidence": float(confidence[inside].mean()),
                "accuracy": float(right[inside].mean()),
            }
        )
    return rows


def interval_95(right: Sequence[bool] | NDArray[np.bool_], *, seed: int, n_draws: int = 2000) -> tuple[float, float]:
    """Estimate how far an accuracy could lie off by the choice of tracks alone (bootstrap, percentiles).

    Parameters
    ----------
    right : sequence of bool
        Whether each track was classified correctly.
    seed : int
        Of the draws.
    n_draws : int
        Resampled lists.

    Returns
    -------
    tuple of float
        Bounds of the 95 % interval.
    """
    values = np.asarray(right, np.float64)
    if not len(values):
        raise ParameterError("An interval needs at least one track; there are none.")
    draws = np.random.default_rng(seed).integers(0, len(values), (n_draws, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)
