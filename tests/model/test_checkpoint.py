"""A checkpoint whose parts do not belong together is refused, with the reason."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.calibration import is_unsure, spread_of, with_temperature
from model.checkpoint import DEFAULT_CHECKPOINT, Card, find_checkpoint, read_card, write_card
from model.classifier import Classifier
from model.errors import CheckpointError, ParameterError
from model.genres import GENRES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_CHECKPOINT, tmp_path / "checkpoint"))


def _edit(folder: Path, **changes: Any) -> None:
    path = folder / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_the_shipped_card_names_the_ten_genres_and_reads_back_as_written(folder: Path) -> None:
    card = read_card(folder)
    assert card.genres == GENRES
    write_card(folder, card)
    assert read_card(folder) == card
    assert Card.from_dict(card.to_dict()) == card


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no card\.json"):
        Classifier(tmp_path)


def test_a_card_that_is_not_json_is_refused(folder: Path) -> None:
    (folder / "card.json").write_text("{")
    with pytest.raises(CheckpointError, match="not JSON"):
        Classifier(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"genres": None}, "cannot be read"),
        ({"colour": "blue"}, "colour"),
        ({"temperature": 0.0}, r"temperature is 0\.0"),
        ({"genres": ["jazz", "jazz"]}, "must be different"),
        ({"genres": ["jazz", "rock"]}, "maps"),
        ({"files": {}}, "lists no litert"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, changes: dict[str, Any], words: str) -> None:
    _edit(folder, **changes)
    with pytest.raises(CheckpointError, match=words):
        Classifier(folder)


def test_weights_that_the_card_does_not_know_are_refused(folder: Path) -> None:
    path = folder / read_card(folder).files["litert"].name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match="do not belong together"):
        Classifier(folder)
    path.unlink()
    with pytest.raises(CheckpointError, match="missing"):
        Classifier(folder)


def test_a_log_mel_of_another_shape_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"\(1, 38, 64\)"):
        Classifier().posteriors(np.zeros((1, 38, 64), np.float32))


def test_many_threads_get_the_scores_of_one() -> None:
    classifier = Classifier()
    log_mels = np.random.default_rng(0).uniform(-80, 0, (6, 38, 128)).astype(np.float32)
    expected = classifier.posteriors(log_mels)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(classifier.posteriors(log_mels))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    for result in results:
        np.testing.assert_array_equal(result, expected)


def test_temperature_divides_the_logits() -> None:
    logits = np.array([[2.0, 0.0, -1.0]], np.float32)
    softmax = np.exp(logits) / np.exp(logits).sum()
    expected = np.exp(logits / 2) / np.exp(logits / 2).sum()
    np.testing.assert_allclose(with_temperature(softmax, 2.0), expected, rtol=1e-5)
    np.testing.assert_allclose(with_temperature(softmax, 1.0), softmax, rtol=1e-5)


def test_the_spread_is_the_share_of_the_largest_entropy() -> None:
    posteriors = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]], np.float32)
    np.testing.assert_allclose(spread_of(posteriors), [0, 0.5, 1], atol=1e-6)
    assert spread_of(np.ones(1, np.float32)) == 0  # a model of a single genre is never unsure


def test_unsure_is_a_posterior_spread_too_evenly() -> None:
    halves = np.array([0.5, 0.5, 0, 0], np.float32)
    assert is_unsure(halves, 0.49)
    assert not is_unsure(halves, 0.51)


def test_a_checkpoint_is_found_by_the_name_of_a_shipped_model_or_by_its_folder() -> None:
    assert find_checkpoint("two_block") == DEFAULT_CHECKPOINT
    assert find_checkpoint("./two_block") == Path("two_block")
    with pytest.raises(CheckpointError, match=r"somewhere holds no card\.json.*two_block"):
        read_card(find_checkpoint("somewhere"))
