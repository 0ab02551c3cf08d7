"""Descriptors are librosa's, and those of the published table of 3 s pieces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.audio.decode import decode
from model.descriptors.chroma import NOTES
from model.descriptors.window import MEANS, Descriptors
from model.errors import ParameterError
from model.study.datasets.gtzan import gtzan_home
from model.study.datasets.pieces_table import load_pieces
from tests.gtzan import needs_gtzan
from tests.sounds import chord

RATE_HZ = 22_050
N_SAMPLES = 66_150


def _sounds() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    time = np.arange(N_SAMPLES) / RATE_HZ
    music = sum(np.sin(2 * np.pi * hz * 1.011 * time) / n for n, hz in enumerate((110, 165, 220.5, 277, 440, 1320), 1))
    beats = random.normal(size=N_SAMPLES) * (np.sin(2 * np.pi * 2 * time) > 0.8)
    return {
        "chord": chord(3.0),
        "music": (0.1 * music + 0.05 * beats).astype(np.float32),
        "noise": (0.1 * random.normal(size=N_SAMPLES)).astype(np.float32),
        "quiet": (1e-4 * random.normal(size=N_SAMPLES)).astype(np.float32),
    }


@pytest.mark.parametrize("name", ["chord", "music", "noise", "quiet"])
def test_every_series_is_librosas(name: str) -> None:
    librosa = pytest.importorskip("librosa")
    samples = _sounds()[name]
    feature: Any = librosa.feature
    expected = {
        "chroma_stft": feature.chroma_stft(y=samples, sr=RATE_HZ).T,
        "rms": feature.rms(y=samples)[0],
        "spectral_centroid": feature.spectral_centroid(y=samples, sr=RATE_HZ)[0],
        "spectral_bandwidth": feature.spectral_bandwidth(y=samples, sr=RATE_HZ)[0],
        "rolloff": feature.spectral_rolloff(y=samples, sr=RATE_HZ)[0],
        "zero_crossing_rate": feature.zero_crossing_rate(samples)[0],
        "mfcc": feature.mfcc(y=samples, sr=RATE_HZ).T,
    }
    found = Descriptors().series(samples)
    assert list(found) == list(expected)
    for series, values in expected.items():
        np.testing.assert_allclose(found[series], values, rtol=2e-3, atol=2e-3, err_msg=series)


def test_the_means_are_those_of_the_series() -> None:
    samples = _sounds()["music"]
    describe = Descriptors()
    means = describe(samples)
    assert means.shape == (len(MEANS),) == (26,)
    series = describe.series(samples)
    assert means[MEANS.index("rms_mean")] == pytest.approx(series["rms"].mean())
    assert means[MEANS.index("mfcc20_mean")] == pytest.approx(series["mfcc"][:, 19].mean(), abs=1e-4)


def test_chroma_names_the_note_that_sounds() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(N_SAMPLES) / RATE_HZ).astype(np.float32)
    assert NOTES[int(Descriptors().series(tone)["chroma_stft"].mean(axis=0).argmax())] == "A"


def test_silence_has_finite_descriptors() -> None:
    assert np.isfinite(Descriptors()(np.zeros(N_SAMPLES, np.float32))).all()


def test_a_window_of_another_length_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"\(100,\); the descriptors need exactly \(66150,\)"):
        Descriptors()(np.zeros(100, np.float32))


@needs_gtzan
def test_the_descriptors_of_a_window_are_those_of_the_table_of_pieces() -> None:
    home = gtzan_home()
    _, pieces = load_pieces(home)
    samples = decode(home / "audio" / "blues" / "blues.00000.flac").samples
    describe = Descriptors()
    for number in range(3):
        window = samples[number * N_SAMPLES : (number + 1) * N_SAMPLES]
        np.testing.assert_allclose(describe(window), pieces["blues.00000"][number], rtol=1e-3, atol=1e-3)
