"""What the page says in more than one place, in one wording: formats, limits, how often, how quiet."""

from __future__ import annotations

from typing import Final

from model.audio.limits import Limits
from model.level import SILENCE_DBFS
from model.windows import LIVE_HOP_SECONDS

HOP_SECONDS: Final = LIVE_HOP_SECONDS
"""Distance between the windows that the page shows."""

LICENCES: Final = {"CC0-1.0": "public domain (CC0)"}
"""Licences by their SPDX names, for people."""

UPLOADS_AT_ONCE: Final = 2
"""Files that a page sends side by side, of as many as are added."""

_OFTEN: Final = {0.5: "twice a second", 1.0: "once a second"}

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


def hop_words() -> str:
    """Say how often a window ends."""
    return _OFTEN.get(HOP_SECONDS, f"every {HOP_SECONDS:g} s")


def silence_words() -> str:
    """Write the level below which a window is silence."""
    return f"{SILENCE_DBFS:g}".replace("-", "\u2212")


def upload_accept() -> str:
    """List what a file chooser offers first."""
    return ",".join(("audio/*", *(suffix for suffixes in _FORMATS.values() for suffix in suffixes)))


def audio_suffixes() -> list[str]:
    """List the suffixes by which audio is told from what else lies in a folder."""
    return [*(suffix for suffixes in _FORMATS.values() for suffix in suffixes), *_RARE_SUFFIXES]


def formats() -> str:
    """List the formats by name."""
    return f"{', '.join(_FORMATS)} and most others"


def upload_words(limits: Limits) -> str:
    """Say what may be uploaded."""
    mib = limits.max_bytes / 2**20
    size = f"{mib / 1024:g} GiB" if mib >= 1024 else f"{mib:g} MiB"
    hours = limits.max_seconds / 3600
    length = f"{hours:g} hours" if hours >= 2 else f"{limits.max_seconds / 60:g} minutes"
    return f"{formats()}; up to {size} and {length}"
