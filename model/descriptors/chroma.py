"""Which of the twelve notes sound: chroma of a power spectrum, tuned to the music (librosa's ``chroma_stft``)."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

N_NOTES: Final = 12
NOTES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_A4_HZ: Final = 440.0
_TUNINGS: Final = 100  # steps of a semitone that a tuning is estimated to
_LOWEST_HZ: Final = 150.0
_HIGHEST_HZ: Final = 4000.0
_PEAK_THRESHOLD: Final = 0.1
_CENTRE_OCTAVE: Final = 5.0
_OCTAVE_WIDTH: Final = 2.0


def chroma(power: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
    """Fold a power spectrum onto the twelve notes.

    Parameters
    ----------
    power : np.ndarray [shape=(n_frames, n_bins)], float32
        Power of the bins of a Fourier transform of even length.
    sample_rate_hz : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(n_frames, 12)], float32
        From C upwards; the strongest note of a frame is 1, all are 0 in silence.
    """
    n_fft = 2 * (power.shape[1] - 1)
    notes = power @ note_filters(sample_rate_hz, n_fft, tuning(power, sample_rate_hz)).T
    strongest = notes.max(axis=1, keepdims=True)
    return np.asarray(notes / np.where(strongest < np.finfo(np.float32).tiny, 1, strongest), np.float32)


def tuning(power: NDArray[np.float32], sample_rate_hz: int) -> float:
    """Estimate how far music lies from A at 440 Hz: the commonest deviation of spectral peaks from the nearest note.

    Parameters
    ----------
    power : np.ndarray [shape=(n_frames, n_bins)], float32
        Power spectrum.
    sample_rate_hz : int
        In Hz.

    Returns
    -------
    float
        In semitones, -0.5 to 0.5; 0 where there is no peak.
    """
    peaks_hz, heights = _peaks(power, sample_rate_hz)
    if not len(peaks_hz):
        return 0.0
    high = peaks_hz[heights >= np.median(heights)]
    deviation = np.mod(N_NOTES * np.log2(high / (_A4_HZ / 16)), 1.0)
    deviation[deviation >= 0.5] -= 1.0
    counts, edges = np.histogram(deviation, np.linspace(-0.5, 0.5, _TUNINGS + 1))
    return float(edges[np.argmax(counts)])


@cache
def note_filters(sample_rate_hz: int, n_fft: int, tuning: float) -> NDArray[np.float32]:
    """Make the weights of the bins for each note: Gaussian bumps around the note in each octave, widest in the middle.

    Parameters
    ----------
    sample_rate_hz, n_fft : int
        Of the transform.
    tuning : float
        In semitones, as `tuning` estimates.

    Returns
    -------
    np.ndarray [shape=(12, n_fft // 2 + 1)], float32
        One row a note, from C upwards.
    """
    hz = np.arange(1, n_fft) * sample_rate_hz / n_fft
    place = N_NOTES * np.log2(hz / (_A4_HZ * 2 ** (tuning / N_NOTES) / 16))
    place = np.concatenate(([place[0] - 1.5 * N_NOTES], place))  # the bin at 0 Hz: far below the first
    width = np.concatenate((np.maximum(np.diff(place), 1.0), [1.0]))
    half = N_NOTES / 2
    distance = np.remainder(place - np.arange(N_NOTES)[:, None] + half + 10 * N_NOTES, N_NOTES) - half
    weights = np.exp(-0.5 * (2 * distance / width) ** 2)
    weights /= np.linalg.norm(weights, axis=0)
    weights *= np.exp(-0.5 * ((place / N_NOTES - _CENTRE_OCTAVE) / _OCTAVE_WIDTH) ** 2)
    from_c = np.roll(weights, -3, axis=0)
    return np.asarray(from_c[:, : n_fft // 2 + 1], np.float32)


def _peaks(power: NDArray[np.float32], sample_rate_hz: int) -> tuple[NDArray[np.float64], NDArray[np.floating[Any]]]:
    """Find the peaks of each frame between 150 and 4000 Hz, interpolated by a parabola (Smith, "PARSHL", 1987)."""
    n_fft = 2 * (power.shape[1] - 1)
    bins_hz = np.arange(power.shape[1]) * sample_rate_hz / n_fft
    first, last = np.searchsorted(bins_hz, (_LOWEST_HZ, min(_HIGHEST_HZ, sample_rate_hz / 2)))
    kept = np.where(power > _PEAK_THRESHOLD * power.max(axis=1, keepdims=True), power, 0)
    below, here, above = (kept[:, first + step : last + step] for step in (-1, 0, 1))
    frames, bins = np.nonzero((here > below) & (here >= above))
    bins += first
    below, here, above = (power[frames, bins + step] for step in (-1, 0, 1))
    slope, bend = (above - below) / 2, above + below - 2 * here
    shift = np.where(np.abs(slope) >= np.abs(bend), 0, -slope / np.where(bend == 0, 1, bend))
    return (bins + shift) * sample_rate_hz / n_fft, here + slope * shift / 2
