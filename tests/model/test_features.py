"""Log-mel: librosa's, relative to the window's own maximum, and blind to gain."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import CheckpointError, ParameterError
from model.features import LogMel, mel_filterbank
from model.params import FeatureParams, ModelParams
from tests.sounds import RATE_HZ, chord

WINDOW = chord(3.0)


@pytest.mark.filterwarnings("ignore")
def test_log_mel_equals_librosas_given_the_same_frames() -> None:
    librosa = pytest.importorskip("librosa")
    rng = np.random.default_rng(1)
    sweep = 0.3 * np.sin(2 * np.pi * np.cumsum(np.linspace(40, 10_500, 66_150)) / RATE_HZ)
    for window in (WINDOW, rng.standard_normal(66_150) * 0.1, sweep):
        window = (window - np.mean(window[: 37 * 1708 + 2048])).astype(np.float32)
        power = librosa.feature.melspectrogram(
            y=window, sr=RATE_HZ, n_fft=2048, hop_length=1708, n_mels=128, center=False, power=2.0
        )
        reference = librosa.power_to_db(power, ref=np.max, amin=1e-30, top_db=80.0).T
        ours = LogMel()(window)
        assert ours.shape == reference.shape == (38, 128)
        np.testing.assert_allclose(ours, reference, atol=0.01)


def test_the_stored_filterbank_is_librosas() -> None:
    librosa = pytest.importorskip("librosa")
    np.testing.assert_allclose(
        mel_filterbank(ModelParams()), librosa.filters.mel(sr=RATE_HZ, n_fft=2048, n_mels=128), atol=1e-7
    )


def test_the_loudest_band_is_0_db_and_nothing_lies_below_the_floor() -> None:
    log_mel = LogMel()(WINDOW)
    assert log_mel.dtype == np.float32
    assert log_mel.max() == 0
    assert log_mel.min() >= -80


@pytest.mark.parametrize("gain_db", [-30.0, -12.0, 6.0])
def test_gain_does_not_change_the_features(gain_db: float) -> None:
    scaled = (WINDOW * 10 ** (gain_db / 20)).astype(np.float32)
    np.testing.assert_allclose(LogMel()(scaled), LogMel()(WINDOW), atol=1e-3)


@pytest.mark.parametrize("offset", [0.005, -0.05])
def test_an_offset_does_not_change_the_features(offset: float) -> None:
    np.testing.assert_allclose(LogMel()(WINDOW + np.float32(offset)), LogMel()(WINDOW), atol=0.01)


def test_digital_silence_is_the_floor_throughout() -> None:
    assert (LogMel()(np.zeros(66_150, np.float32)) == -80).all()


def test_frames_lie_inside_the_window() -> None:
    changed = WINDOW.copy()
    changed[37 * 1708 + 2048 :] = 0.9  # past the last whole frame
    np.testing.assert_array_equal(LogMel()(changed), LogMel()(WINDOW))


def test_a_window_of_another_length_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"\(66149,\).*\(66150,\)"):
        LogMel()(WINDOW[:-1])


def test_a_missing_filterbank_is_named() -> None:
    with pytest.raises(CheckpointError, match="mel_22050_2048_64"):
        LogMel(ModelParams(features=FeatureParams(n_mels=64)))


def test_the_mel_power_is_that_of_the_definition() -> None:
    """Frame by frame, in double precision, with the whole filterbank; some frames fill no block."""
    for n_frames in (1, 8, 13, 38):
        samples = WINDOW[: (n_frames - 1) * 1708 + 2048].astype(np.float64)
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
        frames = [samples[start : start + 2048] * hann for start in range(0, len(samples) - 2047, 1708)]
        expected = [mel_filterbank(ModelParams()) @ np.abs(np.fft.rfft(frame)) ** 2 for frame in frames]
        np.testing.assert_allclose(LogMel().mel_power(samples.astype(np.float32)), expected, rtol=1e-4, atol=1e-9)


def test_windows_half_a_second_apart_share_no_frame() -> None:
    """So frames cannot be kept from one window for the next: 11,025 and 1,708 samples have only 7 in common."""
    starts = [{11_025 * window + 1_708 * frame for frame in range(38)} for window in range(6)]
    assert all(not starts[0] & others for others in starts[1:])
