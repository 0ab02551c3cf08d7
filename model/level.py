"""How loud a window is, and whether it is silence."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS: Final = -60.0
LOWEST_DBFS: Final = -160.0


def rms_dbfs(samples: NDArray[np.float32]) -> float:
    """Measure the root-mean-square level of a window.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        The sound; full scale is -1 to 1.

    Returns
    -------
    float
        Level in dB relative to full scale (a constant 1.0 is 0 dBFS), not below -160.

    Examples
    --------
    >>> round(rms_dbfs(np.full(66_150, 0.1, np.float32)), 2)
    -20.0
    >>> is_silence(rms_dbfs(np.zeros(66_150, np.float32)))
    True
    """
    mean_square = float(np.mean(np.square(samples), dtype=np.float64))
    return max(LOWEST_DBFS, 10 * float(np.log10(max(mean_square, 1e-30))))


def is_silence(level_dbfs: float) -> bool:
    """Decide whether a level counts as silence: below `SILENCE_DBFS`."""
    return level_dbfs < SILENCE_DBFS
