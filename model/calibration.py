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


def is_unsure(posterior: NDArray[np.float32], threshold: float) -> bool:
    """Tell whether a window's largest calibrated posterior lies below the threshold.

    Parameters
    ----------
    posterior : np.ndarray [shape=(n_genres,)], float32
        Calibrated posterior of one window.
    threshold : float
        From the card.

    Returns
    -------
    bool
        True where the network should not name a genre.
    """
    return bool(posterior.max() < threshold)
