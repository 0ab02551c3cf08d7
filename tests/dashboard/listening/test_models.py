"""The models that can be asked: found, told apart, loaded when first needed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from dashboard.errors import ModelsError, ModelUnusableError, UnknownModelError
from dashboard.listening.models import Models
from model.checkpoint import DEFAULT_CHECKPOINT, sha256
from model.genres import GENRES
from model.params import AudioParams, ModelParams
from tests.checkpoints import tiny_checkpoint


def test_the_weights_of_a_model_are_loaded_once(models_folder: Path) -> None:
    models = Models(DEFAULT_CHECKPOINT, models_folder)
    assert models.scorer("dances") is models.scorer("dances")
    assert models.scorer().classifier.card == models.default.card
    models.close()


def test_two_models_of_one_name_are_told_apart_by_their_weights(tmp_path: Path, models_folder: Path) -> None:
    own = tiny_checkpoint(tmp_path / "own", ("a", "b"), name="dances", seed=9)
    models = Models(own, models_folder)
    shipped = sha256((models_folder / "own" / "model.tflite").read_bytes())[:12]
    assert [model.name for model in models.served][:2] == ["dances", f"dances-{shipped}"]
    assert models.find(f"dances-{shipped}").card.genres == ("salsa", "tango")


def test_only_models_of_the_same_genres_are_comparable(models_folder: Path) -> None:
    assert [model.name for model in Models(models_folder / "own", models_folder).others] == []
    names = [model.name for model in Models(models_folder / "long", models_folder).others]
    assert names == ["mfcc_logreg", "other_name"]


def test_a_model_that_cannot_be_used_is_left_out_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("damaged", "no_weights", "other_rate"):
        tiny_checkpoint(tmp_path / name, GENRES, name=name)
    (tmp_path / "damaged" / "card.json").write_text("{")
    (tmp_path / "no_weights" / "model.tflite").unlink()
    tiny_checkpoint(tmp_path / "other_rate", GENRES, name="other_rate", params=ModelParams(AudioParams(16_000)))
    with caplog.at_level(logging.WARNING):
        models = Models(DEFAULT_CHECKPOINT, tmp_path)
    assert [model.name for model in models.served] == ["two_block"]
    for reason in ("is not JSON", "has no LiteRT weights", "hears 16000 Hz, the default 22050 Hz"):
        assert reason in caplog.text


def test_weights_that_do_not_belong_to_the_card_are_refused_when_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tiny_checkpoint(tmp_path / "broken", GENRES, name="broken") / "model.tflite").write_bytes(b"other")
    models = Models(DEFAULT_CHECKPOINT, tmp_path)
    with pytest.raises(ModelUnusableError, match="not those that its card names"):
        models.scorer("broken")
    assert "do not belong together" in caplog.text


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelsError, match="GENRE_MODELS_FOLDER"):
        Models(DEFAULT_CHECKPOINT, tmp_path / "nowhere")


def test_an_unknown_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="use one of: two_block"):
        Models(DEFAULT_CHECKPOINT, tmp_path).scorer("none")
