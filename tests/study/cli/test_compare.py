"""The table of recipes grows run by run, and the command that fills it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from model.checkpoint import DEFAULT_CHECKPOINT, read_card
from model.classifier import Classifier
from model.cli import main
from model.errors import CheckpointError, DatasetError
from model.genres import GENRES
from model.posteriors import product_rule
from model.study import recipes
from model.study.datasets.gtzan import cut_windows
from model.study.recipes import data, recipe
from model.study.recipes.base import Examples
from model.study.recipes.served import measure_checkpoint
from model.study.recipes.table import add_run, read_table, to_markdown, write_table
from tests.study.recipe_data import Memory, lists, tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

COMMON = {"n_parameters": 1234, "windows_per_second": 100.0, "seconds": 2.0, "command": "python -m model compare it"}
ORDER = ("memory", "mel_cnn")


def _leaking(seed: int, accuracy: float, **more: Any) -> dict[str, Any]:
    counts = {"unit": "windows", "heard": 1.0, "n_train": 80, "n_test": 10}
    return {"seed": seed, "accuracy": accuracy, **counts, **COMMON, **more}


def _honest(seed: int, accuracy: float) -> dict[str, Any]:
    figures = {"track_accuracy": accuracy, "window_accuracy": accuracy - 0.1, "n_tracks": 10, "n_windows": 50}
    return {"seed": seed, "test": figures, "valid": figures, **COMMON}


def _with_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put small made-up tracks in GTZAN's place, and a recipe that only remembers beside the others."""
    parts = {**lists(n_genres=10), "artist_clean": tracks(4, seed=2, n_genres=10)}

    def named_like_gtzan(examples: Examples) -> Examples:
        return Examples(examples.clips, GENRES, examples.table)

    monkeypatch.setattr(data, "load_list", lambda split: named_like_gtzan(parts[split]))
    monkeypatch.setattr(data, "load_all", lambda: named_like_gtzan(tracks(40, seed=8, n_genres=10)))
    monkeypatch.setitem(recipes.RECIPES, "memory", "tests.study.recipe_data:RECIPE")


def test_a_new_run_keeps_other_rows_protocols_and_seeds(tmp_path: Path) -> None:
    table = add_run(read_table(tmp_path), Memory.about, "leaking", _leaking(1, 0.8))
    table = add_run(table, recipe("mel_cnn").about, "honest", _honest(0, 0.5))
    write_table(tmp_path, table, ORDER)
    table = add_run(read_table(tmp_path), Memory.about, "leaking", _leaking(0, 0.9))
    table = add_run(table, Memory.about, "honest", _honest(0, 0.4))
    write_table(tmp_path, table, ORDER)
    rows = read_table(tmp_path)["recipes"]
    assert list(rows) == ["memory", "mel_cnn"]
    assert [(run["seed"], run["accuracy"]) for run in rows["memory"]["leaking"]] == [(0, 0.9), (1, 0.8)]
    assert rows["memory"]["honest"][0]["test"]["track_accuracy"] == 0.4
    assert rows["mel_cnn"]["honest"][0]["test"]["track_accuracy"] == 0.5


def test_a_run_of_the_same_seed_replaces_the_earlier_one() -> None:
    table = add_run({"recipes": {}}, Memory.about, "leaking", _leaking(3, 0.8))
    newer = add_run(table, Memory.about, "leaking", _leaking(3, 0.7))
    assert [run["accuracy"] for run in newer["recipes"]["memory"]["leaking"]] == [0.7]
    assert [run["accuracy"] for run in table["recipes"]["memory"]["leaking"]] == [0.8]


def test_a_new_release_takes_the_place_of_the_old_one() -> None:
    older = {**_leaking(0, 0.8), "checkpoint": {"version": "0.3.0"}}
    table = add_run({"recipes": {}}, Memory.about, "honest", older)
    table = add_run(table, Memory.about, "honest", _leaking(5, 0.6))
    table = add_run(table, Memory.about, "honest", {**_leaking(1, 0.7), "checkpoint": {"version": "0.4.0"}})
    assert [run["seed"] for run in table["recipes"]["memory"]["honest"]] == [1, 5]


def test_the_page_shows_claim_mean_deviation_and_that_it_leaks() -> None:
    table = add_run({"recipes": {}}, Memory.about, "leaking", _leaking(0, 0.9))
    table = add_run(table, Memory.about, "leaking", _leaking(1, 0.8))
    table = add_run(table, Memory.about, "honest", _honest(0, 0.5))
    text = to_markdown(table)
    assert "| Memory | 3 s | 100.0 % | 85.0 ± 7.1 % (2) | 50.0 % | 40.0 % | 50.0 % | 1,234 | 100 |" in text
    assert "| leaks |" in text
    assert "leaking, seed 1: 80.0 % of 10 windows (leaks: 100.0 % of them from tracks in train)" in text
    assert "`python -m model compare it`" in text
    assert "(quick)" not in text
    assert "Memory (quick)" in to_markdown(add_run(table, Memory.about, "leaking", _leaking(1, 0.8, quick=True)))


