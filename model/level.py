"""How loud a window is, and whether it is silence. A constant offset is no sound: it counts for nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS: Final = -60.0
LOWEST_DBFS: Final = -160.0


def rms_dbfs(samples: NDArray[np.float32]) -> float:
    """Measure the root-mean-square level of a window, about its mean.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        The sound; full scale is -1 to 1.

    Returns
    -------
    float
        Level in dB relative to full scale (a square wave from -1 to 1 is 0 dBFS), not below -160.

    Examples
    --------
    >>> round(rms_dbfs(np.tile(np.float32([0.1, -0.1]), 33_075)), 2)
    -20.0
    >>> is_silence(rms_dbfs(np.zeros(66_150, np.float32)))
    True
    """
    mean_square = float(np.mean(np.square(samples), dtype=np.float64))
    variance = mean_square - float(np.mean(samples, dtype=np.float64)) ** 2
    return max(LOWEST_DBFS, 10 * float(np.log10(max(variance, 1e-30))))


def is_silence(level_dbfs: float) -> bool:
    """Decide whether a level counts as silence: below `SILENCE_DBFS`."""
    return level_dbfs < SILENCE_DBFS
