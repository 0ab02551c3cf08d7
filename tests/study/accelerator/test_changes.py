"""Windows are changed on the device as they are on the processor: other chance, the same distribution."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model.study.training.augment import NO_AUGMENTATION, Augmenter, AugmentParams

jax = pytest.importorskip("jax", reason="JAX is not installed")

from model.study.accelerator.changes import Changes, interpolate  # noqa: E402

SHAPE = {"n_frames": 38, "n_mels": 128, "sample_rate_hz": 22_050}
N = 400
ONLY = {
    "pitch": replace(NO_AUGMENTATION, shift_semitones=2.5),
    "equaliser": replace(NO_AUGMENTATION, equaliser_db=4.0),
    "noise": replace(NO_AUGMENTATION, noise_share=0.4),
    "band": replace(NO_AUGMENTATION, band_share=0.3),
    "floor": replace(NO_AUGMENTATION, floor_share=0.3),
    "masks": replace(NO_AUGMENTATION, masks=2),
    "all": AugmentParams(),
}


def _clips() -> np.ndarray:
    """Clips whose bands fall from bass to treble, with a tone here and there."""
    random = np.random.default_rng(0)
    columns = np.linspace(0, -70, 128) + random.normal(0, 3, (20, 60, 128))
    columns[:, :, ::16] += 15
    return np.clip(columns, -80, 0).astype(np.float32)


@cache
def _windows() -> np.ndarray:
    random = np.random.default_rng(1)
    return Augmenter(NO_AUGMENTATION, **SHAPE).cut(_clips(), random.integers(0, 20, N), random)[0]


def _changed(augment: AugmentParams, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """The same windows changed by both."""
    chances = np.full(N, chance)
    theirs = Augmenter(augment, **SHAPE).change(_windows(), np.random.default_rng(2), chances)
    keys = jax.random.split(jax.random.PRNGKey(3))
    ours = jax.jit(Changes(augment, **SHAPE).change)(keys[0], keys[1], _windows(), chances.astype(np.float32))
    return theirs, np.asarray(ours)


@pytest.mark.parametrize("name", ONLY)
def test_changes_are_distributed_alike(name: str) -> None:
    augment = ONLY[name]
    theirs, ours = _changed(augment, augment.band_share)
    assert (ours.min() >= -80, ours.max() <= 0) == (True, True)
    plain = _windows() - _windows().max(axis=(1, 2), keepdims=True)
    shares = [(np.abs(x - plain).max(axis=(1, 2)) > 0.01).mean() for x in (theirs, ours)]
    assert shares[1] == pytest.approx(shares[0], abs=0.1)
    assert shares[1] > 0.1
    bands = [x.mean(axis=1) for x in (theirs, ours)]  # (n, n_mels)
    error = np.sqrt(bands[0].var(axis=0) / N + bands[1].var(axis=0) / N) + 0.01
    assert (np.abs(bands[0].mean(axis=0) - bands[1].mean(axis=0)) / error).max() < 5
    deviations = [x.std(axis=(0, 1)) for x in (theirs, ours)]
    np.testing.assert_allclose(deviations[1], deviations[0], rtol=0.2, atol=0.3)


def test_zero_strengths_leave_windows_as_they_are() -> None:
    theirs, ours = _changed(NO_AUGMENTATION, 1.0)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(ours, _windows() - _windows().max(axis=(1, 2), keepdims=True), atol=1e-5)


def test_windows_are_cut_alike() -> None:
    clips = _clips()
    rows = np.random.default_rng(4).integers(0, 20, N)
    augment = replace(NO_AUGMENTATION, stretch_share=0.5)
    theirs, first = Augmenter(augment, **SHAPE).cut(clips, rows, np.random.default_rng(5))
    changes = Changes(augment, **SHAPE)
    places, ours = changes.places(jax.random.PRNGKey(6), np.full(N, clips.shape[1] - 1))
    places = np.asarray(places)
    assert (places.min() >= 0, places.max() <= clips.shape[1] - 1) == (True, True)
    between = [np.mean(np.asarray(x) % 1 > 1e-4) for x in (first, ours)]  # unstretched ones start at a column
    assert between[1] == pytest.approx(between[0], abs=0.1)
    assert np.mean(ours) == pytest.approx(np.mean(first), abs=1.5)
    rates = np.diff(places, axis=1).mean(axis=1)
    assert (rates.min(), rates.max()) == (pytest.approx(np.exp(-0.2), abs=0.03), pytest.approx(np.exp(0.2), abs=0.03))
    windows = np.asarray(interpolate(clips, rows, places))
    assert windows.mean() == pytest.approx(theirs.mean(), abs=0.5)
    straight = (np.asarray(ours) % 1 == 0) & (np.abs(rates - 1) < 1e-6)
    row, start = rows[straight][0], int(ours[straight][0])
    np.testing.assert_array_equal(windows[straight][0], clips[row, start : start + 38])


def test_bytes_are_cut_as_decibels_are() -> None:
    stored = np.random.default_rng(7).integers(0, 256, (2, 60, 128), np.uint8)
    places = np.linspace(0.25, 37.25, 38, dtype=np.float32)[None]
    found = np.asarray(interpolate(jax.numpy.asarray(stored), np.array([1]), places))[0]
    expected = 0.75 * stored[1, :38].astype(float) + 0.25 * stored[1, 1:39]
    np.testing.assert_allclose(found, expected, atol=1e-3)
