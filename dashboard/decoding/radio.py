"""A radio station as a process of its own receives it, seen from the process that serves."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.decoding.jobs import BLOCK, END, ERROR, read_frame
from dashboard.errors import DecoderError
from model.errors import RadioError

STATION: Final = b"S"
TITLE: Final = b"T"
LOST: Final = b"L"
GAP: Final = b"G"

_PROGRAM: Final = "dashboard.decoding.radio_process"
_FOLDER: Final = Path(__file__).parent.parent.parent
_READ_BYTES: Final = 2**16
_STALL_SECONDS: Final = 120.0  # longer than any pause of the radio's own


@dataclass(frozen=True)
class RadioJob:
    """One station to receive.

    Attributes
    ----------
    url : str
        Its address.
    may_be_private : bool
        Whether that may lie in a private network.
    rate_hz : int
        The model's rate.
    memory_mib : float
        Address space beyond what the process starts with.
    """

    url: str
    may_be_private: bool
    rate_hz: int
    memory_mib: float

    def to_json(self) -> bytes:
        """Write the job, in one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> RadioJob:
        """Read a job."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class StationForm:
    """What a station is, and the form in which its sound comes: 16-bit little-endian samples, channels interleaved.

    Attributes
    ----------
    name, genre : str
        What it says of itself.
    rate_hz : int
        Sample rate.
    n_channels : int
        1 or 2.
    """

    name: str
    genre: str
    rate_hz: int
    n_channels: int


@dataclass(frozen=True)
class Sent:
    """A stretch of the sound, as bytes."""

    content: bytes


@dataclass(frozen=True)
class Playing:
    """What plays from here on; None where the station says so no longer."""

    title: str | None


@dataclass(frozen=True)
class Away:
    """The station broke off and is being looked for; why."""

    detail: str


@dataclass(frozen=True)
class Back:
    """It is back; so many samples were missed."""

    n_samples: int


class Reception:
    """What comes from a station.

    Parameters
    ----------
    process : subprocess.Popen
        Receives it.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            raise DecoderError("The radio cannot be started here.")
        self.pid = process.pid
        self._descriptor = process.stdout.fileno()
        self._come = bytearray()
        self._last = time.monotonic()
        self.is_over = False

    def next(self, timeout_seconds: float) -> StationForm | Sent | Playing | Away | Back | None:
        """Take what comes next; None if nothing comes in time, or it is over.

        Raises
        ------
        RadioError
            If the station cannot be received, or no longer.
        DecoderError
            If it kills its decoder.
        """
        deadline = time.monotonic() + timeout_seconds
        while (frame := self._frame()) is None:
            left = max(0.0, deadline - time.monotonic())
            if self.is_over:
                return None
            if not select.select([self._descriptor], [], [], left)[0]:
                if time.monotonic() - self._last > _STALL_SECONDS:
                    raise DecoderError("What this station sends stalls the decoder; choose another one.")
                return None
            if not (content := os.read(self._descriptor, _READ_BYTES)):
                raise DecoderError("What this station sends breaks the decoder; choose another one.")
            self._come += content
            self._last = time.monotonic()
        kind, content = frame
        if kind == BLOCK:
            return Sent(content)
        if kind == END:
            self.is_over = True
            return None
        values: dict[str, Any] = json.loads(content)
        if kind == STATION:
            return StationForm(**values)
        if kind == TITLE:
            return Playing(values["title"])
        if kind == LOST:
            return Away(values["detail"])
        if kind == GAP:
            return Back(values["samples"])
        if kind == ERROR:
            raise RadioError(values["detail"])
        raise DecoderError(f"The radio answers with {kind!r}, which is no frame of its.")

    def _frame(self) -> tuple[bytes, bytes] | None:
        """Take a frame that is whole by now."""
        place = 0

        def read(n: int) -> bytes:
            nonlocal place
            if len(self._come) < place + n:
                raise EOFError
            place += n
            return bytes(self._come[place - n : place])

        try:
            frame = read_frame(read)
        except EOFError:
            return None
        del self._come[:place]
        return frame


@contextmanager
def receiving(job: RadioJob) -> Iterator[Reception]:
    """Let a process receive a station; it ends when this is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", _PROGRAM],
        cwd=_FOLDER,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    with process:
        try:
            if process.stdin is not None:
                process.stdin.write(job.to_json())
            yield Reception(process)
        finally:
            process.kill()
