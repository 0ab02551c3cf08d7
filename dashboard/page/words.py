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

_OFTEN: Final = {0.5: "twice a second", 1.0: "once a second"}

_FORMATS: Final = {"WAV": ".wav", "FLAC": ".flac", "OGG": ".ogg", "MP3": ".mp3", "AIFF": ".aiff"}


def hop_words() -> str:
    """Say how often a window ends."""
    return _OFTEN.get(HOP_SECONDS, f"every {HOP_SECONDS:g} s")


def silence_words() -> str:
    """Write the level below which a window is silence."""
    return f"{SILENCE_DBFS:g}".replace("-", "\u2212")


def upload_accept() -> str:
    """List what a file chooser offers first."""
    return ",".join(("audio/*", *_FORMATS.values()))


def formats() -> str:
    """List the formats by name."""
    *names, last = _FORMATS
    return f"{', '.join(names)} or {last}"


def upload_words(limits: Limits) -> str:
    """Say what may be uploaded."""
    return f"{formats()}; up to {limits.max_bytes / 2**20:g} MiB and {limits.max_seconds / 60:g} minutes"
