"""The mel scale: librosa's, and the one that the stored filterbank was made with."""

from __future__ import annotations

import numpy as np
import pytest

from model.features import mel_filterbank
from model.mel import band_centres_hz, hz_to_mel, mel_to_hz
from model.params import ModelParams


def test_band_centres_are_those_of_the_filterbank() -> None:
    params = ModelParams()
    rate_hz, n_fft = params.audio.sample_rate_hz, params.features.n_fft
    centres = band_centres_hz(params.features.n_mels, rate_hz)
    loudest_hz = mel_filterbank(params).argmax(axis=1) * rate_hz / n_fft
    assert np.all(np.abs(centres - loudest_hz) <= rate_hz / n_fft)
    assert np.all(np.diff(centres) > 0)


def test_band_centres_are_those_of_librosa() -> None:
    librosa = pytest.importorskip("librosa")
    expected = librosa.mel_frequencies(130, fmin=0, fmax=11_025)[1:-1]
    np.testing.assert_allclose(band_centres_hz(128, 22_050), expected, rtol=1e-6)


def test_the_scale_is_the_same_both_ways() -> None:
    hz = np.array([0.0, 440.0, 999.0, 1000.0, 1001.0, 11_025.0])
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz)), hz, rtol=1e-12)
