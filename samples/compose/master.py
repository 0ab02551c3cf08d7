"""Mastering: the long-term spectrum of a style, glue compression, loudness, a limiter and the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from samples.compose.effects import board, gain, shape
from samples.compose.render import SAMPLE_RATE_HZ, Sound

# Third-octave levels in dB below the whole, rounded, as recordings of each style show them on average; reggae's
# lower middle is kept leaner, so that bass and skank stand apart.
BANDS_HZ: Final = (50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150)
BANDS_HZ_HIGH: Final = (4000, 5000, 6300, 8000, 10000, 12500, 16000)
_BANDS: Final = BANDS_HZ + BANDS_HZ_HIGH
_J: Final = (-24, -17, -13, -11, -12, -12, -12, -12, -11, -12, -13, -12, -15, -15, -14, -15, -16, -18, -19)
_R: Final = (-14, -11, -10, -10, -12, -16, -17, -18, -19, -18, -16, -15, -15, -17, -17, -18, -20, -21, -22)
_M: Final = (-14, -12, -12, -13, -13, -13, -13, -15, -16, -16, -16, -15, -15, -15, -15, -15, -14, -13, -13)
SPECTRA: Final[Mapping[str, tuple[float, ...]]] = {
    "jazz": (*_J, -21, -23, -26, -29, -33, -37, -43),
    "reggae": (*_R, -23, -25, -26, -27, -30, -34, -40),
    "metal": (*_M, -15, -16, -18, -20, -23, -27, -34),
}


def band_levels(sound: Sound) -> NDArray[np.float64]:
    """Measure the long-term spectrum.

    Returns
    -------
    np.ndarray [shape=(26,)], float64
        Level of each third-octave band in dB relative to the whole.
    """
    from scipy.signal import welch

    hz, power = welch(sound.astype(np.float64), SAMPLE_RATE_HZ, nperseg=16_384, axis=1)
    power = power.mean(0)
    bands = [power[(hz >= c / 1.122) & (hz < c * 1.122)].sum() for c in _BANDS]
    return 10 * np.log10(np.array(bands) / power.sum() + 1e-12)


def loudness_db(sound: Sound) -> float:
    """Measure loudness roughly as ITU-R BS.1770 does: weighted mean power of the loud blocks, in dB."""
    weighted = shape(sound, [(20, -14), (60, -6), (150, -1), (1000, 0), (2000, 2.5), (4000, 4), (20_000, 4)])
    n = SAMPLE_RATE_HZ * 2 // 5
    power = (weighted.astype(np.float64) ** 2).sum(0)
    blocks = power[: len(power) // n * n].reshape(-1, n).mean(1)
    loud = blocks[blocks > blocks.mean() / 10]
    return float(-0.7 + 10 * np.log10(loud.mean() + 1e-12))


def limited(sound: Sound, ceiling_db: float, look_seconds: float = 0.004, release_seconds: float = 0.06) -> Sound:
    """Hold peaks under a ceiling by looking ahead, both channels alike (JUCE's limiter adds gain of its own)."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    ceiling = 10 ** (ceiling_db / 20)
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(sound).max(0), 1e-9)).astype(np.float64)
    look, release = (round(s * SAMPLE_RATE_HZ) for s in (look_seconds, release_seconds))
    held = minimum_filter1d(needed, look + release, origin=(release - look) // 2, mode="nearest")
    smooth = uniform_filter1d(uniform_filter1d(held, look // 2), look // 2)
    return np.asarray(np.clip(sound * smooth, -ceiling, ceiling), dtype=np.float32)


def master(mix: Sound, style: str, loudness: float = -16.0, strength: float = 0.8, limit_db: float = 9.0) -> Sound:
    """Finish a mix.

    Parameters
    ----------
    mix : np.ndarray [shape=(2, n_samples)], float32
        The mix.
    style : str
        Key of `SPECTRA`.
    loudness : float
        Target of `loudness_db`.
    strength : float
        Share of the distance to the style's spectrum that the equaliser goes.
    limit_db : float
        Most that a band is moved.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        The master, peaks below -1 dBFS.
    """
    from pedalboard import Compressor
    from scipy.ndimage import gaussian_filter1d

    wanted = np.array(SPECTRA[style])
    difference = np.clip(strength * (wanted - band_levels(mix)), -limit_db, limit_db)
    smooth = gaussian_filter1d(difference, 0.8, mode="nearest")
    curve = [(25.0, float(smooth[0]) - 6), *zip(map(float, _BANDS), map(float, smooth), strict=True)]
    out = shape(mix, curve, taps=4095)
    out = gain(out, -18.0 - loudness_db(out))
    out = board(out, Compressor(threshold_db=-20, ratio=1.8, attack_ms=25, release_ms=180))
    for _ in range(3):
        out = gain(out, loudness - loudness_db(out))
        out = limited(out, -1.0)
    return out


def fade(sound: Sound, begin_seconds: float = 0.0, end_seconds: float = 0.0) -> Sound:
    """Fade in and out, with the shape of a cosine."""
    out = sound.copy()
    for seconds, part in ((begin_seconds, slice(None, None)), (end_seconds, slice(None, None, -1))):
        n = round(seconds * SAMPLE_RATE_HZ)
        if n:
            ramp = np.ones(out.shape[1], np.float32)
            ramp[:n] = 0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n)
            out *= ramp[part]
    return out


def save(sound: Sound, path: Path, quality: float = 0.6) -> None:
    """Write OGG Vorbis.

    Parameters
    ----------
    sound : np.ndarray [shape=(2, n_samples)], float32
        The master.
    path : Path
        File to write.
    quality : float
        Vorbis quality between 0 (worst) and 1; 0.6 is about 190 kbit/s.
    """
    import soundfile

    # Written in pieces: libsndfile's Vorbis encoder overflows its stack on one very long write.
    with soundfile.SoundFile(
        path, "w", SAMPLE_RATE_HZ, 2, format="OGG", subtype="VORBIS", compression_level=1.0 - quality
    ) as file:
        for start in range(0, sound.shape[1], SAMPLE_RATE_HZ):
            file.write(sound[:, start : start + SAMPLE_RATE_HZ].T)
