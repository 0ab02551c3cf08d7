"""Several fits of one network, and how far their metrics lie apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import model.study.datasets.sets
from model.cli import main
from model.errors import ParameterError
from model.study.datasets.sets import TrainingData
from model.study.evaluation.seeds import mean_and_deviation, seed_metrics
from tests.study.recipe_data import tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")


def _posteriors(labels: np.ndarray, wrong: int) -> np.ndarray:
    """Three windows a track, sure of its genre, but for the first tracks, sure of the other."""
    named = labels.copy()
    named[:wrong] = 1 - named[:wrong]
    return np.repeat(np.where(np.eye(2)[named][:, None] == 1, 0.9, 0.1), 3, axis=1).astype(np.float32)


def test_the_metrics_of_a_fit_are_those_of_all_tracks_and_of_new_artists() -> None:
    labels = np.arange(10) % 2
    found = seed_metrics(_posteriors(labels, 2), labels, ("a", "b"), artist_clean=[0, 4, 5, 6])
    assert found["track_accuracy"] == found["window_accuracy"] == 0.8
    assert found["artist_clean_track_accuracy"] == found["artist_clean_window_accuracy"] == 0.75
    assert found["window_log_loss"] == pytest.approx(-0.8 * np.log(0.9) - 0.2 * np.log(0.1), abs=1e-6)
    assert "artist_clean_track_accuracy" not in seed_metrics(_posteriors(labels, 2), labels, ("a", "b"), ())


def test_mean_and_deviation_are_those_of_a_sample() -> None:
    found = mean_and_deviation([{"seed": 0, "track_accuracy": 0.6}, {"seed": 1, "track_accuracy": 0.8}])
    assert found["mean"] == {"track_accuracy": pytest.approx(0.7)}
    assert found["deviation"] == {"track_accuracy": pytest.approx(0.2 / np.sqrt(2))}
    assert mean_and_deviation([{"seed": 7, "track_accuracy": 0.6}])["deviation"] == {"track_accuracy": 0}
    with pytest.raises(ParameterError, match="at least one seed"):
        mean_and_deviation([])


def test_the_command_fits_each_seed_and_leaves_the_test_list_alone_when_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        model.study.datasets.sets,
        "from_gtzan",
        lambda: TrainingData(("a", "b"), tracks(6, seed=1).clips, tracks(4, seed=2).clips, None),
    )
    out = tmp_path / "seeds.json"
    arguments = ["seeds", "--quick", "--quiet", "--seeds", "3", "5", "--runs", str(tmp_path), "--out", str(out)]
    assert main(arguments) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert [fit["seed"] for fit in result["seeds"]] == [3, 5]
    assert (result["list"], result["n_tracks"], result["steps"]) == ("valid (quick)", 4, 2)
    assert result["mean"]["window_log_loss"] == pytest.approx(np.mean([f["window_log_loss"] for f in result["seeds"]]))
    assert "seed 5:" in capsys.readouterr().out
    first = result["seeds"]
    assert main(arguments) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["seeds"] == first  # finished runs are taken as they are
