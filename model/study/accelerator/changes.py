"""Changes to log-mel windows that leave the genre as it is, in JAX; what each does and why, `training.augment` says.

Every kind of chance has its own key, so that switching one change off leaves the others as they were.
"""

from __future__ import annotations

from typing import Any, Final

import jax.numpy as jnp
import numpy as np
from jax import random

from model.mel import band_centres_hz, hz_to_mel
from model.study.training.augment import FLOOR_DB, N_COSINES, NEPER, AugmentParams

Array = Any
_N_KEYS: Final = 24


class Changes:
    """Cuts random windows out of clips and changes them.

    Parameters
    ----------
    augment : AugmentParams
        How strongly.
    n_frames, n_mels : int
        Columns of one window; its mel bands.
    sample_rate_hz : int
        Sample rate the bands belong to, in Hz.
    """

    def __init__(self, augment: AugmentParams, *, n_frames: int, n_mels: int, sample_rate_hz: int) -> None:
        self.augment = augment
        self.n_frames, self.n_mels = n_frames, n_mels
        self._centres_hz = np.asarray(band_centres_hz(n_mels, sample_rate_hz), np.float32)
        self._mel_step = float(hz_to_mel(np.array(sample_rate_hz / 2))) / (n_mels + 1)
        place = np.linspace(0, 1, n_mels)
        self._cosines = np.cos(np.pi * np.arange(1, N_COSINES + 1)[:, None] * place).astype(np.float32)

    def places(self, key: Array, last: Array) -> tuple[Array, Array]:
        """Draw where windows lie in their clips.

        Parameters
        ----------
        key : jax.Array
            Of all chance here.
        last : jax.Array [shape=(n,)], int32
            Last column of each window's clip.

        Returns
        -------
        places : jax.Array [shape=(n, n_frames)], float32
            Where each frame lies, in columns.
        first_columns : jax.Array [shape=(n,)], float32
            Where each window starts.
        """
        n = last.shape[0]
        keys = random.split(key, 4)
        stretched = random.uniform(keys[0], (n,)) < self.augment.stretch_share
        rate = jnp.where(stretched, jnp.exp(random.uniform(keys[1], (n,), minval=-0.2, maxval=0.2)), 1.0)
        rate = jnp.minimum(rate, last / (self.n_frames - 1))
        free = last - rate * (self.n_frames - 1)
        first = random.uniform(keys[2], (n,)) * free
        first = jnp.where(stretched, first, jnp.floor(jnp.minimum(first + random.uniform(keys[3], (n,)), free)))
        places = jnp.clip(first[:, None] + rate[:, None] * jnp.arange(self.n_frames), 0, last[:, None])
        return places, first

    def change(self, key: Array, mask_key: Array, windows_db: Array, treble_chance: Array) -> Array:
        """Apply every change to a batch of windows.

        Parameters
        ----------
        key, mask_key : jax.Array
            Of the chance of all changes but the masks; of the masks.
        windows_db : jax.Array [shape=(n, n_frames, n_mels)], float32
            Windows in dB, at any level.
        treble_chance : jax.Array [shape=(n,)], float32
            How likely each window is to lose its treble.

        Returns
        -------
        jax.Array [shape=(n, n_frames, n_mels)], float32
            dB relative to each window's maximum, in [-80, 0].
        """
        keys = random.split(key, _N_KEYS)
        n = windows_db.shape[0]
        x = _below_maximum(windows_db)
        if self.augment.shift_semitones:
            x = self._shift_pitch(keys[0:2], x)
        if self.augment.equaliser_db:
            x = self._equalise(keys[2:4], x)
        x = _below_maximum(x)
        if self.augment.noise_share:
            x = self._add_noise(keys[4:8], x)
        if self.augment.band_share:
            x = self._limit_band(keys[8:13], x, treble_chance)
        x = _below_maximum(x)
        cut_range = random.uniform(keys[13], (n,)) < self.augment.floor_share
        floor = jnp.where(cut_range, FLOOR_DB + 25 * random.uniform(keys[14], (n,)), FLOOR_DB)
        x = jnp.maximum(x, floor[:, None, None])
        for number in range(self.augment.masks):
            x = self._hide(random.fold_in(mask_key, number), x)
        return x

    def _shift_pitch(self, keys: Array, x: Array) -> Array:
        n = x.shape[0]
        semitones = random.uniform(keys[0], (n,), minval=-1, maxval=1) * self.augment.shift_semitones
        semitones = semitones * (random.uniform(keys[1], (n,)) >= 0.3)
        place = _hz_to_mel(self._centres_hz / jnp.exp2(semitones / 12)[:, None]) / self._mel_step - 1
        lower = jnp.clip(jnp.floor(place), 0, self.n_mels - 2).astype(jnp.int32)
        share = jnp.clip(place - lower, 0, 1)[:, None, :]
        below = jnp.take_along_axis(x, lower[:, None, :], axis=2)
        above = jnp.take_along_axis(x, lower[:, None, :] + 1, axis=2)
        beyond = (place > self.n_mels - 0.5)[:, None, :]
        return jnp.where(beyond, FLOOR_DB, below * (1 - share) + above * share)

    def _equalise(self, keys: Array, x: Array) -> Array:
        n = x.shape[0]
        scale = self.augment.equaliser_db / jnp.sqrt(jnp.arange(1, N_COSINES + 1))
        weights = random.normal(keys[0], (n, N_COSINES)) * scale * (random.uniform(keys[1], (n, 1)) < 0.85)
        return x + (weights @ self._cosines)[:, None, :]

    def _add_noise(self, keys: Array, x: Array) -> Array:
        n = x.shape[0]
        noisy = random.uniform(keys[0], (n,)) < self.augment.noise_share
        level = -25 - 45 * random.uniform(keys[1], (n,))
        colour = (random.normal(keys[2], (n, 3)) * jnp.array([8.0, 3.0, 3.0])) @ self._cosines[:3]
        grain = random.normal(keys[3], x.shape)
        noise = level[:, None, None] + colour[:, None, :] + 2 * grain
        return jnp.where(noisy[:, None, None], jnp.logaddexp(x * NEPER, noise * NEPER) / NEPER, x)

    def _limit_band(self, keys: Array, x: Array, treble_chance: Array) -> Array:
        n = x.shape[0]
        treble_hz = 3000 * jnp.exp2(1.75 * random.uniform(keys[0], (n,)))
        slope_db = (40 + 60 * random.uniform(keys[1], (n,))) * (random.uniform(keys[2], (n,)) < treble_chance)
        bass_hz = 60 * jnp.exp2(2.5 * random.uniform(keys[3], (n,)))
        bass_slope_db = 24 * (random.uniform(keys[4], (n,)) < 0.6 * self.augment.band_share)
        above = jnp.maximum(jnp.log2(self._centres_hz / treble_hz[:, None]), 0) * slope_db[:, None]
        below = jnp.maximum(jnp.log2(bass_hz[:, None] / self._centres_hz), 0) * bass_slope_db[:, None]
        return x - (above + below)[:, None, :]

    def _hide(self, key: Array, x: Array) -> Array:
        of_frames, of_bands = random.split(key)
        n, n_frames, n_mels = x.shape
        hidden = _stretch(of_frames, n, n_frames, 8)[:, :, None] | _stretch(of_bands, n, n_mels, 20)[:, None, :]
        return jnp.where(hidden, x.mean(axis=(1, 2), keepdims=True), x)


