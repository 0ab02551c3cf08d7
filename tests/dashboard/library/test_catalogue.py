"""The catalogue of the samples: what is wrong with it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.errors import CatalogueError
from dashboard.library.catalogue import read_catalogue
from dashboard.settings import Settings
from model.audio.decode import decode
from model.params import AudioParams


def test_a_missing_catalogue_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"catalogue\.json is missing"):
        read_catalogue(tmp_path, tmp_path, AudioParams())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON"),
        ("[]", "at least one"),
        ("{}", "at least one"),
        ('[{"title": "x"}]', "cannot be read"),
        ("[1]", "cannot be read"),
        ('[{"title": "x", "file": "none.wav"}]', r"none\.wav cannot be read"),
        ('[{"title": "x", "file": "catalogue.json"}]', "damaged"),
    ],
)
def test_a_damaged_catalogue_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "catalogue.json").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        read_catalogue(tmp_path, tmp_path, AudioParams())


def test_the_same_sample_twice_is_told(samples_folder: Path, tmp_path: Path) -> None:
    rows = json.loads((samples_folder / "catalogue.json").read_text(encoding="utf-8"))
    rows[0]["file"] = rows[1]["file"] = str(samples_folder / "first.flac")
    (tmp_path / "catalogue.json").write_text(json.dumps(rows[:2]), encoding="utf-8")
    with pytest.raises(CatalogueError, match="twice"):
        read_catalogue(tmp_path, tmp_path, AudioParams())


def test_shipped_samples_are_as_long_as_their_catalogue_says(tmp_path: Path) -> None:
    folder = Settings().samples_folder
    rows = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    for row, record in zip(rows, read_catalogue(folder, tmp_path, AudioParams()), strict=True):
        assert record.duration_samples == len(decode(record.path).samples)
        assert record.duration_samples / 22_050 == pytest.approx(row["duration_seconds"], abs=0.002)
