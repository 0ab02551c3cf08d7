"""Changes to log-mel windows that leave the genre as it is, so that the network cannot lean on them.

A few hundred training tracks come from few albums; a network that is free to do so learns the sound of their
mastering (equalisation, bandwidth, noise floor) instead of their music. So each training window gets another
equaliser, tempo, pitch, bandwidth and noise, and random bars of it are hidden (SpecAugment: Park et al., 2019).
Everything works on batches in dB and draws from the generator it is given.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.mel import band_centres_hz, hz_to_mel

Levels = NDArray[np.float32]
FLOOR_DB: Final = -80.0
N_COSINES: Final = 6
NEPER: Final = np.float32(np.log(10) / 10)  # of a decibel of power


@dataclass(frozen=True)
class AugmentParams:
    """How strongly training windows are changed; zero switches a change off.

    Attributes
    ----------
    stretch_share : float
        Share of windows that are stretched in time, by up to 22 %.
    shift_semitones : float
        Largest pitch shift, in semitones.
    equaliser_db : float
        Deviation of the slowest component of a random equaliser curve, in dB.
    noise_share : float
        Share of windows that get a noise floor, 25 to 70 dB below the maximum.
    band_share : float
        Share of windows that lose their treble; 0.6 of it lose their bass.
    floor_share : float
        Share of windows whose dynamic range is cut to 55 to 80 dB.
    masks : int
        Times a stretch of up to 8 frames and one of up to 20 bands are hidden.
    """

    stretch_share: float = 0.5
    shift_semitones: float = 2.5
    equaliser_db: float = 4.0
    noise_share: float = 0.4
    band_share: float = 0.3
    floor_share: float = 0.3
    masks: int = 1

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value < 0 or (name.endswith("_share") and value > 1):
                raise ParameterError(f"{name} is {value}; use 0 to 1 for a share, 0 or more for a strength.")

    def to_dict(self) -> dict[str, Any]:
        """Give the parameters as plain values, for the card."""
        return asdict(self)


NO_AUGMENTATION: Final = AugmentParams(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)


class Augmenter:
    """Cuts random windows out of clips and changes them.

    Parameters
    ----------
    augment : AugmentParams
        How strongly.
    n_frames : int
        Columns of one window.
    n_mels : int
        Mel bands.
    sample_rate_hz : int
        Sample rate the bands belong to, in Hz.
    """

    def __init__(self, augment: AugmentParams, *, n_frames: int, n_mels: int, sample_rate_hz: int) -> None:
        self.augment = augment
        self.n_frames = n_frames
        self._centres_hz = band_centres_hz(n_mels, sample_rate_hz)
        self._mel_step = float(hz_to_mel(np.array(sample_rate_hz / 2))) / (n_mels + 1)
        place = np.linspace(0, 1, n_mels)
        self._cosines = np.cos(np.pi * np.arange(1, N_COSINES + 1)[:, None] * place).astype(np.float32)

    def cut(
        self, columns: Levels | NDArray[np.uint8], rows: NDArray[np.int64], random: np.random.Generator
    ) -> tuple[Levels, NDArray[np.float64]]:
        """Cut one window out of each named clip, at a random place and, for some, at another tempo.

        Parameters
        ----------
        columns : np.ndarray [shape=(n_tracks, n_columns, n_mels)], float32 or uint8
            The clips, in dB or as they are stored.
        rows : np.ndarray [shape=(n,)], int64
            Which clip each window comes from.
        random : np.random.Generator
            Source of chance.

        Returns
        -------
        windows : np.ndarray [shape=(n, n_frames, n_mels)], float32
            The windows, in the clips' unit.
        first_columns : np.ndarray [shape=(n,)], float64
            Where each starts, in columns.
        """
        n, last = len(rows), columns.shape[1] - 1
        stretched = random.random(n) < self.augment.stretch_share
        longest = last / (self.n_frames - 1)
        rate = np.minimum(np.where(stretched, np.exp(random.uniform(-0.2, 0.2, n)), 1.0), longest)
        free = last - rate * (self.n_frames - 1)
        first = random.random(n) * free
        first = np.where(stretched, first, np.floor(np.minimum(first + random.random(n), free)))
        place = np.clip(first[:, None] + rate[:, None] * np.arange(self.n_frames), 0, last)
        lower = np.minimum(place.astype(int), max(last - 1, 0))
        share = (place - lower).astype(np.float32)[..., None]
        upper = np.minimum(lower + 1, last)
        return np.asarray(columns[rows[:, None], lower] * (1 - share) + columns[rows[:, None], upper] * share), first

    def change(
        self, windows_db: Levels, random: np.random.Generator, treble_chance: NDArray[np.float64] | None = None
    ) -> Levels:
        """Apply every change to a batch of windows.

        Parameters
        ----------
        windows_db : np.ndarray [shape=(n, n_frames, n_mels)], float32
            Windows in dB, at any level.
        random : np.random.Generator
            Source of chance.
        treble_chance : np.ndarray [shape=(n,)], float64, optional
            How likely each window is to lose its treble, in place of `AugmentParams.band_share`.

        Returns
        -------
        np.ndarray [shape=(n, n_frames, n_mels)], float32
            dB relative to each window's maximum, in [-80, 0].
        """
        x = _below_maximum(windows_db)
        if self.augment.shift_semitones:
            x = self._shift_pitch(x, random)
        if self.augment.equaliser_db:
            x = self._equalise(x, random)
        x = _below_maximum(x)
        if self.augment.noise_share:
            x = self._add_noise(x, random)
        if self.augment.band_share:
            x = self._limit_band(x, random, treble_chance)
        x = _below_maximum(x)
        n = len(x)
        cut_range = random.random(n) < self.augment.floor_share
        floor = np.where(cut_range, FLOOR_DB + 25 * random.random(n), FLOOR_DB).astype(np.float32)
        x = np.maximum(x, floor[:, None, None])
        for _ in range(self.augment.masks):
            x = self._hide(x, random)
        return x

    def _shift_pitch(self, x: Levels, random: np.random.Generator) -> Levels:
        n, _, n_mels = x.shape
        semitones = random.uniform(-1, 1, n) * self.augment.shift_semitones * (random.random(n) >= 0.3)
        place = hz_to_mel(self._centres_hz / np.exp2(semitones / 12)[:, None]) / self._mel_step - 1
        lower = np.clip(np.floor(place), 0, n_mels - 2).astype(int)
        share = np.clip(place - lower, 0, 1).astype(np.float32)[:, None, :]
        below = np.take_along_axis(x, lower[:, None, :], axis=2)
        above = np.take_along_axis(x, lower[:, None, :] + 1, axis=2)
        beyond = (place > n_mels - 0.5)[:, None, :]
        return np.asarray(np.where(beyond, np.float32(FLOOR_DB), below * (1 - share) + above * share))

    def _equalise(self, x: Levels, random: np.random.Generator) -> Levels:
        scale = self.augment.equaliser_db / np.sqrt(np.arange(1, N_COSINES + 1))
        weights = random.normal(size=(len(x), N_COSINES)) * scale * (random.random((len(x), 1)) < 0.85)
        return x + (weights.astype(np.float32) @ self._cosines)[:, None, :]

    def _add_noise(self, x: Levels, random: np.random.Generator) -> Levels:
        n = len(x)
        noisy = random.random(n) < self.augment.noise_share
        level = (-25 - 45 * random.random(n))[noisy].astype(np.float32)
        colour = (random.normal(size=(n, 3)) * (8, 3, 3))[noisy].astype(np.float32) @ self._cosines[:3]
        grain = random.standard_normal((len(level), *x.shape[1:]), np.float32)
        noise = level[:, None, None] + colour[:, None, :] + 2 * grain
        changed = x.copy()
        changed[noisy] = np.logaddexp(x[noisy] * NEPER, noise * NEPER) / NEPER
        return changed

    def _limit_band(self, x: Levels, random: np.random.Generator, treble_chance: NDArray[np.float64] | None) -> Levels:
        n = len(x)
        chance = self.augment.band_share if treble_chance is None else treble_chance
        treble_hz = 3000 * np.exp2(1.75 * random.random(n))
        slope_db = (40 + 60 * random.random(n)) * (random.random(n) < chance)
        bass_hz = 60 * np.exp2(2.5 * random.random(n))
        bass_slope_db = 24 * (random.random(n) < 0.6 * self.augment.band_share)
        above = np.maximum(np.log2(self._centres_hz / treble_hz[:, None]), 0) * slope_db[:, None]
        below = np.maximum(np.log2(bass_hz[:, None] / self._centres_hz), 0) * bass_slope_db[:, None]
        return np.asarray(x - (above + below).astype(np.float32)[:, None, :])

    def _hide(self, x: Levels, random: np.random.Generator) -> Levels:
        n, n_frames, n_mels = x.shape
        hidden = _stretch(n, n_frames, 8, random)[:, :, None] | _stretch(n, n_mels, 20, random)[:, None, :]
        return np.asarray(np.where(hidden, x.mean(axis=(1, 2), keepdims=True), x))


def _below_maximum(x: Levels) -> Levels:
    return np.asarray(x - x.max(axis=(1, 2), keepdims=True))


def _stretch(n: int, length: int, longest: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """Mark one random stretch of up to `longest` places in each of n rows."""
    first = random.random(n) * length
    end = first + random.random(n) * longest
    place = np.arange(length)
    return np.asarray((place >= first[:, None]) & (place < end[:, None]))
