"""A track as the service knows it: what it is and where its bytes lie, but not its sound."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict

from dashboard.errors import UnknownTrackError
from model.audio.limits import AudioInfo
from model.audio.warnings import AudioWarning
from model.params import AudioParams

ID: Final = re.compile(r"[0-9a-f]{32}")

_CHANNELS: Final = {1: "mono", 2: "stereo"}
LONGEST_TITLE: Final = 120
SAMPLES_SUFFIX: Final = ".f32"


class Section(TypedDict):
    """A part of a medley."""

    genre: str
    start_seconds: float


@dataclass(frozen=True)
class TrackRecord:
    """One track of the library.

    Attributes
    ----------
    id : str
        The first 32 hexadecimal digits of the SHA-256 of the file's bytes.
    title : str
        For people.
    kind : {"sample", "upload"}
        Everybody's, or one visitor's.
    path : Path
        The file as it came.
    sounds_path : Path
        Where its sound is kept for playing, once it was asked for; `sound_path` adds which.
    duration_samples : int
        Length at the model's rate.
    format : str
        Container, coding, rate and channels, for people.
    rate_hz, n_channels : int
        Of the file.
    peak : float
        Its largest sample; full scale is 1.
    warnings : tuple of AudioWarning
        What is odd about the file.
    genre : str or None
        What a sample is meant to be; None for a medley and for uploads.
    licence, origin : str or None
        Of a sample.
    sections : tuple of Section or None
        Of a medley.
    """

    id: str
    title: str
    kind: Literal["sample", "upload"]
    path: Path
    sounds_path: Path
    duration_samples: int
    format: str
    rate_hz: int
    n_channels: int
    peak: float = 1.0
    warnings: tuple[AudioWarning, ...] = ()
    genre: str | None = None
    licence: str | None = None
    origin: str | None = None
    sections: tuple[Section, ...] | None = None

    def sound_path(self, kind: str) -> Path:
        """Name the file of one form of its sound."""
        return self.sounds_path.with_name(f"{self.sounds_path.name}{kind}.wav")

    @property
    def samples_path(self) -> Path:
        """The file of what the network hears of it, where that is too long for memory."""
        return self.sounds_path.with_name(f"{self.sounds_path.name}samples{SAMPLES_SUFFIX}")


def track_id(sha256_hex: str) -> str:
    """Shorten a content hash to a track's id."""
    return sha256_hex[:32]


def resampled_length(info: AudioInfo, params: AudioParams) -> int:
    """Compute how many samples a file will have at the model's rate, as soxr rounds.

    Parameters
    ----------
    info : AudioInfo
        What the file's header says.
    params : AudioParams
        The model's rate.

    Returns
    -------
    int
        Samples.
    """
    return math.floor(info.n_frames / (info.sample_rate_hz / params.sample_rate_hz) + 0.5)


def format_label(info: AudioInfo) -> str:
    """Describe a file's format for people: ``"OGG VORBIS, 44100 Hz, stereo"``."""
    channels = _CHANNELS.get(info.n_channels, f"{info.n_channels} channels")
    return f"{info.format}, {info.sample_rate_hz} Hz, {channels}"


def safe_title(file_name: str | None) -> str:
    """Make a title from the name of an uploaded file, which may be anything.

    Parameters
    ----------
    file_name : str or None
        As the client sent it, perhaps with folders.

    Returns
    -------
    str
        One line without control or direction characters, at most 120 characters, never empty.
    """
    last = re.split(r"[/\\]", file_name or "")[-1]
    title = one_line(last)
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1] + "…"
    return title or "untitled"


def one_line(text: str) -> str:
    """Take control and direction characters out of a title, and spaces that are too many."""
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(kept.split())


@contextmanager
def unless_removed(record: TrackRecord) -> Iterator[None]:
    """Say that a track is gone if its files vanish in the middle of work."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnknownTrackError(f"{record.title} was removed in the meantime; choose another track.") from error
