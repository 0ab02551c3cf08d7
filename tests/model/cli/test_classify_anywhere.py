"""``classify`` where things are not as usual: names no locale can print, pipes, readers that leave, faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import model.result
from model.cli import main
from tests.sounds import chord, encoded, write

SONG = encoded(chord(4.0))


def run(
    *arguments: str | bytes, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "model", "classify", *arguments]
    return subprocess.run(command, capture_output=True, env={**os.environ, **(env or {})}, check=False, **options)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are Linux's")
@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C.UTF-8"},
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["UTF-8", "cp1252", "ASCII"],
)
def test_json_loses_nothing_of_names_that_cannot_be_printed(env: dict[str, str], tmp_path: Path) -> None:
    names = [b"caf\xe9.wav", "ツ é.wav".encode(), b"missing\xff.wav"]
    for name in names[:2]:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(SONG)
    done = run("--json", *names, env={"PYTHONPATH": str(Path.cwd()), **env}, cwd=tmp_path)
    assert done.returncode == 1
    encoding = env.get("PYTHONIOENCODING", "utf-8")
    results = json.loads(done.stdout.decode(encoding))
    assert [os.fsencode(result["file"]) if encoding == "utf-8" and "LC_ALL" in env else name
            for result, name in zip(results, names, strict=True)] == names  # fmt: skip
    assert ["error" in result for result in results] == [False, False, True]
    text = run(*names, env={"PYTHONPATH": str(Path.cwd()), **env}, cwd=tmp_path)
    assert (text.returncode, len(text.stdout.splitlines())) == (1, 2)


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input_is_read_from_a_pipe(name: str) -> None:
    done = run("--json", name, input=SONG)
    assert (done.returncode, done.stderr) == (0, b"")
    (result,) = json.loads(done.stdout)
    assert (result["file"], result["duration_seconds"]) == (name, 4.0)


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path: Path) -> None:
    song = str(write(tmp_path / "song.wav", SONG))
    command = [sys.executable, "-m", "model", "classify", "--json", "--hop", "0.1", *[song] * 20]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_fault_in_one_file_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    song, bad = write(tmp_path / "song.wav", SONG), write(tmp_path / "bad.wav", SONG)
    classify_file = model.result.classify_file

    def failing(analyzer: Any, decoding: Any) -> Any:
        if decoding.name == str(bad):
            raise RuntimeError("a bug")
        return classify_file(analyzer, decoding)

    monkeypatch.setattr(model.result, "classify_file", failing)
    assert main(["classify", "--json", str(song), str(bad), str(song)]) == 1
    first, second, third = json.loads(capsys.readouterr().out)
    assert "a bug" in second["error"]
    assert first["probabilities"] == third["probabilities"]


def test_warnings_are_in_the_json_and_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    song = write(tmp_path / "cut.wav", SONG[: round(0.9 * len(SONG))])
    assert main(["classify", "--json", str(song)]) == 0
    captured = capsys.readouterr()
    (result,) = json.loads(captured.out)
    assert result["warnings"] == [{"code": "truncated", "detail": "The file ends at 3.6 s of 4.0 s it promises."}]
    assert captured.err == f"{song}: The file ends at 3.6 s of 4.0 s it promises.\n"


def test_notes_of_native_libraries_stay_away_from_standard_error(tmp_path: Path) -> None:
    content = bytearray(encoded(chord(6.0), format="MP3"))
    content[len(content) // 2 : len(content) // 2 + 500] = bytes(range(1, 251)) * 2
    done = run(str(write(tmp_path / "damaged.mp3", bytes(content))))
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0
    assert all("damaged.mp3: " in line for line in lines)
