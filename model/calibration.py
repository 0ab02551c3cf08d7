"""Posteriors that mean what they say: temperature, and the rule for `unsure`."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SMALLEST_POSTERIOR: Final = 1e-7


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
    """
    logits = np.log(np.maximum(posteriors, np.float32(SMALLEST_POSTERIOR))) / np.float32(temperature)
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)


def spread_of(posteriors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell how evenly posteriors are spread over the genres: their entropy, as a share of the largest there is.

    The entropy looks at all scores where the best score alone would be one of them; the network has learnt to spread
    what is no music evenly over all (`model/study/EXPERIMENTS.md` compares the two).

    Parameters
    ----------
    posteriors : np.ndarray [shape=(..., n_genres)], float32
        Rows sum to 1.

    Returns
    -------
    np.ndarray [shape=(...,)], float32
        0 for a single genre, 1 for all alike (Shannon, "A mathematical theory of communication", 1948).
    """
    logs = np.log(np.maximum(posteriors, np.float32(SMALLEST_POSTERIOR)))
    return np.asarray(-(posteriors * logs).sum(axis=-1) / np.log(max(posteriors.shape[-1], 2)), np.float32)


def is_unsure(posterior: NDArray[np.float32], largest_spread: float) -> bool:
    """Tell whether a window's posterior is spread too evenly to name a genre.

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
    """
    return bool(spread_of(posterior) > largest_spread)
