"""Cepstra: the cosine transform of log-mel, which several of the older systems start from.

librosa's MFCCs are the orthonormal DCT-II of a log-mel in dB. The transform is linear, so a log-mel whose level is
relative to its own maximum gives the same coefficients but for the 0th, which then holds the mean level below that
maximum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from model.errors import ParameterError


def cepstra(log_mel_db: NDArray[np.floating[Any]], n_coefficients: int) -> NDArray[np.float32]:
    """Transform log-mel columns.

    Parameters
    ----------
    log_mel_db : np.ndarray [shape=(..., n_columns, n_mels)]
        Levels in dB.
    n_coefficients : int
        How many of the lowest coefficients to keep, the 0th included.

    Returns
    -------
    np.ndarray [shape=(..., n_columns, n_coefficients)], float32
        The coefficients, of dB.

    Raises
    ------
    ParameterError
        If there are fewer bands than coefficients.
    """
    return np.asarray(log_mel_db @ cosine_matrix(log_mel_db.shape[-1], n_coefficients), np.float32)


def cosine_matrix(n_mels: int, n_coefficients: int) -> NDArray[np.float32]:
    """Give the transform as a matrix, for use as a layer's weights.

    Parameters
    ----------
    n_mels : int
        Bands.
    n_coefficients : int
        Coefficients.

    Returns
    -------
    np.ndarray [shape=(n_mels, n_coefficients)], float32
        Column k holds the k-th cosine.

    Raises
    ------
    ParameterError
        If `n_coefficients` is not from 1 to `n_mels`.
    """
    if not 1 <= n_coefficients <= n_mels:
        raise ParameterError(f"{n_coefficients} cepstra of {n_mels} bands are not possible; use 1 to {n_mels}.")
    return np.asarray(dct(np.eye(n_mels), axis=1, norm="ortho")[:, :n_coefficients], np.float32)