def test_a_gpu_is_named_and_its_speed_is_not_beside_that_of_the_processor() -> None:
    table = add_run({"recipes": {}}, Memory.about, "leaking", _leaking(0, 0.9))
    on_gpu = _leaking(1, 0.8, computed_on="a graphics card (gpu)", windows_per_second=99_999.0)
    text = to_markdown(add_run(table, Memory.about, "leaking", on_gpu))
    assert "| 1,234 | 100 |" in text
    assert "`python -m model compare it`, 2 s on a graphics card (gpu)" in text
    assert "| 1,234 | – |" in to_markdown(add_run({"recipes": {}}, Memory.about, "leaking", on_gpu))


def test_the_command_says_where_keras_computed_with_jax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_data(monkeypatch)
    monkeypatch.setattr("keras.backend.backend", lambda: "jax")
    out = ["--out", str(tmp_path), "--quiet", "--quick", "--runs", str(tmp_path / "runs")]
    assert main(["compare", "mel_cnn", "memory", "--protocol", "leaking", "--splits", "1", *out]) == 0
    rows = read_table(tmp_path)["recipes"]
    with_keras = rows["mel_cnn"]["leaking"][0]
    assert with_keras["command"].startswith("KERAS_BACKEND=jax python -m model compare mel_cnn --protocol leaking")
    assert with_keras["computed_on"].endswith("(cpu)")
    assert "computed_on" not in rows["memory"]["leaking"][0]


@pytest.mark.parametrize("content", ["half a fi", "[]", '{"rows": 3}'])
def test_a_file_that_is_no_table_is_not_overwritten(tmp_path: Path, content: str) -> None:
    (tmp_path / "table.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match="no table of recipes"):
        read_table(tmp_path)
    assert (tmp_path / "table.json").read_text(encoding="utf-8") == content


def test_the_command_brings_one_recipe_up_to_date_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_data(monkeypatch)
    out = ["--out", str(tmp_path), "--quiet", "--runs", str(tmp_path / "runs")]
    assert main(["compare", "memory", "--splits", "2", "--seeds", "4", "5", *out]) == 0
    assert "memory, leaking, seed 1: 1.000 of windows (leaks)" in capsys.readouterr().out
    assert main(["compare", "mel_cnn", "--protocol", "leaking", "--splits", "1", "--quick", *out]) == 0
    rows = json.loads((tmp_path / "table.json").read_text())["recipes"]
    assert list(rows) == ["mel_cnn", "memory"]
    assert [run["accuracy"] for run in rows["memory"]["leaking"]] == [1.0, 1.0]
    assert [run["seed"] for run in rows["memory"]["honest"]] == [4, 5]
    assert rows["mel_cnn"]["leaking"][0]["quick"]
    assert "honest" not in rows["mel_cnn"]
    assert rows["mel_cnn"]["leaking"][0]["command"].endswith("--protocol leaking --splits 1 --quick")
    assert (tmp_path / "table.md").read_text(encoding="utf-8") == to_markdown(read_table(tmp_path))


def test_the_command_exports_what_it_fitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_data(monkeypatch)
    folders = ["--out", str(tmp_path / "table"), "--export", str(tmp_path / "mel_cnn")]
    n_valid = len(data.load_list("valid").clips.tracks)
    assert main(["compare", "mel_cnn", "--protocol", "honest", "--quick", "--quiet", *folders]) == 0
    card = read_card(tmp_path / "mel_cnn")
    assert (card.name, card.genres) == ("mel_cnn", GENRES)
    assert card.training["seed"] == 0
    assert card.figures["n_tracks"] == n_valid // 2  # a quick run does not look at test
    assert Classifier(tmp_path / "mel_cnn").card == card


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["polka"], "no recipe 'polka'"),
        (["mel_cnn", "--splits", "0"], "--splits is 0"),
        (["mel_cnn", "two_block", "--export", "x"], "--export is for the honest protocol of one recipe"),
        (["two_block", "--protocol", "leaking", "--checkpoint", "x"], "--checkpoint is for the honest protocol"),
        (["two_block", "--checkpoint", "x", "--export", "y"], "nothing to --export"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_checkpoint_that_exists_is_measured_as_it_is_served() -> None:
    examples = {part: Examples(one.clips, GENRES) for part, one in lists(n_genres=10).items()}
    run = measure_checkpoint(recipe("two_block"), Classifier(), examples)
    clips = examples["test"].clips
    windows = cut_windows(clips.columns_db).reshape(-1, 38, 128)
    decided = product_rule(Classifier().posteriors(windows).reshape(20, 10, 10)).argmax(axis=1)
    assert run["test"]["track_accuracy"] == pytest.approx((decided == clips.labels).mean())
    assert run["checkpoint"]["hash"] == read_card(DEFAULT_CHECKPOINT).short_hash
    with pytest.raises(CheckpointError, match="names the genres"):
        measure_checkpoint(recipe("two_block"), Classifier(), lists())
