"""What several rooms of the service's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.checkpoint import DEFAULT_CHECKPOINT
from model.genres import GENRES
from tests.checkpoints import renamed_copy, tiny_checkpoint


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two checkpoints of the same genres as the shipped one, one of other genres, and files that are none."""
    folder = tmp_path_factory.mktemp("models")
    tiny_checkpoint(folder / "long", GENRES, name="mel_cnn", window_seconds=5.0, training={"title": "5 s mel CNN"})
    renamed_copy(DEFAULT_CHECKPOINT, folder / "same_weights", name="other_name")
    tiny_checkpoint(folder / "short", GENRES, name="mfcc_logreg", seed=2, figures={"track_accuracy": 0.4})
    tiny_checkpoint(folder / "own", ("salsa", "tango"), name="dances")
    (folder / "mel_22050_2048_128.npz").write_bytes(b"no checkpoint")
    (folder / "notes").mkdir()
    return folder
