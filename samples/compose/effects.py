"""The studio: filters, rooms, tape echo, guitar amplifier and the mixing desk.

Sounds are float32 arrays of shape (2, n_samples) at 44.1 kHz. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from samples.compose.render import SAMPLE_RATE_HZ, Sound

_OVERSAMPLING: Final = 4


def board(sound: Sound, *plugins: Any) -> Sound:
    """Run a sound through pedalboard plugins, in order."""
    from pedalboard import Pedalboard

    return np.asarray(Pedalboard(list(plugins))(sound, SAMPLE_RATE_HZ, reset=True), dtype=np.float32)


def shape(sound: Sound, curve: Sequence[tuple[float, float]], taps: int = 1023) -> Sound:
    """Filter with a freely drawn frequency response.

    Parameters
    ----------
    sound : np.ndarray [shape=(2, n_samples)], float32
        The sound.
    curve : sequence of (Hz, dB)
        Points of the response, rising in frequency; joined by straight lines on a logarithmic axis.
    taps : int
        Length of the linear-phase filter, odd.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        The filtered sound, not delayed.
    """
    from scipy.signal import fftconvolve, firwin2

    nyquist = SAMPLE_RATE_HZ / 2
    grid = np.concatenate([[0.0], np.geomspace(20.0, nyquist, 400)])
    grid[-1] = nyquist
    points_hz, points_db = zip(*curve, strict=True)
    gain_db = np.interp(np.log(np.maximum(grid, 1.0)), np.log(points_hz), points_db)
    kernel = firwin2(taps, grid / nyquist, 10 ** (gain_db / 20))
    return np.asarray(fftconvolve(sound, kernel[None, :], mode="same", axes=1), dtype=np.float32)


def gain(sound: Sound, db: float) -> Sound:
    """Scale by a number of decibels."""
    return np.asarray(sound * np.float32(10 ** (db / 20)))


def pan(sound: Sound, position: float, width: float = 1.0) -> Sound:
    """Place a stem between left (-1) and right (1), keeping `width` of its own stereo image."""
    middle, side = (sound[0] + sound[1]) / 2, (sound[0] - sound[1]) / 2 * width
    angle = (position + 1) * np.pi / 4
    left, right = np.cos(angle) * np.sqrt(2), np.sin(angle) * np.sqrt(2)
    return np.stack([left * (middle + side), right * (middle - side)]).astype(np.float32)


def delayed(sound: Sound, seconds: float) -> Sound:
    """Shift later in time, keeping the length."""
    n = round(seconds * SAMPLE_RATE_HZ)
    out = np.zeros_like(sound)
    if n < sound.shape[1]:
        out[:, n:] = sound[:, : sound.shape[1] - n]
    return out


def tape_echo(
    sound: Sound,
    seconds: float,
    feedback: float = 0.55,
    repeats: int = 9,
    low_hz: float = 250.0,
    high_hz: float = 2800.0,
) -> Sound:
    """Echo as a tape machine: each repeat a little duller, thinner and more saturated, swinging left and right.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        The repeats alone.
    """
    from pedalboard import HighpassFilter, LowpassFilter

    wet, out = sound, np.zeros_like(sound)
    for number in range(repeats):
        wet = board(delayed(wet, seconds), HighpassFilter(low_hz), LowpassFilter(high_hz))
        wet = np.asarray(np.tanh(1.5 * wet) / 1.5 * (feedback if number else 1.0), dtype=np.float32)
        out += pan(wet, 0.45 if number % 2 else -0.45)
    return out


def spring(sound: Sound, seconds: float = 1.6, seed: int = 0) -> Sound:
    """Reverberate as a guitar amplifier's spring: dispersed, dark, boingy. Gives the reverberation alone."""
    from scipy.signal import fftconvolve

    rng = np.random.default_rng(seed)
    n = round(seconds * SAMPLE_RATE_HZ)
    response = np.zeros((2, n))
    time = np.arange(round(0.045 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    for channel, period in enumerate((0.041, 0.047)):
        for bounce in range(1, int(seconds / period)):
            stretch = 1 + 0.35 * bounce  # the longer it travels the more its high tones lag
            span = min(len(time) * 3, int(len(time) * stretch))
            local = np.arange(span) / SAMPLE_RATE_HZ
            chirp = np.sin(2 * np.pi * (250 * local + (3600 - 250) * local**2 / (2 * local[-1])))
            chirp *= np.hanning(span) * np.exp(-4.2 * bounce * period / seconds) / np.sqrt(stretch)
            begin = int((bounce * period + rng.normal(0, 0.0012)) * SAMPLE_RATE_HZ)
            end = min(n, begin + span)
            response[channel, begin:end] += chirp[: end - begin] * (-1) ** bounce
    response /= np.sqrt((response**2).sum(1, keepdims=True))
    return np.asarray(fftconvolve(sound, response, mode="full", axes=1)[:, : sound.shape[1]], dtype=np.float32)


def amplifier(sound: Sound, drive_db: float, cabinet: Sequence[tuple[float, float]], tight_hz: float = 120.0) -> Sound:
    """Play a clean guitar through a high-gain amplifier and its cabinet.

    The guitar is tightened (high-pass), pushed in the middle as by an overdrive pedal, clipped in two stages at
    four times the sample rate so that the distortion does not alias, and filtered by the cabinet.

    Parameters
    ----------
    sound : np.ndarray [shape=(2, n_samples)], float32
        All strings of one clean guitar, summed: chords must intermodulate.
    drive_db : float
        Gain of the first stage.
    cabinet : sequence of (Hz, dB)
        Response of speaker and microphone.
    tight_hz : float
        Corner below which the input is cut before clipping.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        The amplified guitar, the same in both channels, peak near 1.
    """
    from pedalboard import Compressor, Distortion, Gain, HighpassFilter, NoiseGate, PeakFilter, Pedalboard
    from scipy.signal import resample_poly

    mono = sound.mean(0, keepdims=True)
    mono = mono / (np.abs(mono).max() + 1e-9)
    fast = resample_poly(mono, _OVERSAMPLING, 1, axis=1).astype(np.float32)
    chain = Pedalboard(
        [
            NoiseGate(threshold_db=-52, ratio=8, attack_ms=1, release_ms=60),
            Compressor(threshold_db=-24, ratio=3, attack_ms=2, release_ms=80),
            HighpassFilter(tight_hz),
            HighpassFilter(tight_hz * 0.6),
            PeakFilter(850, 7, 0.6),
            Distortion(drive_db),
            HighpassFilter(90),
            PeakFilter(420, -5, 0.8),
            Gain(-4),
            Distortion(14),
        ]
    )
    loud = np.asarray(chain(fast, SAMPLE_RATE_HZ * _OVERSAMPLING, reset=True))
    slow = resample_poly(loud, 1, _OVERSAMPLING, axis=1)[:, : sound.shape[1]].astype(np.float32)
    out = shape(np.repeat(slow, 2, axis=0), cabinet)
    return np.asarray(out / (np.abs(out).max() + 1e-9), dtype=np.float32)


def room(sound: Sound, size: float, damping: float = 0.5, width: float = 1.0, before_seconds: float = 0.0) -> Sound:
    """Give the reverberation alone of a room of a size between 0 and 1."""
    from pedalboard import Reverb

    wet = Reverb(room_size=size, damping=damping, wet_level=1.0, dry_level=0.0, width=width)
    return delayed(board(sound, wet), before_seconds)


def sharpened(sound: Sound, amount: float) -> Sound:
    """Bring out attacks and hold back what rings on: the stick of a cymbal rather than its wash.

    Parameters
    ----------
    sound : np.ndarray [shape=(2, n_samples)], float32
        A percussion stem.
    amount : float
        Exponent of the ratio of fast to slow envelope; 0 changes nothing.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        The stem, attacks up by at most 8 dB.
    """
    from scipy.signal import lfilter

    power = (sound.astype(np.float64) ** 2).mean(0) + 1e-10
    fast, slow = (
        lfilter([1 - pole], [1, -pole], power)
        for pole in (np.exp(-1 / (seconds * SAMPLE_RATE_HZ)) for seconds in (0.004, 0.12))
    )
    ratio = np.sqrt((fast + 1e-10) / (slow + 1e-10)) ** amount
    return np.asarray(sound * np.clip(ratio, 0.2, 2.5), dtype=np.float32)


def mix(stems: Sequence[Sound]) -> Sound:
    """Sum stems of one length."""
    return np.asarray(np.sum(np.stack(stems), axis=0), dtype=np.float32)


def hiss(n_samples: int, level_db: float, seed: int) -> Sound:
    """Tape and room noise: pink, independent left and right, at an RMS level in dBFS."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal((2, n_samples)))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.shape[1]), n_samples * 40 / SAMPLE_RATE_HZ))
    noise = np.fft.irfft(spectrum, n_samples)
    noise *= 10 ** (level_db / 20) / np.sqrt((noise**2).mean())
    return noise.astype(np.float32)


def normalised(sound: Sound, rms_db: float) -> Sound:
    """Scale a stem so that the RMS of its loud half is a given level: faders then speak in comparable numbers."""
    if not sound.any():
        return sound
    power = (sound.astype(np.float64) ** 2).mean(0)
    n = SAMPLE_RATE_HZ // 10
    blocks = power[: len(power) // n * n].reshape(-1, n).mean(1)
    loud = blocks[blocks >= blocks.max() / 100]
    level: NDArray[np.float64] = np.sqrt(loud.mean() + 1e-12)
    return np.asarray(sound * np.float32(10 ** (rms_db / 20) / level))
