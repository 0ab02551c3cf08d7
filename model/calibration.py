"""Posteriors that mean what they say: temperature, and the rule for `unsure`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.posteriors import log_posteriors, normalised


def with_temperature(posteriors: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Soften (or sharpen) posteriors as if the logits had been divided by a temperature.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_windows, n_genres)], float32
        A softmax's output; rows sum to 1.
    temperature : float
        Above 1 softens. Fitted on the validation list (Guo et al., "On calibration of modern neural networks", 2017).

    Returns
    -------
    np.ndarray [shape=(n_windows, n_genres)], float32
        Rows sum to 1; none is below about 1e-7.

    Examples
    --------
    >>> posteriors = np.array([[0.9, 0.1]], np.float32)
    >>> with_temperature(posteriors, 2.0).round(2).tolist() == [[0.75, 0.25]]
    True
    """
    return np.asarray(normalised(log_posteriors(posteriors) / np.float32(temperature)), np.float32)


def spread_of(posteriors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measure how evenly posteriors are spread over the genres: their entropy, as a share of the largest there is.

    The entropy depends on all scores, not only on the best; the network has learnt to spread non-music evenly over all
    genres (`model/study/EXPERIMENTS.md` compares entropy and best score as rules).

    Parameters
    ----------
    posteriors : np.ndarray [shape=(..., n_genres)], float32
        Rows sum to 1.

    Returns
    -------
    np.ndarray [shape=(...,)], float32
        0 for a single genre, 1 for all alike (Shannon, "A mathematical theory of communication", 1948).

    Examples
    --------
    >>> [round(float(spread), 2) for spread in spread_of(np.array([[0.9, 0.1], [0.5, 0.5]], np.float32))]
    [0.47, 1.0]
    """
    logs = log_posteriors(posteriors)
    return np.asarray(-(posteriors * logs).sum(axis=-1) / np.log(max(posteriors.shape[-1], 2)), np.float32)


def is_unsure(posterior: NDArray[np.float32], largest_spread: float) -> bool:
    """Decide whether a window's posterior is spread too evenly to name a genre.

    Parameters
    ----------
    posterior : np.ndarray [shape=(n_genres,)], float32
        Calibrated posterior of one window.
    largest_spread : float
        From the card; on `spread_of`.

    Returns
    -------
    bool
        True where the network should not name a genre.

    Examples
    --------
    >>> is_unsure(np.array([0.5, 0.5], np.float32), largest_spread=0.8)
    True
    """
    return bool(spread_of(posterior) > largest_spread)
