"""A station in a process of its own: one form throughout, and an answer whatever becomes of the process."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from dashboard.decoding.jobs import BLOCK, ERROR
from dashboard.decoding.radio import GAP, LOST, STATION, TITLE, Away, RadioJob, Reception, Sent, StationForm, receiving
from dashboard.decoding.radio_process import answers
from dashboard.errors import DecoderError
from model.audio.decode import Piece
from model.audio.frames import Sound
from model.errors import RadioError
from model.sources.radio.radio import Lost, Missing
from tests.sounds import RATE_HZ, chord
from tests.stations import Server, serving, station


class FakeRadio:
    """A station that changes its rate and channels, is lost and comes back."""

    name, genre, title = "Chord FM", "drone", "Ella"

    def sound(self) -> Iterator[Piece | Lost | Missing]:
        nothing = np.zeros(0, np.float32)
        for rate_hz, n_channels in ((44_100, 2), (48_000, 2), (22_050, 1)):
            samples = np.repeat(chord(1.0, rate_hz=rate_hz)[None], n_channels, axis=0)
            yield Piece(nothing, Sound(samples, rate_hz, ("FL", "FR")[:n_channels]))
        yield Lost("gone")
        yield Missing(2.0)
        yield Piece(nothing, None)


def test_whatever_a_station_sends_comes_in_the_form_of_its_first_sound() -> None:
    told = list(answers(FakeRadio()))  # type: ignore[arg-type]
    assert [kind for kind, _ in told] == [STATION, TITLE, BLOCK, BLOCK, BLOCK, LOST, GAP]
    assert json.loads(told[0][1]) == {"name": "Chord FM", "genre": "drone", "rate_hz": 44_100, "n_channels": 2}
    lengths = [len(content) / 4 / 44_100 for kind, content in told if kind == BLOCK]
    assert lengths == pytest.approx([1.0, 1.0, 1.0], abs=0.05)  # a resampler holds a little back
    assert json.loads(told[-1][1]) == {"samples": 88_200}


def test_a_process_that_dies_is_an_error_in_words() -> None:
    with serving(live=station(speed=1.0, burst_seconds=2.0)) as server, receiving(job(server)) as reception:
        assert isinstance(reception.next(30), StationForm)
        assert isinstance(reception.next(30), Sent)
        os.kill(reception.pid, signal.SIGKILL)
        with pytest.raises(DecoderError, match="breaks the decoder"):
            list(iter(lambda: reception.next(10), "never"))


def job(server: Server) -> RadioJob:
    return RadioJob(server.url("/live"), may_be_private=True, rate_hz=RATE_HZ, memory_mib=512)


def test_what_comes_in_parts_is_put_together() -> None:
    frames = ((LOST, b'{"detail":"x"}'), (ERROR, b'{"detail":"no"}'))
    content = b"".join(kind + struct.pack("<I", len(text)) + text for kind, text in frames)
    program = (
        "import os, sys, time\n"
        "for byte in bytes.fromhex(sys.argv[1]):\n"
        "    os.write(1, bytes([byte])); time.sleep(0.001)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, content.hex()], stdout=subprocess.PIPE) as process:
        reception = Reception(process)
        assert reception.next(10) == Away("x")
        with pytest.raises(RadioError, match="no"):
            reception.next(10)
