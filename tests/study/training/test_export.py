"""An exported checkpoint is whole: both kinds of weights agree, and the card tells their hashes and figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import read_card, read_weights, sha256
from model.classifier import Classifier
from model.errors import TrainingError
from model.study.evaluation.metrics import confusion_counts, expected_calibration_error, metrics_of
from model.study.network import NetworkParams, build_network, load_network, predict
from model.study.training import export
from model.study.training.export import LabelledWindows, Provenance, export_checkpoint

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

PROVENANCE = Provenance("tiny", "0.0.1", ("high", "low", "middle"), {"source": "random numbers"}, {"seed": 3})


def _data() -> LabelledWindows:
    windows = np.random.default_rng(0).uniform(-80, 0, (6, 4, 38, 128)).astype(np.float32)
    return LabelledWindows(windows, np.arange(6) % 3)


def test_the_checkpoint_can_be_served_and_both_weights_agree(tmp_path: Path) -> None:
    data = _data()
    model = build_network(NetworkParams(n_genres=3, filters=(4, 8), dense_units=16))
    card = export_checkpoint(model, tmp_path, PROVENANCE, valid=data, test=data, artist_clean=(0, 1))
    assert read_card(tmp_path) == card
    assert card.files["keras"].sha256 == sha256((tmp_path / "model.keras").read_bytes())
    assert card.n_parameters == model.count_params()
    assert card.figures["artist_clean"]["n_tracks"] == 2
    assert card.figures["largest_litert_difference"] < 1e-4

    windows = data.windows_db[0]
    served = Classifier(tmp_path).posteriors(windows)
    assert read_weights(tmp_path, card, "keras")
    raw = predict(load_network(tmp_path / "model.keras"), windows)
    from model.calibration import with_temperature

    np.testing.assert_allclose(served, with_temperature(raw, card.temperature), atol=1e-4)


def test_weights_that_disagree_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "litert_difference", lambda *_: 0.01)
    model = build_network(NetworkParams(n_genres=3, filters=(4, 8), dense_units=16))
    with pytest.raises(TrainingError, match=r"differ by 1\.0e-02"):
        export_checkpoint(model, tmp_path, PROVENANCE, valid=_data())
    assert not list(tmp_path.iterdir())


def test_the_metrics_count_what_they_say() -> None:
    posteriors = np.array(
        [[[0.8, 0.1, 0.1], [0.2, 0.7, 0.1]], [[0.1, 0.8, 0.1], [0.1, 0.6, 0.3]], [[0.5, 0.3, 0.2], [0.6, 0.2, 0.2]]],
        np.float32,
    )
    labels = np.array([0, 1, 2])
    found = metrics_of(posteriors, labels, ("a", "b", "c"))
    assert found["window_accuracy"] == pytest.approx(3 / 6)
    assert found["track_accuracy"] == pytest.approx(2 / 3)
    assert found["recall"] == {"a": 1.0, "b": 1.0, "c": 0.0}
    assert found["confusion"] == confusion_counts(np.array([0, 1, 0]), labels, 3).tolist()
    assert (found["n_tracks"], found["n_windows"]) == (3, 6)
    json.dumps(found)


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    posteriors = np.tile(np.array([0.75, 0.25]), (100, 1))
    half_right = np.arange(100) % 2
    assert expected_calibration_error(posteriors, half_right) == pytest.approx(0.25)
    three_quarters = (np.arange(100) % 4 == 0).astype(np.int64)
    assert expected_calibration_error(posteriors, three_quarters) == pytest.approx(0.0, abs=1e-9)
