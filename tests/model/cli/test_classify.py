"""The command line, as a person runs it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.cli import main
from model.genres import GENRES
from tests.sounds import chord, encoded, write


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write(tmp_path / "song.wav", encoded(chord(7.0)))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write(tmp_path / "broken.wav", b"this is no sound")


def test_classify_names_a_genre_or_a_state_for_each_file(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", str(song), str(song)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{song}: ")


def test_json_is_a_list_in_the_order_of_the_files(song: Path, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--json", str(broken), str(song), "missing.mp3"]) == 1
    bad, good, missing = json.loads(capsys.readouterr().out)
    assert bad == {"file": str(broken), "error": bad["error"]}
    assert "not audio" in bad["error"]
    assert "missing.mp3" in missing["error"]
    assert good["file"] == str(song)
    assert set(good) == {
        "file", "genre", "state", "probabilities", "share", "segments", "windows", "duration_seconds", "hop_seconds",
        "model", "warnings",
    }  # fmt: skip
    assert tuple(good["probabilities"]) == GENRES
    assert sum(good["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert good["duration_seconds"] == pytest.approx(7.0)
    assert [(w["start_seconds"], w["end_seconds"]) for w in good["windows"]] == [(0, 3), (3, 6), (4, 7)]
    assert all(tuple(w["probabilities"]) == GENRES for w in good["windows"])


def test_csv_has_one_row_a_file(song: Path, broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--csv", str(broken), str(song)]) == 1
    bad, good = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert "not audio" in bad["error"]
    assert good["error"] == ""
    assert sum(float(good[genre]) for genre in GENRES) == pytest.approx(1, abs=1e-5)


def test_the_hop_is_obeyed(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--json", "--hop", "0.5", str(song)]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["hop_seconds"] == 0.5
    assert [w["start_seconds"] for w in result["windows"]] == [0.5 * k for k in range(9)]


def test_a_bad_hop_ends_with_status_2_and_says_the_range(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "--hop", "0", str(song)]) == 2
    assert "use 0.1 to 3.0 s" in capsys.readouterr().err


def test_a_bad_file_is_reported_and_the_rest_goes_on(
    song: Path, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", str(broken), str(song)]) == 1
    captured = capsys.readouterr()
    assert "broken.wav is not audio" in captured.err
    assert "song.wav" in captured.out


def test_info_prints_the_honest_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["genres"] == list(GENRES)
    for figure in ("track_accuracy", "window_accuracy"):
        assert 0.5 < card[figure] < 1
    assert 0 <= card["expected_calibration_error"] < 0.2
    assert main(["info"]) == 0
    assert "track_accuracy: 0." in capsys.readouterr().out


def test_classify_runs_quietly_without_tensorflow_or_librosa(song: Path) -> None:
    program = (
        "import sys; from model.cli import main; status = main(sys.argv[1:]);"
        "heavy = {'tensorflow', 'keras', 'librosa', 'scipy', 'matplotlib', 'dash'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "classify", "--json", str(song)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == 1
