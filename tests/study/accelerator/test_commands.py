"""From `accelerate` to a checkpoint and to figures over seeds; the file between them; JAX that is missing."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import model.study.datasets.sets
import model.study.network
from model.cli import main
from model.errors import ParameterError, TrainingError
from model.study.accelerator.fits import Fits
from model.study.datasets.gtzan import cut_windows
from model.study.datasets.sets import TrainingData
from model.study.network import NetworkParams, load_network, predict_tracks
from tests.study.recipe_data import tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

DATA = TrainingData(
    ("a", "b"),
    tracks(6, seed=1).clips,
    tracks(4, seed=2).clips,
    tracks(4, seed=3).clips,
    described={"n_tracks": 6, "n_valid_tracks": 4},
)


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `accelerate` writes for two seeds of a tiny network after a step."""
    path = tmp_path_factory.mktemp("fits") / "fits.npz"
    tiny = NetworkParams(n_genres=2, filters=(2, 3), dense_units=4)
    options = "--epochs 1 --steps-per-epoch 1 --batch-size 2 --nonmusic-per-batch 0 --masks 0 --quiet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model.study.datasets.sets, "from_gtzan", lambda: DATA)
        patch.setattr(model.study.network, "NetworkParams", lambda n_genres: replace(tiny, n_genres=n_genres))
        assert main(["accelerate", "--seeds", "3", "5", *options.split(), "--output", str(path)]) == 0
    return path


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.study.datasets.sets, "from_gtzan", lambda: DATA)


def test_the_file_tells_how_each_seed_was_fitted_and_what_valid_says_of_it(fits: Path) -> None:
    found = Fits.read(fits)
    assert (sorted(found.weights), found.steps, found.learnt_from) == ([3, 5], 1, "train")
    assert (found.train.batch_size, found.augment.masks, found.genres) == (2, 0, ("a", "b"))
    assert found.device
    assert found.versions["jax"]
    posteriors = predict_tracks(found.model_of(5), cut_windows(DATA.valid.columns_db))
    right = (np.log(posteriors).sum(axis=1).argmax(axis=1) == DATA.valid.labels).mean()
    assert found.figures[5]["valid_track_accuracy"] == pytest.approx(right)
    with pytest.raises(ParameterError, match="the seeds are 3, 5"):
        found.model_of(4)
    wrong = replace(found, network=replace(found.network, dense_units=5))
    with pytest.raises(TrainingError, match="not those of the network"):
        wrong.model_of(3)


def test_a_checkpoint_scores_as_the_weights_that_it_was_exported_from(fits: Path, tmp_path: Path) -> None:
    out = tmp_path / "checkpoint"
    assert main(["train", "--fitted", str(fits), "--seed", "5", "--output", str(out), "--quiet"]) == 0
    windows_db = cut_windows(DATA.valid.columns_db)
    found = predict_tracks(load_network(out / "model.keras"), windows_db)
    np.testing.assert_allclose(found, predict_tracks(Fits.read(fits).model_of(5), windows_db), atol=1e-6)
    training = json.loads((out / "card.json").read_text(encoding="utf-8"))["training"]
    assert (training["seed"], training["steps"], training["train"]["batch_size"]) == (5, 1, 2)
    assert training["fitted_by"]["device"] == Fits.read(fits).device


def test_seeds_reports_on_test_for_every_seed_there_is(fits: Path, tmp_path: Path) -> None:
    out = tmp_path / "seeds.json"
    assert main(["seeds", "--fitted", str(fits), "--out", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [fit["seed"] for fit in found["seeds"]] == [3, 5]
    assert (found["list"], found["learnt_from"], found["teachers"]) == ("fault-filtered test list", "train", "none")
    assert found["fitted_by"]["command"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("train --epochs 3", "leave out --epochs"),
        ("train --with-teachers", "leave out --with-teachers"),
        ("train --twin there", "leave out --twin"),
        ("seeds --learning-rate 0.1", "leave out --learning-rate"),
    ],
)
def test_what_the_file_settles_is_refused_on_the_command_line(
    command: str, reason: str, fits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.split(), "--fitted", str(fits)]) == 2
    assert reason in capsys.readouterr().err


def test_weights_that_learnt_from_valid_need_a_twin(
    fits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = tmp_path / "both.npz"
    replace(Fits.read(fits), learnt_from="train-and-valid").write(both)
    assert main(["train", "--fitted", str(both), "--seed", "3"]) == 2
    assert "name with --twin" in capsys.readouterr().err
    assert main(["seeds", "--fitted", str(both), "--quick"]) == 2
    assert "learnt from valid" in capsys.readouterr().err


def test_a_file_that_holds_no_fits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.npz").write_bytes(b"no archive")
    for name in ("other.npz", "missing.npz"):
        with pytest.raises(TrainingError, match="accelerate"):
            Fits.read(tmp_path / name)


def test_without_jax_the_command_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    assert main(["accelerate"]) == 2
    assert 'pip install "jax[cuda13]"' in capsys.readouterr().err
