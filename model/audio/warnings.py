"""What is wrong with a file that can be heard all the same: codes for programs, sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TRUNCATED: Final = "truncated"
DAMAGED: Final = "damaged"
FORMAT_CHANGES: Final = "format-changes"
NOT_FINITE: Final = "not-finite"
BEYOND_FULL_SCALE: Final = "beyond-full-scale"
CLIPPED: Final = "clipped"
OPPOSITE_CHANNELS: Final = "opposite-channels"
DC_OFFSET: Final = "dc-offset"
VIDEO: Final = "video"
SEVERAL_SOUNDS: Final = "several-sounds"

CODES: Final = {
    TRUNCATED: "The file ends before the length that it promises.",
    DAMAGED: "Some parts of the file cannot be decoded; they are skipped.",
    FORMAT_CHANGES: "The sample rate or the number of channels changes in the middle.",
    NOT_FINITE: "Some samples are NaN, infinite or absurdly large; silence is heard there.",
    BEYOND_FULL_SCALE: "The samples exceed full scale; they are scored as they are.",
    CLIPPED: "Many samples lie flat at full scale.",
    OPPOSITE_CHANNELS: "The channels cancel each other; one of them is heard.",
    DC_OFFSET: "The sound has a constant offset; it is taken away before scoring.",
    VIDEO: "The file is a video; its first sound track is heard.",
    SEVERAL_SOUNDS: "The file holds several sound tracks; the first is heard.",
}


@dataclass(frozen=True)
class AudioWarning:
    """Something to know of a file that could be decoded.

    Attributes
    ----------
    code : str
        Kind, one of `CODES`.
    detail : str
        A sentence for people, with the figures of this file.
    """

    code: str
    detail: str


class WarningLog:
    """Warnings of one file, at most one of each kind; a later sentence of a kind replaces the earlier."""

    def __init__(self) -> None:
        self._details: dict[str, str] = {}

    def note(self, code: str, detail: str) -> None:
        """Add a warning, or word it anew."""
        self._details[code] = detail

    @property
    def all(self) -> tuple[AudioWarning, ...]:
        """The warnings so far, in order of their first appearance."""
        return tuple(AudioWarning(code, detail) for code, detail in self._details.items())
