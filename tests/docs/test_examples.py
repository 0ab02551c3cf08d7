"""The clients that the documentation shows, run against a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright", reason="playwright is not installed (make test installs it)")

from model.audio.decode import decode
from tests.browser.serving import PROJECT, served

EXAMPLES = PROJECT / "docs" / "examples"
JAZZ = PROJECT / "samples" / "jazz.ogg"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("data")) as address:
        yield address


def ran(*command: str | Path, sound: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], cwd=PROJECT, input=sound, capture_output=True, timeout=60)


def test_python_names_the_genre_and_its_stretches(address: str) -> None:
    done = ran(sys.executable, EXAMPLES / "classify.py", JAZZ, address)
    first, *stretches = done.stdout.decode().splitlines()
    assert first == "jazz.ogg: jazz"
    assert any(stretch.endswith("jazz") for stretch in stretches)


def test_python_says_what_the_problem_is(address: str, tmp_path: Path) -> None:
    (letter := tmp_path / "letter.mp3").write_text("Dear reader, this is no music.\n" * 50, encoding="utf-8")
    done = ran(sys.executable, EXAMPLES / "classify.py", letter, address)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("This is not audio that can be read here: ")


def test_curl_gets_the_same(address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    heard = json.loads(ran("sh", EXAMPLES / "classify.sh", JAZZ, address).stdout)
    assert heard["genre"] == "jazz"
    assert len(heard["windows"]) == 20
    (letter := tmp_path / "letter.mp3").write_text("Dear reader, this is no music.\n" * 50, encoding="utf-8")
    refused = ran("sh", EXAMPLES / "classify.sh", letter, address)
    assert refused.returncode != 0
    assert json.loads(refused.stdout)["status"] == 415


def test_javascript_reads_scores_line_by_line(address: str) -> None:
    if shutil.which("node") is None:
        pytest.skip("no node on this machine")
    done = ran("node", EXAMPLES / "scores.mjs", "Lamplight Walk", address)
    *windows, whole = done.stdout.decode().splitlines()
    assert whole == "whole: jazz"
    assert len(windows) > 100
    assert windows[0].startswith("3.0 ")
    unknown = ran("node", EXAMPLES / "scores.mjs", "nothing", address)
    assert unknown.returncode != 0
    assert b"There is no such track" in unknown.stderr


def test_the_live_client_gets_the_scores_of_its_sound(address: str) -> None:
    samples = decode(JAZZ).samples[: 22_050 * 8]
    at_44100 = np.repeat(samples, 2)  # what live.py promises to send
    pcm = np.asarray(32767 * np.clip(at_44100, -1, 1), "<i2").tobytes()
    done = ran(sys.executable, EXAMPLES / "live.py", address.replace("http", "ws"), sound=pcm)
    windows = done.stdout.decode().splitlines()
    assert [line.split()[0] for line in windows[:3]] == ["3.0", "3.5", "4.0"], done.stderr
    assert len(windows) == 11
    assert done.returncode == 0


def test_the_notebook_gives_windows_and_a_verdict() -> None:
    done = ran(sys.executable, "-m", "docs.examples.notebook", JAZZ)
    *windows, verdict = done.stdout.decode().splitlines()
    assert verdict.startswith("jazz {"), done.stderr
    assert len(windows) > 100
