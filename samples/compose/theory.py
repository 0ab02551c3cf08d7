"""Pitch names, chords, and a small line notation; what a score is made of before anybody plays it.

A line is a string of tokens, ``pitch/beats`` with marks behind the pitch: ``"D4/.5 F4!/1 r/2 Bb4</1.5"``.

==== =========================================
mark meaning
==== =========================================
!    accent
~    ghost note, half swallowed
<    scooped from below
>    falls off at its end
^    full vibrato on a long note
m    palm-muted (guitar)
c    power chord (guitar)
==== =========================================

A length is a number of beats, ``t`` for a triplet eighth (a third of a beat).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_STEPS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_TOKEN: Final = re.compile(r"^(r|[A-G][b#]*-?\d)([!~<>^mc]*)/(t|[\d.]+)$")

QUALITIES: Final[dict[str, tuple[int, ...]]] = {
    "maj7": (0, 4, 7, 11),
    "6": (0, 4, 7, 9),
    "7": (0, 4, 7, 10),
    "7b9": (0, 4, 7, 10),
    "7alt": (0, 4, 8, 10),
    "7sus": (0, 5, 7, 10),
    "m7": (0, 3, 7, 10),
    "m6": (0, 3, 7, 9),
    "m7b5": (0, 3, 6, 10),
    "": (0, 4, 7),
    "m": (0, 3, 7),
}

# Left-hand voicings without the root, as semitones above it: third below (A form), seventh below (B form).
ROOTLESS: Final[dict[str, tuple[tuple[int, ...], tuple[int, ...]]]] = {
    "maj7": ((4, 7, 11, 14), (11, 14, 16, 19)),
    "6": ((4, 7, 9, 14), (9, 14, 16, 19)),
    "7": ((4, 9, 10, 14), (10, 14, 16, 21)),
    "7b9": ((4, 7, 10, 13), (10, 13, 16, 19)),
    "7alt": ((4, 8, 10, 15), (10, 15, 16, 20)),
    "7sus": ((5, 9, 10, 14), (10, 14, 17, 21)),
    "m7": ((3, 7, 10, 14), (10, 14, 15, 19)),
    "m6": ((3, 7, 9, 14), (9, 14, 15, 19)),
    "m7b5": ((3, 6, 10, 12), (10, 12, 15, 18)),
}


@dataclass(frozen=True)
class Note:
    """One note of a score.

    Attributes
    ----------
    beat : float
        Onset, in beats from the start of the piece.
    beats : float
        Length, in beats.
    pitch : int
        MIDI note number.
    velocity : int
        MIDI velocity, 1 to 127.
    marks : str
        Articulation marks of the line notation.
    """

    beat: float
    beats: float
    pitch: int
    velocity: int = 90
    marks: str = ""


@dataclass(frozen=True)
class Chord:
    """A chord symbol: root pitch class (0 is C) and quality."""

    root: int
    quality: str

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes of the chord, root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])


def pitch(name: str) -> int:
    """Turn a pitch name into its MIDI number.

    Parameters
    ----------
    name : str
        Letter, accidentals, octave; ``"C4"`` is 60.

    Returns
    -------
    int
        MIDI note number.
    """
    letter, accidentals, octave = re.fullmatch(r"([A-G])([b#]*)(-?\d)", name).groups()  # type: ignore[union-attr]
    return 12 * (int(octave) + 1) + _STEPS[letter] + accidentals.count("#") - accidentals.count("b")


def chord(symbol: str) -> Chord:
    """Read a chord symbol such as ``"Bbm7"``.

    Raises
    ------
    ValueError
        If the quality is not in `QUALITIES`.
    """
    root, quality = re.fullmatch(r"([A-G][b#]?)(.*)", symbol).groups()  # type: ignore[union-attr]
    if quality not in QUALITIES:
        raise ValueError(f"Chord {symbol!r} has the unknown quality {quality!r}; use one of {sorted(QUALITIES)}.")
    return Chord(pitch(root + "0") % 12, quality)


def changes(text: str) -> list[list[Chord]]:
    """Read chord changes, bars separated by ``|``, chords of a bar by spaces."""
    return [[chord(symbol) for symbol in bar.split()] for bar in text.split("|")]


def line(text: str, start: float = 0.0, velocity: int = 90, transpose: int = 0) -> list[Note]:
    """Read a line of notes.

    Parameters
    ----------
    text : str
        Tokens of the notation above; ``|`` may mark bars of four beats and is checked.
    start : float
        Beat of the first token.
    velocity : int
        Velocity of an unmarked note.
    transpose : int
        Semitones to add to every pitch.

    Returns
    -------
    list of Note
        The notes, without the rests.

    Raises
    ------
    ValueError
        If a token cannot be read or a bar does not add up to four beats.
    """
    notes, beat, bar_start = [], start, start
    for token in text.split():
        if token == "|":
            if abs(beat - bar_start - 4) > 0.02:
                raise ValueError(f"A bar of {text!r} lasts {beat - bar_start:g} beats, not 4, before beat {beat:g}.")
            bar_start = beat
            continue
        match = _TOKEN.match(token)
        if not match:
            raise ValueError(f"Token {token!r} is not pitch/beats, for example Bb4!/1.5.")
        name, marks, length = match.groups()
        beats = 1 / 3 if length == "t" else float(length)
        if name != "r":
            level = velocity + 14 * ("!" in marks) - 30 * ("~" in marks)
            notes.append(Note(beat, beats, pitch(name) + transpose, max(1, min(127, level)), marks))
        beat += beats
    return notes
