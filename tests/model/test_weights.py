"""The shipped weights are what their card says, small enough, and right as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from model.calibration import with_temperature
from model.checkpoint import DEFAULT_CHECKPOINT, read_card, read_weights
from model.classifier import Classifier
from model.study.datasets.gtzan import cut_windows, load_clips
from model.study.evaluation.metrics import metrics_of
from model.study.network import load_network, predict
from tests.gtzan import needs_gtzan


@pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")
def test_keras_and_litert_weights_agree_within_a_ten_thousandth() -> None:
    classifier = Classifier()
    windows = np.random.default_rng(0).uniform(-80, 0, (50, 38, 128)).astype(np.float32)
    windows -= windows.max(axis=(1, 2), keepdims=True)
    windows[:25] = np.maximum(np.cumsum(windows[:25] + 40, axis=2) / 8 - 30, -80).clip(-80, 0)
    raw = predict(load_network(DEFAULT_CHECKPOINT / "model.keras"), windows)
    keras = with_temperature(raw, classifier.card.temperature)
    assert np.abs(classifier.posteriors(windows) - keras).max() < 1e-4


def test_both_weights_have_the_hashes_of_the_card_and_the_network_is_small() -> None:
    card = read_card(DEFAULT_CHECKPOINT)
    for kind in ("keras", "litert"):
        assert read_weights(DEFAULT_CHECKPOINT, card, kind)
    assert card.n_parameters <= 500_000


def test_the_card_states_the_figures_people_rely_on() -> None:
    stated = read_card(DEFAULT_CHECKPOINT).figures
    assert stated["split"] == "fault-filtered test"
    assert stated["n_tracks"] == 290
    assert stated["track_accuracy"] >= 0.62
    assert stated["window_accuracy"] >= 0.57
    assert np.sum(stated["confusion"]) == 290
    assert stated["artist_clean"]["n_tracks"] == 263


@needs_gtzan
def test_the_served_network_is_right_as_often_as_its_card_says() -> None:
    classifier = Classifier()
    clips = load_clips("test")
    windows = cut_windows(clips.columns_db)
    posteriors = classifier.posteriors(windows.reshape(-1, *windows.shape[2:])).reshape(*windows.shape[:2], -1)
    measured = metrics_of(posteriors, clips.labels, classifier.card.genres)
    for key in ("track_accuracy", "window_accuracy", "expected_calibration_error"):
        assert measured[key] == pytest.approx(classifier.card.figures[key], abs=2e-3)
