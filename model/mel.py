"""The Slaney mel scale, that of librosa: linear below 1 kHz, logarithmic above."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_HZ_PER_MEL: Final = 200 / 3
_LOG_FROM_HZ: Final = 1000.0
_LOG_FROM_MEL: Final = _LOG_FROM_HZ / _HZ_PER_MEL
_LOG_STEP: Final = np.log(6.4) / 27


def hz_to_mel(hz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Convert Hz to mel.

    Examples
    --------
    >>> hz_to_mel(np.array([0.0, 1000.0, 6400.0]))
    array([ 0., 15., 42.])
    """
    logarithmic = _LOG_FROM_MEL + np.log(np.maximum(hz, 1e-3) / _LOG_FROM_HZ) / _LOG_STEP
    return np.asarray(np.where(hz >= _LOG_FROM_HZ, logarithmic, hz / _HZ_PER_MEL))


def mel_to_hz(mels: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Convert mel to Hz."""
    logarithmic = _LOG_FROM_HZ * np.exp(_LOG_STEP * (mels - _LOG_FROM_MEL))
    return np.asarray(np.where(mels >= _LOG_FROM_MEL, logarithmic, mels * _HZ_PER_MEL))


def band_centres_hz(n_mels: int, sample_rate_hz: int) -> NDArray[np.float64]:
    """Give the centre frequencies of mel bands that cover 0 Hz to half the sample rate.

    Parameters
    ----------
    n_mels : int
        Number of bands.
    sample_rate_hz : int
        Sample rate in Hz.

    Returns
    -------
    np.ndarray [shape=(n_mels,)], float64
        Hz, rising.

    Examples
    --------
    >>> band_centres_hz(128, 22_050)[[0, 127]].round(1)
    array([   25.8, 10735.6])
    """
    return mel_to_hz(np.linspace(0, hz_to_mel(np.array(sample_rate_hz / 2)), n_mels + 2)[1:-1])
