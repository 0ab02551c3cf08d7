"""Peaks and picture of a track: the right place, the right level."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.listening.pictures import peaks, spectrogram
from model.audio.track import Track
from model.params import ModelParams
from tests.sounds import RATE_HZ, chord

PARAMS = ModelParams()


def picture(track: Track, columns: int) -> tuple[dict, np.ndarray]:
    view = spectrogram([track.samples], len(track.samples), PARAMS, columns)
    shades = np.frombuffer(base64.b64decode(view["db"]), np.uint8).reshape(view["bands"], view["columns"])
    return dict(view), shades


@given(n=st.integers(1, 5000), n_samples=st.integers(1, 3000))
def test_peaks_are_the_extremes_of_equal_parts(n: int, n_samples: int) -> None:
    samples = np.random.default_rng(n).uniform(-1, 1, n_samples).astype(np.float32)
    view = peaks([samples], len(samples), n)
    assert view["n"] == len(view["min"]) == len(view["max"]) == min(n, n_samples)
    assert min(view["min"]) == pytest.approx(samples.min(), abs=1e-3)
    assert max(view["max"]) == pytest.approx(samples.max(), abs=1e-3)
    assert all(low <= high for low, high in zip(view["min"], view["max"], strict=True))


def test_a_peak_lies_where_it_sounds() -> None:
    samples = np.zeros(10_000, np.float32)
    samples[7_350] = 2.0  # beyond full scale
    view = peaks([samples], len(samples), 100)
    assert np.flatnonzero(view["max"]).tolist() == [73]
    assert max(view["max"]) == 1.0


@pytest.mark.parametrize("seconds", [3.0, 10.3, 61.0, 180.0])
@pytest.mark.parametrize("columns", [1, 37, 1200])
def test_columns_cover_the_track(seconds: float, columns: int) -> None:
    track = Track(chord(seconds), RATE_HZ)
    view, shades = picture(track, columns)
    assert view["columns"] <= columns
    assert (view["columns"] - 1) * view["hop_samples"] < len(track.samples)
    assert view["columns"] * view["hop_samples"] >= len(track.samples)
    assert shades.max() == 255


@pytest.mark.parametrize("at_seconds", [0.5, 4.0, 9.4])
def test_a_tone_shows_at_its_time_and_band(at_seconds: float) -> None:
    time = np.arange(10 * RATE_HZ) / RATE_HZ
    burst = np.exp(-(((time - at_seconds) / 0.01) ** 2))
    view, shades = picture(Track((burst * np.sin(2 * np.pi * 1000 * time)).astype(np.float32), RATE_HZ), 800)
    band, column = np.unravel_index(shades.argmax(), shades.shape)
    assert abs((column + 0.5) * view["hop_samples"] / RATE_HZ - at_seconds) < 0.03
    assert view["centre_hz"][band] == pytest.approx(1000, rel=0.05)


def test_silence_is_the_floor() -> None:
    _, shades = picture(Track(np.zeros(5 * RATE_HZ, np.float32), RATE_HZ), 100)
    assert not shades.any()


def test_shades_do_not_depend_on_how_a_picture_is_cut() -> None:
    track = Track(chord(20.0), RATE_HZ)
    _, whole = picture(track, 400)
    _, first = picture(Track(track.samples[: 10 * RATE_HZ], RATE_HZ), 200)
    difference = whole[:, :195].astype(int) - first[:, :195]
    assert np.ptp(difference[first[:, :195] > 5]) <= 2  # only the common maximum may differ


@given(data=st.data(), n=st.integers(1, 300))
def test_pictures_do_not_depend_on_how_the_sound_is_cut(data: st.DataObject, n: int) -> None:
    samples = chord(3.3)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=6).map(sorted))
    blocks = np.split(samples, cuts)
    assert peaks(blocks, len(samples), n) == peaks([samples], len(samples), n)
    assert spectrogram(blocks, len(samples), PARAMS, n) == spectrogram([samples], len(samples), PARAMS, n)
