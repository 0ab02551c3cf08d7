"""``model explain``: words, picture, JSON, and faults told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.cli import main
from tests.sounds import chord, encoded, write


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write(tmp_path / "song.wav", encoded(chord(7.0)))


def test_a_moment_is_explained_in_words_and_drawn(
    song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "why.png"
    assert main(["explain", str(song), "--at", "0:05.2", "--genre", "jazz", "-o", str(picture)]) == 0
    told = capsys.readouterr().out
    assert f"{song}, 0:02.0 to 0:05.0: jazz 0." in told
    assert "speaks most for it: 0:0" in told
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_a_moment_the_end_is_explained_for_the_leading_genre(
    song: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(song), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["start_seconds"], told["end_seconds"]) == (4.0, 7.0)
    assert len(told["relevance"]) == 38
    assert 4 <= told["most_for"]["start_seconds"] < told["most_for"]["end_seconds"] <= 7.01
    assert main(["classify", str(song), "--hop", "0.5", "--json"]) == 0
    last = json.loads(capsys.readouterr().out)[0]["windows"][-1]
    assert told["probability"] == pytest.approx(last["probabilities"][told["genre"]], abs=1e-4)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--at", "2"], "By 2 s no window"),
        (["--genre", "polka"], "no genre 'polka'"),
        (["--model", "mel_cnn"], "mel_cnn has no explainer"),
        (["-o", "/nowhere/why.png"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    song: Path, options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(song), *options]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
