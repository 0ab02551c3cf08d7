"""From the bytes of GTZAN's feature cache back to decibels.

The cache stretches each clip's log-mel to the full range of a byte, from the clip's own minimum to its maximum. Where
the spectrogram was cut 80 dB below its maximum that range is 80 dB; in about one clip of four the quietest cell lies
higher, the range is smaller, and the bytes do not tell it. Read as 80 dB, such clips have more contrast than their
sound, and a network learns that in place of music. The published table of hand-made features has the mean MFCCs of the
same clips in decibels; the DCT is linear, so the ratio of the two is the range.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from model.study.datasets.features_table import load_table

TOP_DB: Final = 80.0
CUT_CELLS: Final = 4
_COEFFICIENTS: Final = range(1, 20)  # the 0th holds the absolute level, which the cache has lost


def range_db(stored: NDArray[np.uint8], mfcc_means: NDArray[np.float64]) -> float:
    """Recover how many decibels a clip's bytes span.

    Parameters
    ----------
    stored : np.ndarray [shape=(n_mels, n_columns)], uint8
        The clip's log-mel, 0 at its minimum and 255 at its maximum.
    mfcc_means : np.ndarray [shape=(19,)]
        Means over the clip of its MFCCs 1 to 19, counted from 0, as librosa gives them by default.

    Returns
    -------
    float
        dB from the clip's minimum to its maximum, at most 80. 80 where at least 4 cells lie at the minimum, which shows
        that the spectrogram was cut there; else the slope of the least-squares line through the origin that takes the
        DCT of the mean column to the MFCCs. On real audio that is right within 0.7 dB.
    """
    if np.count_nonzero(stored == 0) >= CUT_CELLS:
        return TOP_DB
    cepstrum = dct(stored.mean(axis=1) / 255, norm="ortho")[_COEFFICIENTS]
    return float(min(cepstrum @ mfcc_means / (cepstrum @ cepstrum), TOP_DB))


@cache
def load_mfcc_means(home: Path) -> dict[str, NDArray[np.float64]]:
    """Read each track's mean MFCCs from the table of hand-made features.

    Parameters
    ----------
    home : Path
        GTZAN's folder.

    Returns
    -------
    dict of str to np.ndarray [shape=(19,)]
        Track name to the means of its MFCCs 1 to 19, counted from 0.

    Raises
    ------
    DatasetError
        If the table is missing, lacks a column or holds what is no number.
    """
    table = load_table(home, tuple(f"mfcc{number + 1}_mean" for number in _COEFFICIENTS))
    return {track: table.values[row] for track, row in table.rows.items()}


def to_decibels(stored: NDArray[np.uint8], span_db: float) -> NDArray[np.float32]:
    """Turn a clip's bytes into decibels below its maximum.

    Parameters
    ----------
    stored : np.ndarray [shape=(n_mels, n_columns)], uint8
        The clip's log-mel.
    span_db : float
        What `range_db` found.

    Returns
    -------
    np.ndarray [shape=(n_columns, n_mels)], float32
        dB in [-span_db, 0].
    """
    return np.asarray((stored.T.astype(np.float32) / np.float32(255) - np.float32(1)) * np.float32(span_db))
