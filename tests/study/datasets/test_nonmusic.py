"""Sounds that are no music: made by chance, divided into those to learn from and those to measure on."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from model.calibration import spread_of
from model.classifier import Classifier
from model.errors import DatasetError
from model.study.datasets import speech
from model.study.datasets.nonmusic import make_windows


def test_sounds_that_are_no_music_differ_between_learning_and_measuring() -> None:
    learn = make_windows(per_kind=2, seed=0, measure=False, with_speech=False)
    measure = make_windows(per_kind=2, seed=0, measure=True, with_speech=False)
    assert set(learn) < set(measure)
    for windows in measure.values():
        assert windows.shape == (2, 38, 128)
        assert np.isfinite(windows).all()
    assert not np.array_equal(learn["tone"], measure["tone"])
    again = make_windows(per_kind=2, seed=0, measure=False, with_speech=False)
    np.testing.assert_array_equal(learn["hum"], again["hum"])


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_speech_is_made_where_espeak_is_installed() -> None:
    assert make_windows(per_kind=1, seed=0, measure=True)["speech"].shape == (6, 38, 128)


def test_without_espeak_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech.shutil, "which", lambda _program: None)
    with pytest.raises(DatasetError, match="install it"):
        speech.speak("hello", "en-gb", speed=150, pitch=50, rate_hz=22_050)


def test_the_shipped_network_is_unsure_of_sounds_that_are_no_music() -> None:
    classifier = Classifier()
    kinds = make_windows(per_kind=8, seed=123, measure=True, with_speech=shutil.which("espeak-ng") is not None)
    flagged = {
        kind: float((spread_of(classifier.posteriors(windows)) > classifier.card.largest_spread).mean())
        for kind, windows in kinds.items()
    }
    assert np.mean(list(flagged.values())) >= 0.9, flagged
