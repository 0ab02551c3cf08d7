"""What is asked of a decoder process, and how it answers: frames over a pipe, JSON and raw samples, never pickles.

An answer is blocks of samples, and an end or an error.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from dashboard.errors import DecoderError
from model import errors
from model.audio.limits import AudioInfo, Limits
from model.audio.playable import PlayableForm
from model.audio.warnings import AudioWarning
from model.errors import AudioError, GenreError
from model.params import AudioParams

BLOCK: Final = b"B"
END: Final = b"E"
ERROR: Final = b"X"

PID: Final = struct.Struct("<i")
"""How the warm process acknowledges a job: the id of the process that does it."""

_FRAME: Final = struct.Struct("<cI")
_LARGEST_FRAME_BYTES: Final = 64 * 2**20


@dataclass(frozen=True)
class Bounds:
    """What a decoder process may use.

    Attributes
    ----------
    stall_seconds : float
        Longest time between two blocks.
    cpu_seconds : int
        Processor time for one file.
    memory_mib : float
        Address space beyond what the process starts with.
    """

    stall_seconds: float = 20.0
    cpu_seconds: int = 300
    memory_mib: float = 1024.0


@dataclass(frozen=True)
class Job:
    """One file to decode.

    Attributes
    ----------
    name : str
        What to call it in messages.
    limits : Limits
        Largest size and longest duration.
    params : AudioParams
        The rate to hear it at, and the window it must fill.
    bounds : Bounds
        What decoding it may use.
    playable : PlayableForm, optional
        If given, the answer is the sound to play, in this form; else it is what the network hears.
    """

    name: str
    limits: Limits
    params: AudioParams
    bounds: Bounds
    playable: PlayableForm | None = None

    def to_json(self) -> bytes:
        """Write the job."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Job:
        """Read a job."""
        values = json.loads(text)
        form = values["playable"]
        return cls(
            values["name"],
            Limits(**values["limits"]),
            AudioParams(**values["params"]),
            Bounds(**values["bounds"]),
            PlayableForm(**form) if form else None,
        )


@dataclass(frozen=True)
class Decoded:
    """What there is to say of a file once all of it was decoded.

    Attributes
    ----------
    info : AudioInfo
        What its header says.
    warnings : tuple of AudioWarning
        What is odd about it.
    peak : float
        Largest sample; full scale is 1.
    """

    info: AudioInfo
    warnings: tuple[AudioWarning, ...]
    peak: float

    def to_json(self) -> bytes:
        """Write it."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Decoded:
        """Read it."""
        values = json.loads(text)
        warnings = tuple(AudioWarning(**warning) for warning in values["warnings"])
        return cls(AudioInfo(**values["info"]), warnings, float(values["peak"]))


def write_frame(write: Callable[[bytes | memoryview], Any], kind: bytes, content: bytes | memoryview) -> None:
    """Send one part of an answer."""
    write(_FRAME.pack(kind, len(content)))
    if content:
        write(content)


def read_frame(read: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """Receive one part of an answer: its kind and its content.

    Parameters
    ----------
    read : callable
        Gives exactly so many bytes, or raises EOFError.

    Raises
    ------
    EOFError
        If the process ended.
    ValueError
        If these are no frames.
    """
    kind, length = _FRAME.unpack(read(_FRAME.size))
    if length > _LARGEST_FRAME_BYTES:
        raise ValueError(f"A frame of {length} bytes is no answer of a decoder.")
    return kind, read(length) if length else b""


def error_to_json(error: Exception) -> bytes:
    """Write an exception."""
    return json.dumps({"class": type(error).__name__, "detail": str(error)}).encode()


def error_from_json(text: bytes) -> GenreError:
    """Read an exception; what is not a fault of sound is a `DecoderError`."""
    values = json.loads(text)
    kind = getattr(errors, str(values["class"]), None)
    if isinstance(kind, type) and issubclass(kind, AudioError):
        return kind(str(values["detail"]))
    return DecoderError(str(values["detail"]))
