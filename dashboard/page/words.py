"""What the page says in more than one place, in one wording: formats, limits, how often, how quiet."""

from __future__ import annotations

from typing import Final

from dashboard.page.texts import Texts
from model.audio.limits import Limits
from model.level import SILENCE_DBFS
from model.windows import LIVE_HOP_SECONDS

HOP_SECONDS: Final = LIVE_HOP_SECONDS
"""Distance between the windows that the page shows."""

LICENCES: Final = {"CC0-1.0": "licence.cc0"}
"""Texts of licences by their SPDX names."""

UPLOADS_AT_ONCE: Final = 2
"""Files that a page sends side by side, of as many as are added."""

_OFTEN: Final = {0.5: "hop.twice_a_second", 1.0: "hop.once_a_second"}

_FORMATS: Final = {
    "MP3": (".mp3",),
    "M4A": (".m4a", ".mp4", ".aac"),
    "OGG": (".ogg", ".opus"),
    "FLAC": (".flac",),
    "WAV": (".wav",),
    "AIFF": (".aiff", ".aif"),
    "WMA": (".wma",),
    "WebM": (".webm",),
}
"""The formats that people have, and their suffixes; FFmpeg reads many more."""


_RARE_SUFFIXES: Final = (
    *(".3gp", ".ac3", ".aifc", ".amr", ".ape", ".au", ".caf", ".dts", ".mka", ".mkv", ".mov", ".mp2", ".mpc", ".oga"),
    *(".ra", ".spx", ".tta", ".w64", ".wv"),
)


def hop_words(text: Texts) -> str:
    """Say how often a window ends."""
    often = _OFTEN.get(HOP_SECONDS)
    return text(often) if often else text("hop.every", seconds=text.short(HOP_SECONDS))


def silence_words(text: Texts) -> str:
    """Write the level below which a window is silence."""
    return text.short(SILENCE_DBFS)


def licences(text: Texts) -> dict[str, str]:
    """Name licences by their SPDX names."""
    return {name: text(key) for name, key in LICENCES.items()}


def upload_accept() -> str:
    """List what a file chooser offers first."""
    return ",".join(("audio/*", *(suffix for suffixes in _FORMATS.values() for suffix in suffixes)))


def audio_suffixes() -> list[str]:
    """List the suffixes by which audio is told from what else lies in a folder."""
    return [*(suffix for suffixes in _FORMATS.values() for suffix in suffixes), *_RARE_SUFFIXES]


def formats(text: Texts) -> str:
    """List the formats by name."""
    return text("limits.formats", names=", ".join(_FORMATS))


def upload_words(text: Texts, limits: Limits) -> str:
    """Say what may be uploaded."""
    mib = limits.max_bytes / 2**20
    size = f"{text.short(mib / 1024)} GiB" if mib >= 1024 else f"{text.short(mib)} MiB"
    hours, minutes = limits.max_seconds / 3600, limits.max_seconds / 60
    in_hours = text("limits.hours", hours=text.short(hours))
    length = in_hours if hours >= 2 else text("limits.minutes", minutes=text.short(minutes))
    return text("limits.upload", formats=formats(text), size=size, length=length)
