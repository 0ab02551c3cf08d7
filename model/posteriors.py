"""Arithmetic of posteriors: their logarithms with one floor, the product rule, the log loss."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

SMALLEST_POSTERIOR: Final = 1e-7

Floats = TypeVar("Floats", bound=NDArray[np.floating[Any]])


def log_posteriors(posteriors: Floats) -> Floats:
    """Take the logarithm of each posterior; one below 1e-7 counts as 1e-7, so that no window can veto for good."""
    smallest = posteriors.dtype.type(SMALLEST_POSTERIOR)
    logs: Floats = np.log(np.maximum(posteriors, smallest))
    return logs


def normalised(logs: Floats) -> Floats:
    """Turn logarithms into posteriors: a softmax over the last axis.

    Examples
    --------
    >>> normalised(np.log([1.0, 1.0, 2.0])).round(3)
    array([0.25, 0.25, 0.5 ])
    """
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    posteriors: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return posteriors


def product_rule(posteriors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Combine the windows of tracks: the mean of their log posteriors, normalised.

    The product rule of Kittler et al., "On combining classifiers", 1998: a window that rules a genre out counts for
    more than one that merely prefers another.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(..., n_windows, n_genres)]
        Window posteriors.

    Returns
    -------
    np.ndarray [shape=(..., n_genres)], float64
        Track posteriors; rows sum to 1.

    Examples
    --------
    >>> product_rule(np.array([[0.6, 0.4], [0.001, 0.999]])).round(3)
    array([0.037, 0.963])
    """
    return np.asarray(normalised(log_posteriors(np.asarray(posteriors, np.float64)).mean(axis=-2)))


def log_loss(posteriors: NDArray[np.floating[Any]], labels: NDArray[np.int64]) -> float:
    """Give the mean of minus the log posterior of the true genre, in nats.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n, n_genres)]
        Posteriors of windows or tracks.
    labels : np.ndarray [shape=(n,)], int64
        True genres.

    Examples
    --------
    >>> round(log_loss(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([0, 0])), 4)
    0.3466
    """
    return float(-log_posteriors(posteriors[np.arange(len(labels)), labels]).mean())
