"""Fitting what makes posteriors mean what they say: the temperature, and the rule of `unsure`.

Both are fitted on the validation list and stored in the card; `model.calibration` applies them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.calibration import spread_of, with_temperature
from model.errors import TrainingError
from model.posteriors import log_loss

MUSIC_FLAGGED: Final = 0.05


def fit_temperature(posteriors: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Find the temperature with the lowest mean log loss (Guo et al., 2017).

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_windows, n_genres)], float32
        The network's softmax on validation windows.
    labels : np.ndarray [shape=(n_windows,)], int64
        Their genres.

    Returns
    -------
    float
        Between 0.2 and 5, to two per cent.

    Raises
    ------
    TrainingError
        If there are no windows.
    """
    if not len(labels):
        raise TrainingError("No validation windows to fit the temperature on; put tracks into the validation list.")
    candidates = np.geomspace(0.2, 5.0, 163)
    return float(min(candidates, key=lambda candidate: log_loss(with_temperature(posteriors, candidate), labels)))


def fit_largest_spread(posteriors: NDArray[np.float32], *, music_flagged: float = MUSIC_FLAGGED) -> float:
    """Set the largest spread of a sure posterior so that a given share of validation music lies above it.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_windows, n_genres)], float32
        Calibrated posteriors of validation windows; all are music.
    music_flagged : float
        Share of music windows that may be called unsure, 0 to 1.

    Returns
    -------
    float
        On `model.calibration.spread_of`.

    Raises
    ------
    TrainingError
        If there are no windows.
    """
    if not len(posteriors):
        raise TrainingError(
            "No validation windows to fit the rule of `unsure` on; put tracks into the validation list."
        )
    return float(np.quantile(spread_of(posteriors), 1 - music_flagged))
