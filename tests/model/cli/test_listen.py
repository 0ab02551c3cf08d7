"""`listen`: a pipe gives the numbers of the file, in every form; without a sound card it says what to install."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.cli import main
from model.sources import sound_card
from model.sources.pcm import PcmStream
from tests.sounds import RATE_HZ, chord, encoded, write

ROOT = Path(__file__).parents[3]
WAV = encoded(chord(5.1, rate_hz=44_100), rate_hz=44_100)
PCM = encoded(chord(5.1, rate_hz=44_100), rate_hz=44_100, format="RAW", subtype="PCM_16")


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Any:
    def pipe(content: bytes) -> None:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(content))))

    return pipe


def filed(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["classify", "--json", "--hop", "0.5", str(write(tmp_path / "sound", content))])
    result: dict[str, Any] = json.loads(capsys.readouterr().out)[0]
    return result


@pytest.mark.parametrize("form", ["wav", "pcm", "flac", "ogg"])
def test_a_pipe_gives_the_numbers_of_the_file(
    form: str, piped: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = {"wav": WAV, "pcm": PCM}.get(form) or encoded(
        chord(5.1, rate_hz=44_100), rate_hz=44_100, format=form.upper()
    )
    file = filed(tmp_path, WAV if form == "pcm" else content, capsys)
    piped(content)
    assert main(["listen", "-", "--json", *(["--pcm", "44100"] if form == "pcm" else [])]) == 0
    start, *windows, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert start["type"] == "start"
    assert start["hop_seconds"] == 0.5
    assert [window["end_seconds"] for window in windows] == [window["end_seconds"] for window in file["windows"]]
    for live, whole in zip([*windows, summary], [*file["windows"], file], strict=True):
        assert live["genre"] == whole["genre"]
        assert live["probabilities"] == pytest.approx(whole["probabilities"], abs=1e-4)
    assert summary["type"] == "summary"
    assert windows[-1]["so_far"]["probabilities"] == summary["probabilities"]


def test_the_table_has_a_row_a_window_and_the_lines_are_told_besides(
    piped: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    piped(WAV)
    assert main(["listen", "-", "--csv", str(tmp_path / "heard.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "heard.csv").read_text(encoding="utf-8").splitlines()))
    told = capsys.readouterr().out.splitlines()
    assert [float(row["end_seconds"]) for row in rows] == [3.0, 3.5, 4.0, 4.5, 5.0, 5.1]
    assert told[0] == "listening to the pipe"
    assert len(told) == len(rows) + 2
    assert told[-1].startswith("in all: ")


def test_too_little_sound_is_said(piped: Any, capsys: pytest.CaptureFixture[str]) -> None:
    piped(encoded(chord(2.0)))
    assert main(["listen", "-"]) == 0
    assert "nothing was heard for as long as one window" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["song.ogg"], "use classify"),
        (["-", "--device", "1"], "use one of them"),
        (["--pcm", "44100"], "add -"),
        (["-", "--pcm", "fast"], "44100 or 48000x2"),
        (["-", "--pcm", "100"], "must lie between"),
        (["-", "--csv", "/no/such/folder/x.csv"], "cannot be written"),
        (["-", "--hop", "9"], "out of range"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], sentence: str, piped: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    piped(WAV)
    assert main(["listen", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_what_is_no_sound_is_said(piped: Any, capsys: pytest.CaptureFixture[str]) -> None:
    piped(b"Dear reader, this is no music.\n" * 300)
    assert main(["listen", "-"]) == 2
    assert "What comes from the pipe is not audio but text" in capsys.readouterr().err


def test_ctrl_c_ends_it_with_the_summary() -> None:
    listener = subprocess.Popen(
        [sys.executable, "-m", "model", "listen", "-", "--json", "--pcm", "44100"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert listener.stdin is not None
    assert listener.stdout is not None
    listener.stdin.write(PCM[: 44_100 * 2 * 4])
    listener.stdin.flush()
    lines = [listener.stdout.readline() for _ in range(3)]  # the start and two windows, while the pipe stays open
    assert json.loads(lines[1])["end_seconds"] == 3.0
    os.kill(listener.pid, signal.SIGINT)
    out, err = listener.communicate(timeout=20)
    assert listener.returncode == 0
    assert err == b""
    assert json.loads(out.splitlines()[-1])["type"] == "summary"


def test_a_reader_that_leaves_is_no_error() -> None:
    listener = subprocess.Popen(
        [sys.executable, "-m", "model", "listen", "-", "--json", "--hop", "0.1"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert listener.stdout is not None
    listener.stdout.close()
    assert listener.communicate(encoded(chord(30.0)))[1] == b""
    assert listener.returncode == 0


def test_the_example_turns_windows_into_osc(tmp_path: Path) -> None:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(10)
    lines = [{"type": "start"}, {"type": "window", "probabilities": {"jazz": 0.75, "blues": 0.25}}]
    subprocess.run(
        [sys.executable, str(ROOT / "docs" / "examples" / "osc.py"), "127.0.0.1", str(receiver.getsockname()[1])],
        input="\n".join(map(json.dumps, lines)),
        text=True,
        check=True,
    )
    packets = [receiver.recv(100) for _ in range(2)]
    receiver.close()
    assert packets[0] == b"/genre/jazz\0,f\0\0" + struct.pack(">f", 0.75)
    assert packets[1] == b"/genre/blues\0\0\0\0,f\0\0" + struct.pack(">f", 0.25)


class PortAudioError(Exception):
    pass


def fake_sound_card(chunks: list[bytes], *, n_inputs: int = 2) -> SimpleNamespace:
    """A sounddevice with some inputs at 48 kHz; the stream gives its chunks at once."""

    class Stream:
        def __init__(self, *, samplerate: int, channels: int, callback: Any, **_: Any) -> None:
            if samplerate != 48_000:
                raise PortAudioError("Invalid sample rate")
            self.callback, self.width = callback, 2 * channels

        def __enter__(self) -> None:
            for chunk in chunks:
                self.callback(chunk, len(chunk) // self.width, None, None)

        def __exit__(self, *_: object) -> None: ...

    found = [{"name": "Speakers", "max_input_channels": 0, "default_samplerate": 48_000.0}]
    for number in range(n_inputs):
        found.append({"name": f"Microphone {number}", "max_input_channels": 1, "default_samplerate": 48_000.0})
    return SimpleNamespace(
        query_devices=lambda: found,
        default=SimpleNamespace(device=[2 if n_inputs > 1 else -1, 0]),
        RawInputStream=Stream,
        PortAudioError=PortAudioError,
    )


def test_the_sound_card_is_heard_at_its_own_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = (chord(1.0, rate_hz=48_000) * 32_767).astype("<i2")
    chunks = [part.tobytes() for part in np.array_split(samples, 50)]
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_card(chunks))
    card = sound_card.SoundCard(None, rate_out_hz=RATE_HZ)
    assert card.name == "Microphone 1"
    blocks = card.blocks()
    heard = [next(blocks) for _ in chunks]
    card.close()
    heard += list(blocks)
    stream = PcmStream(48_000, RATE_HZ)
    plain = [stream.feed(samples.astype(np.float32) / 32_768).samples, stream.finish().samples]
    np.testing.assert_array_equal(np.concatenate([block.samples for block in heard]), np.concatenate(plain))


def test_what_the_sound_card_could_not_hand_over_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_card, "_WAITING_CHUNKS", 2)
    chunk = bytes(960 * 2)
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_card([chunk] * 5))
    card = sound_card.SoundCard("1", rate_out_hz=RATE_HZ)
    blocks = card.blocks()
    next(blocks), next(blocks)
    card._take(chunk, 960, None, None)  # three were lost before it
    rest, behind = next(blocks), next(blocks)
    assert rest.end_sample == round(2 * 960 * RATE_HZ / 48_000)
    assert behind.start_sample == round(5 * 960 * RATE_HZ / 48_000)


def test_a_device_that_falls_silent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_card, "_PATIENCE_SECONDS", 0.01)
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_card([]))
    with pytest.raises(sound_card.SoundCardError, match="still plugged in"):
        list(sound_card.SoundCard(None, rate_out_hz=RATE_HZ).blocks())


@pytest.mark.parametrize(
    ("device", "n_inputs", "sentence"),
    [("Theremin", 2, "No input is called"), ("microphone", 2, "More than one input"), (None, 0, "no input that could")],
)
def test_a_device_that_is_not_there_is_said(
    device: str | None, n_inputs: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_card([], n_inputs=n_inputs))
    with pytest.raises(sound_card.SoundCardError, match=sentence):
        sound_card.SoundCard(device, rate_out_hz=RATE_HZ)


def test_without_portaudio_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(sound_card.SoundCardError, match="apt install libportaudio2"):
        sound_card.devices()
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(sound_card.SoundCardError, match="pip install sounddevice"):
        sound_card.devices()


def test_inputs_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_card([]))
    assert main(["listen", "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  1  Microphone 0, 48000 Hz, 1 channel",
        "  2  Microphone 1, 48000 Hz, 1 channel  (default)",
    ]


def test_bars_are_drawn_in_a_terminal() -> None:
    import pty

    ours, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "model", "listen", "-"], input=WAV, cwd=ROOT, stdout=terminal, stderr=subprocess.PIPE
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65_536)
        except OSError:  # the terminal is gone
            break
    os.close(ours)
    assert done.returncode == 0
    text = shown.decode()
    assert text.count("jazz") >= 1
    assert "━" in text
    assert "in all: " in text
