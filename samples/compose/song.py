"""What a piece is: parts, groove, sections, and the desk that mixes its stems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from samples.compose.perform import Groove, Part
from samples.compose.render import Sound, play_all


@dataclass(frozen=True)
class Song:
    """A piece ready to be played.

    Attributes
    ----------
    style : str
        Genre, a key of `master.SPECTRA`.
    groove : Groove
        Tempo and swing.
    parts : sequence of Part
        The players.
    beats : float
        Length of the score in beats.
    tail_seconds : float
        Sound to keep after the last beat.
    desk : callable
        Mixes the dry stems to one stereo sound.
    """

    style: str
    groove: Groove
    parts: Sequence[Part]
    beats: float
    tail_seconds: float
    desk: Callable[[Mapping[str, Sound], Groove], Sound]

    @property
    def seconds(self) -> float:
        """Length of the score without its tail, in seconds."""
        return self.groove.seconds(self.beats)

    def sound(self) -> Sound:
        """Play and mix the piece, unmastered."""
        return self.desk(play_all(self.parts, self.groove, self.seconds + self.tail_seconds), self.groove)


@dataclass(frozen=True)
class Section:
    """A named stretch of a form: `beats` beats that begin at `start`."""

    name: str
    start: float
    beats: float


def layout(form: Sequence[str], bars: Mapping[str, float]) -> list[Section]:
    """Place the sections of a form one after another, four beats a bar."""
    sections, beat = [], 0.0
    for name in form:
        sections.append(Section(name, beat, 4 * bars[name]))
        beat += 4 * bars[name]
    return sections