def interpolate(columns: Array, rows: Array, places: Array) -> Array:
    """Take windows out of clips, in the clips' unit, at places between columns.

    Parameters
    ----------
    columns : jax.Array [shape=(n_clips, n_columns, n_mels)]
        The clips.
    rows : jax.Array [shape=(n,)], int32
        Which clip each window comes from.
    places : jax.Array [shape=(n, n_frames)], float32
        As `Changes.places` draws them.

    Returns
    -------
    jax.Array [shape=(n, n_frames, n_mels)], float32
        The windows.
    """
    last = columns.shape[1] - 1
    lower = jnp.minimum(places.astype(jnp.int32), max(last - 1, 0))
    share = (places - lower)[..., None]
    before = columns[rows[:, None], lower].astype(jnp.float32)
    after = columns[rows[:, None], jnp.minimum(lower + 1, last)].astype(jnp.float32)
    return before * (1 - share) + after * share


def _hz_to_mel(hz: Array) -> Array:
    """As `model.mel.hz_to_mel`, whose points it lies between."""
    from_hz, from_mel = 1000.0, float(hz_to_mel(np.array(1000.0)))
    per_neper = float(hz_to_mel(np.array(1000.0 * np.e))) - from_mel
    logarithmic = from_mel + jnp.log(jnp.maximum(hz, 1e-3) / from_hz) * per_neper
    return jnp.where(hz >= from_hz, logarithmic, hz * from_mel / from_hz)


def _below_maximum(x: Array) -> Array:
    return x - x.max(axis=(1, 2), keepdims=True)


def _stretch(key: Array, n: int, length: int, longest: int) -> Array:
    """Mark one random stretch of up to `longest` places in each of n rows."""
    of_first, of_length = random.split(key)
    first = random.uniform(of_first, (n,)) * length
    end = first + random.uniform(of_length, (n,)) * longest
    place = jnp.arange(length)
    return (place >= first[:, None]) & (place < end[:, None])
