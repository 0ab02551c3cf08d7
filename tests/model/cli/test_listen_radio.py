"""`listen URL`: a station gives the numbers of its bytes, its titles beside them; a real Icecast is heard too."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from model.cli import main
from model.sources.radio import radio
from tests import icecast
from tests.sounds import write
from tests.stations import Call, metadata, music, serving

ROOT = Path(__file__).parents[3]


def with_titles(call: Call) -> None:
    content = music("mp3")
    third = len(content) // 3
    call.head(
        "Content-Type: audio/mpeg", f"Content-Length: {len(content)}", "icy-name: Chord FM", f"icy-metaint: {third}"
    )
    for start in range(0, len(content), third):
        call.send(content[start : start + third] + metadata("First" if start == 0 else "Second"))


def test_a_station_gives_the_numbers_of_its_bytes_with_titles(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(radio, "AHEAD_SECONDS", 60.0)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(music("mp3")))))
    assert main(["listen", "-", "--json"]) == 0
    piped = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["type"] == "window"]
    with serving(live=with_titles) as server:
        assert main(["listen", server.url("/live"), "--json"]) == 0
    start, *told = map(json.loads, capsys.readouterr().out.splitlines())
    assert start["source"] == "Chord FM"
    assert [line["title"] for line in told if line["type"] == "title"] == ["First", "Second"]
    windows = [line for line in told if line["type"] == "window"]
    assert len(windows) >= 14
    for live, file in zip(windows[:14], piped[:14], strict=True):
        assert live["end_seconds"] == file["end_seconds"]
        assert live["probabilities"] == pytest.approx(file["probabilities"], abs=1e-4)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("http://127.0.0.1:{closed}/", "refuses the connection"), ("HTTP://", "must begin with http")],
)
def test_what_cannot_be_listened_to_is_said(address: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        closed = server.port
    assert main(["listen", address.format(closed=closed)]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.skipif(icecast.find() is None, reason="no Icecast and FFmpeg here: python -m tests.icecast --install")
def test_a_real_icecast_is_heard_and_heard_again_after_its_restart(tmp_path: Path) -> None:
    path = write(tmp_path / "chord.flac", music("flac"))
    sending = (
        "-ice_name",
        "Chord FM",
        "-c:a",
        "libmp3lame",
        "-b:a",
        "128k",
        "-content_type",
        "audio/mpeg",
        "-f",
        "mp3",
    )
    with icecast.icecast() as port:
        with icecast.source(port, path, "live", *sending):
            listener = _listening(f"http://127.0.0.1:{port}/live")
            assert listener.stdout is not None
            start = json.loads(listener.stdout.readline())
            assert start["source"] == "Chord FM"
            _until(listener, "window")
        with icecast.source(port, path, "live", *sending):
            gap = _until(listener, "gap")
            assert 0 < gap["end_seconds"] - gap["start_seconds"] < 20
            _until(listener, "window")
        listener.terminate()
        listener.communicate()


def _listening(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "model", "listen", url, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _until(listener: subprocess.Popen[str], kind: str) -> dict[str, float]:
    assert listener.stdout is not None
    for line in listener.stdout:
        if (told := json.loads(line))["type"] == kind:
            return told
    raise AssertionError(f"The listener ended before a {kind}: {listener.communicate()[1]}")
