"""The tempo of a stretch of sound: how far apart onsets repeat, with a leaning towards 120 beats per minute.

Ellis, "Beat tracking by dynamic programming", 2007; autocorrelation of the onsets' strength in frames of 8 s (Grosche,
Müller and Kurth, "Cyclic tempogram", 2010), as librosa's ``feature.tempo`` does it, to which a test holds this.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LIKELIEST_BPM: Final = 120.0
HIGHEST_BPM: Final = 320.0
_SPREAD_OCTAVES: Final = 1.0
_FRAME_SECONDS: Final = 8.0


def onset_strength(mel_db: NDArray[np.float32], lead_frames: int) -> NDArray[np.float32]:
    """Tell how much sets in at each frame: the median over the bands of what rose since the frame before.

    Parameters
    ----------
    mel_db : np.ndarray [shape=(n_frames, n_mels)], float32
        Log-mel levels in dB.
    lead_frames : int
        Half a transform in hops: by so much an onset shows early, and is moved back.

    Returns
    -------
    np.ndarray [shape=(n_frames,)], float32
        dB, not negative.
    """
    rises = np.median(np.maximum(0, np.diff(mel_db, axis=0)), axis=1)
    return np.pad(rises, (1 + lead_frames, 0))[: len(mel_db)].astype(np.float32)


def tempo(onsets: NDArray[np.float32], frames_per_second: float) -> float:
    """Estimate the tempo.

    Parameters
    ----------
    onsets : np.ndarray [shape=(n_frames,)], float32
        From `onset_strength`.
    frames_per_second : float
        Of the onsets.

    Returns
    -------
    float
        Beats per minute, at most 320; 0 where nothing sets in.

    Examples
    --------
    >>> beats = np.zeros(1000, np.float32)
    >>> beats[::25] = 1
    >>> tempo(beats, 50.0)
    120.0
    """
    if not onsets.any():
        return 0.0
    n = int(_FRAME_SECONDS * frames_per_second)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    padded = np.pad(onsets.astype(np.float64), n // 2, mode="linear_ramp")
    frames = np.lib.stride_tricks.sliding_window_view(padded, n)[: len(onsets)] * hann
    n_fft = _fast_size(2 * n)
    power = np.abs(np.fft.rfft(frames, n_fft, axis=1)) ** 2
    likeness = np.fft.irfft(power, n_fft, axis=1)[:, :n]
    largest = np.abs(likeness).max(axis=1, keepdims=True)
    mean = (likeness / np.where(largest > 0, largest, 1)).mean(axis=0)
    bpm = 60 * frames_per_second / np.arange(1, n)
    leaning = -0.5 * (np.log2(bpm / LIKELIEST_BPM) / _SPREAD_OCTAVES) ** 2
    weighed = np.where(bpm < HIGHEST_BPM, np.log1p(1e6 * np.maximum(mean[1:], 0)) + leaning, -np.inf)
    return float(bpm[weighed.argmax()])


def _fast_size(least: int) -> int:
    """Give the next size of a Fourier transform that has no large prime factor, which would make it slow."""
    size = least
    while 2**64 * 3**40 * 5**27 % size:  # all of 2, 3 and 5
        size += 1
    return size
