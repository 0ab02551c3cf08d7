"""Changing the tempo of a sound without its pitch, and its pitch without its tempo.

By overlapping pieces of the sound where they fit best (WSOLA: Verhelst and Roelands, "An overlap-add technique based on
waveform similarity for high quality time-scale modification of speech", 1993), as audio players and editors do.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

from model.errors import ParameterError

_PIECE: Final = 2048
_HOP: Final = _PIECE // 2
_REACH: Final = 512  # how far a piece may be moved so that it fits, in samples (23 ms)
_FAINT: Final = 1e-6  # energy of a piece that may count as nothing
_SLOWEST: Final = 0.25
_FASTEST: Final = 4.0


def change_tempo(samples: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Play a sound faster or slower at the same pitch.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        The sound, at least 2048 samples.
    rate : float
        0.25 to 4; above 1 is faster and shorter.

    Returns
    -------
    np.ndarray [shape=(about n_samples / rate,)], float32
        The changed sound.

    Raises
    ------
    ParameterError
        If the rate is out of range or the sound is too short.
    """
    if not _SLOWEST <= rate <= _FASTEST:
        raise ParameterError(f"A tempo of {rate} times is out of range; use {_SLOWEST} to {_FASTEST}.")
    if len(samples) < _PIECE:
        raise ParameterError(f"A sound of {len(samples)} samples is too short to change; use at least {_PIECE}.")
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_PIECE) / _PIECE)).astype(np.float32)
    n_samples = round(len(samples) / rate)
    sound = np.zeros(n_samples + 2 * _PIECE, np.float32)
    padded = np.pad(samples, (_HOP + _REACH, 3 * _PIECE + _REACH))
    place = _REACH
    for start in range(0, n_samples + _HOP, _HOP):
        if start:
            expected = min(_REACH + round(start * rate), len(samples) + _HOP + _REACH)
            place = _best_place(padded, expected, follows=place + _HOP)
        sound[start : start + _PIECE] += hann * padded[place : place + _PIECE]
    return sound[_HOP : _HOP + n_samples]


def change_pitch(samples: NDArray[np.float32], semitones: float) -> NDArray[np.float32]:
    """Play a sound higher or lower at the same tempo.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        The sound, at least 2048 samples.
    semitones : float
        -24 to 24; above 0 is higher.

    Returns
    -------
    np.ndarray [shape=(n_samples,)], float32
        The changed sound.
    """
    ratio = 2 ** (semitones / 12)
    slower = change_tempo(samples, 1 / ratio)
    shifted = soxr.resample(slower, ratio, 1.0)[: len(samples)]
    return np.asarray(np.pad(shifted, (0, len(samples) - len(shifted))), np.float32)


def _best_place(sound: NDArray[np.float32], expected: int, *, follows: int) -> int:
    """Find, around the place expected, the piece most like the one that would follow naturally."""
    natural = sound[follows : follows + _PIECE]
    region = sound[expected - _REACH : expected + _REACH + _PIECE]
    n_fft = 2 * _PIECE
    spectrum = np.fft.rfft(region, n_fft) * np.conj(np.fft.rfft(natural, n_fft))
    likeness = np.fft.irfft(spectrum, n_fft)[: 2 * _REACH + 1]
    energy_before = np.concatenate(([0.0], np.cumsum(np.square(region), dtype=np.float64)))
    energy = energy_before[_PIECE:] - energy_before[:-_PIECE]
    return expected - _REACH + int((likeness / np.sqrt(energy + _FAINT)).argmax())
