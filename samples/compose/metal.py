"""Metal: galloping riffs in E minor. Two guitarists left and right, double bass drum, harmonised lead and a solo.

Sections: ``intro`` (4 bars, the second guitar enters halfway), ``riff`` (8), ``chorus`` (8), ``solo`` (8),
``breakdown`` (4), ``outro`` (4), ``end`` (1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from samples.compose import effects as fx
from samples.compose.perform import Groove, Part
from samples.compose.render import Sound
from samples.compose.song import Section, Song, layout
from samples.compose.theory import Note, line

TITLE: Final = "Furnace Gate"
BARS: Final = {"intro": 4, "riff": 8, "chorus": 8, "solo": 8, "breakdown": 4, "outro": 4, "end": 1}
FORM: Final = ("intro", "riff", "chorus", "solo", "breakdown", "outro", "end")
_GROOVE: Final = Groove(bpm=172)

_G: Final = "E2m!/.5 E2m/.25 E2m/.25 "  # one gallop
_RIFF: Final = (
    f"{_G}{_G}{_G} G2c/.5 A2c/.5 | {_G}{_G}{_G} Bb2c!/.5 A2c/.5 | "
    f"{_G}{_G}{_G} G2c/.5 A2c/.5 | {_G} D3c!/1 C3c!/1 B2c!/1 | "
)
_RIFF_B: Final = (
    f"{_G}{_G}{_G} G2c/.5 A2c/.5 | {_G}{_G}{_G} Bb2c!/.5 A2c/.5 | "
    f"{_G} C3c!/.75 B2c/.25 {_G} C3c!/.75 B2c/.25 | F2c!/1 F2m/.5 F2m/.5 F#2c!/1 B2c!/1 | "
)
_CHUG: Final = {name: f"{name}m/.25 {name}m/.25 " for name in ("E2", "C3", "G2", "D3", "A2", "B2")}
_CHORUS: Final = (
    f"E2c!/1.5 {_CHUG['E2']} E2c/1.5 {_CHUG['E2']} | C3c!/1.5 {_CHUG['C3']} C3c/1.5 {_CHUG['C3']} | "
    f"G2c!/1.5 {_CHUG['G2']} G2c/1.5 {_CHUG['G2']} | D3c!/1.5 {_CHUG['D3']} D3c/1 B2c/1 | "
    f"E2c!/1.5 {_CHUG['E2']} E2c/1.5 {_CHUG['E2']} | C3c!/1.5 {_CHUG['C3']} C3c/1.5 {_CHUG['C3']} | "
    f"A2c!/1.5 {_CHUG['A2']} A2c/1.5 {_CHUG['A2']} | B2c!/1.5 {_CHUG['B2']} B2c/1 D3c/1 | "
)


def _gallop(name: str) -> str:
    return f"{name}m!/.5 {name}m/.25 {name}m/.25 "


_SOLO: Final = "".join(
    f"{name}c!/1 {_gallop(name) * 2}{name}c/1 | " for name in ("E2", "G2", "A2", "C3", "E2", "G2", "F#2", "B2")
)
_BREAK: Final = (
    "E2m!/.5 E2m/.5 r/.5 E2m!/.5 r/.5 E2m/.25 E2m/.25 Bb2c!/1 | E2m!/.5 E2m/.5 r/.5 E2m!/.5 r/.5 F2c/.5 E2c!/1 | "
    "E2m!/.5 E2m/.5 r/.5 E2m!/.5 r/.5 E2m/.25 E2m/.25 Bb2c!/1 | C3c!/1 B2c!/1 Bb2c!/1 A2c!/1 | "
)
_END: Final = "E2c!/3.8 r/.2 |"
_RHYTHM: Final = {
    "intro": _RIFF,
    "riff": _RIFF + _RIFF_B,
    "chorus": _CHORUS,
    "solo": _SOLO,
    "breakdown": _BREAK,
    "outro": _RIFF_B,
    "end": _END,
}
_LEAD: Final = {
    "chorus": """
 E5!^/1.5 F#5/.5 G5^/1 F#5/.5 E5/.5 | E5^/2 D5/.5 C5/.5 D5/.5 E5/.5 |
 D5<!^/1.5 B4/.5 G4^/1 A4/.5 B4/.5 | A4^/2.5 F#4/.5 A4/.5 D5/.5 |
 E5!^/1.5 F#5/.5 G5^/1 A5/.5 B5/.5 | C6<!^/2 B5/.5 A5/.5 G5/.5 F#5/.5 |
 E5^/1.5 C5/.5 A4/.5 C5/.5 E5/.5 A5/.5 | B5<!^/3 F#5/.5 D#5/.5 |""",
    "solo": """
 E5!/.25 F#5/.25 G5/.25 E5/.25 F#5/.25 G5/.25 A5/.25 F#5/.25 G5/.25 A5/.25 B5/.25 G5/.25 A5/.25 B5/.25 C6/.25 A5/.25 |
 B5<!^/2 G5/.5 A5/.5 B5/.5 D6/.5 |
 C6!/.25 B5/.25 A5/.25 C6/.25 B5/.25 A5/.25 E5/.25 A5/.25 C6!/.25 B5/.25 A5/.25 C6/.25 B5/.25 A5/.25 E5/.25 A5/.25 |
 G5<!^/1.5 E5/.5 G5!/.5 C6/.5 E6^/1 |
 E6<!^/1.5 D6/.25 B5/.25 G5!/.25 A5/.25 B5/.25 D6/.25 E6/.25 D6/.25 B5/.25 G5/.25 |
 D6!/.25 B5/.25 G5/.25 B5/.25 D6/.25 B5/.25 G5/.25 B5/.25 D6!/.25 B5/.25 G5/.25 D5/.25 G5/.25 B5/.25 D6/.25 G5/.25 |
 C#6!/.25 A#5/.25 F#5/.25 C#5/.25 F#5/.25 A#5/.25 C#6/.25 E6/.25 F#6<!^/2 |
 F#6!/.25 D#6/.25 B5/.25 F#5/.25 D#6!/.25 B5/.25 F#5/.25 D#5/.25 B5!/.25 F#5/.25 D#5/.25 B4/.25 E5<^/1 |""",
    "outro": "r/4 | r/4 | E5<!^/2 G5^/2 | F5!^/2 F#5^/1 B5^/1 |",
}
_SECOND: Final = {
    "chorus": """
 G5!^/1.5 A5/.5 B5^/1 A5/.5 G5/.5 | G5^/2 F#5/.5 E5/.5 F#5/.5 G5/.5 |
 B5<!^/1.5 G5/.5 D5^/1 F#5/.5 G5/.5 | F#5^/2.5 D5/.5 F#5/.5 A5/.5 |
 G5!^/1.5 A5/.5 B5^/1 C6/.5 D6/.5 | E6<!^/2 D6/.5 C6/.5 B5/.5 A5/.5 |
 C6^/1.5 A5/.5 E5/.5 A5/.5 C6/.5 C6/.5 | D#6<!^/3 B5/.5 F#5/.5 |""",
    "outro": "r/4 | r/4 | G5<!^/2 B5^/2 | A5!^/2 A#5^/1 D#6^/1 |",
}


def _strum(notes: Sequence[Note]) -> tuple[list[Note], list[Note]]:
    """Split a riff into palm-muted notes and open power chords (root, fifth, octave)."""
    muted, opened = [], []
    for note in notes:
        if "m" in note.marks:
            muted.append(note)
            muted.append(Note(note.beat, note.beats, note.pitch + 7, max(1, note.velocity - 18), note.marks))
        else:
            opened += [Note(note.beat, note.beats, note.pitch + step, note.velocity) for step in (0, 7, 12)]
    return muted, opened


def _drums(section: Section, rng: np.random.Generator, parts: dict[str, list[Note]]) -> None:
    """Double bass drum under a backbeat; crashes where sections and chords change, fills at the end."""
    kick, snare, cymbals, toms = (parts[name] for name in ("kick", "snare", "cymbals", "toms"))
    name, start, bars = section.name, section.start, int(section.beats // 4)
    for bar in range(bars):
        t = start + 4 * bar
        fill = bar == bars - 1 and name != "end"
        if name == "end":
            kick.append(Note(t, 0.3, 36, 124))
            snare.append(Note(t, 0.3, 38, 124))
            cymbals += [Note(t, 4, 49, 122), Note(t, 4, 57, 118)]
            continue
        if name == "intro" and bar < 2:
            cymbals += [Note(t + k, 0.3, 42, 92) for k in range(4)]
            if bar == 0:
                cymbals.append(Note(t, 3, 49, 108))
            kick += [Note(t, 0.2, 36, 110), Note(t + 3, 0.2, 36, 112), Note(t + 3.5, 0.2, 36, 112)]
        elif name == "breakdown":
            for beat in (0, 0.5, 1.5, 2.5, 2.75, 3) if bar < 3 else (0, 1, 2, 3):
                kick.append(Note(t + beat, 0.2, 36, 118))
            snare.append(Note(t + 2, 0.3, 38, 122))
            cymbals += [Note(t + k, 1, 52 if k % 2 == 0 else 46, 104) for k in range(4)]
        else:
            sixteenths = name in ("chorus", "outro") or (name == "solo" and bar >= 4)
            for step in range(16):
                if sixteenths or step % 4 != 1:
                    kick.append(Note(t + step / 4, 0.2, 36, 106 + 8 * (step % 4 == 0) + int(rng.integers(-4, 5))))
            snare += [Note(t + beat, 0.3, 38, 120) for beat in (1, 3) if not (fill and beat == 3)]
            top = {"riff": 46, "intro": 46, "chorus": 57 if bar % 2 else 49, "solo": 51, "outro": 52}[name]
            for beat in np.arange(0, 4, 0.5 if name == "solo" else 1.0):
                cymbals.append(Note(t + float(beat), 0.9, top, 98 + 8 * (beat % 2 == 0)))
            if bar % 2 == 0 or name == "chorus":
                cymbals.append(Note(t, 3, 49 if bar % 4 else 57, 116))
        if fill:
            for k, p in enumerate((38, 38, 48, 48, 47, 45, 43, 41)):
                (snare if p == 38 else toms).append(Note(t + 2 + k / 4, 0.25, p, 108 + k))


def score(form: Sequence[str] = FORM, seed: int = 31) -> Song:
    """Write the piece.

    Parameters
    ----------
    form : sequence of str
        Sections in order.
    seed : int
        Seed of the hands; the two guitarists have their own.

    Returns
    -------
    Song
        The piece.
    """
    rng = np.random.default_rng(seed)
    names = [
        "left_muted",
        "left_open",
        "right_muted",
        "right_open",
        "bass",
        "lead",
        "second",
        "kick",
        "snare",
        "cymbals",
        "toms",
    ]
    parts: dict[str, list[Note]] = {name: [] for name in names}
    sections = layout(form, BARS)
    for section in sections:
        riff = line(_RHYTHM[section.name], section.start, 104)
        for side in ("left", "right"):
            late = section.name == "intro" and side == "right"
            muted, opened = _strum([note for note in riff if not late or note.beat >= section.start + 8])
            parts[f"{side}_muted"] += muted
            parts[f"{side}_open"] += opened
        parts["bass"] += [
            Note(note.beat, note.beats, note.pitch - 12, 112, "")
            for note in riff
            if section.name != "intro" or note.beat >= section.start + 8
        ]
        for name, book in (("lead", _LEAD), ("second", _SECOND)):
            if section.name in book:
                low = -12 if section.name == "chorus" else 0
                parts[name] += line(book[section.name], section.start, 100, transpose=low)
        _drums(section, rng, parts)
    beats = sections[-1].start + sections[-1].beats

    def guitar(name: str, program: int, number: int, cents: float) -> Part:
        return Part(
            name, program, parts[name], jitter_seconds=0.006, touch=7, seed=seed + number, detune_semitones=cents / 100
        )

    players = [
        guitar("left_muted", 28, 1, -3),
        guitar("left_open", 27, 1, -3),
        guitar("right_muted", 28, 2, 4),
        guitar("right_open", 27, 2, 4),
        Part("bass", 34, parts["bass"], jitter_seconds=0.005, seed=seed + 3),
        Part("lead", 27, parts["lead"], jitter_seconds=0.006, seed=seed + 4, expressive=True, legato=1.02),
        Part("second", 27, parts["second"], jitter_seconds=0.008, seed=seed + 5, expressive=True, legato=1.02),
        Part("kick", 16, parts["kick"], drums=True, jitter_seconds=0.0025, touch=4, seed=seed + 6),
        Part("snare", 16, parts["snare"], drums=True, jitter_seconds=0.003, touch=4, seed=seed + 7),
        Part("cymbals", 0, parts["cymbals"], drums=True, jitter_seconds=0.004, seed=seed + 8),
        Part("toms", 16, parts["toms"], drums=True, jitter_seconds=0.004, seed=seed + 9),
    ]
    return Song("metal", _GROOVE, players, beats, 0.6, desk)


_CAB_LEFT: Final = (
    (20, -50), (70, -12), (95, -1), (120, 2), (200, 0), (350, -3), (600, -3), (1000, -1), (1800, 1), (2600, 4),
    (3600, 3), (4600, -2), (5500, -10), (7000, -20), (10_000, -32), (22_050, -60),
)  # fmt: skip
_CAB_RIGHT: Final = (
    (20, -50), (70, -12), (90, -2), (110, 2), (180, 1), (400, -4), (700, -3), (1200, 0), (2000, 2), (3000, 3),
    (4000, 3), (5000, -2), (6000, -10), (7500, -20), (10_000, -32), (22_050, -60),
)  # fmt: skip
_CAB_LEAD: Final = (
    (20, -50), (120, -12), (200, -2), (500, 0), (900, 2), (1600, 2), (2600, 3), (3800, 1), (5000, -6), (7000, -20),
    (10_000, -34), (22_050, -60),
)  # fmt: skip


# Levels in dBFS; `muted` and `open` are the strings before the amplifier.
FADERS: Final = {
    "muted": -14.0,
    "open": -17.0,
    "guitars": -17.0,
    "lead": -22.5,
    "second": -24.5,
    "bass": -18.0,
    "grit": -27.0,
    "kick": -16.0,
    "snare": -16.5,
    "cymbals": -26.5,
    "toms": -19.0,
    "echo": -11.0,
    "chamber": -11.0,
    "hall": -15.0,
}


def desk(stems: Mapping[str, Sound], groove: Groove) -> Sound:
    """Mix as a modern-classic metal record: wide guitars, clicking bass drum, bass glued under them."""
    from pedalboard import (
        Compressor,
        Distortion,
        HighpassFilter,
        HighShelfFilter,
        LowpassFilter,
        LowShelfFilter,
        PeakFilter,
    )

    beat = 60.0 / groove.bpm
    sides = {}
    for side, cabinet, place in (("left", _CAB_LEFT, -0.85), ("right", _CAB_RIGHT, 0.85)):
        strings = fx.mix(
            [
                fx.normalised(stems[f"{side}_muted"], FADERS["muted"]),
                fx.normalised(stems[f"{side}_open"], FADERS["open"]),
            ]
        )
        sides[side] = fx.pan(fx.normalised(fx.amplifier(strings, 34, cabinet), FADERS["guitars"]), place, 0.0)
    leads = []
    for name, place in (("lead", -0.15), ("second", 0.3)):
        if stems[name].any():
            amp = fx.normalised(fx.amplifier(stems[name], 32, _CAB_LEAD, tight_hz=180), FADERS[name])
            leads.append(fx.pan(amp, place, 0.0))
    lead = fx.mix(leads) if leads else np.zeros_like(sides["left"])
    grit = fx.board(stems["bass"], HighpassFilter(250), Distortion(22), LowpassFilter(3800))
    bass = fx.mix(
        [
            fx.normalised(fx.board(stems["bass"], LowpassFilter(350), Compressor(-26, 5, 6, 100)), FADERS["bass"]),
            fx.normalised(grit, FADERS["grit"]),
        ]
    )
    kick = fx.board(
        stems["kick"],
        LowShelfFilter(70, 4),
        PeakFilter(350, -8, 0.9),
        PeakFilter(3800, 8, 0.9),
        Compressor(-18, 3, 4, 60),
    )
    snare = fx.board(
        stems["snare"], HighpassFilter(120), PeakFilter(200, 3, 1), PeakFilter(4500, 4, 0.8), Compressor(-18, 3, 6, 90)
    )
    cymbals = fx.board(stems["cymbals"], HighpassFilter(450), HighShelfFilter(10_000, -2))
    toms = fx.board(stems["toms"], PeakFilter(400, -5, 0.9), PeakFilter(4000, 4, 0.8))
    drums = {
        "kick": fx.pan(fx.normalised(kick, FADERS["kick"]), 0, 0.1),
        "snare": fx.pan(fx.normalised(snare, FADERS["snare"]), 0.02, 0.4),
        "cymbals": fx.normalised(cymbals, FADERS["cymbals"]),
        "toms": fx.normalised(toms, FADERS["toms"]),
    }
    echo = fx.tape_echo(lead, 0.75 * beat, feedback=0.4, repeats=5, high_hz=3500)
    chamber = fx.room(fx.mix([drums["snare"], drums["toms"], drums["cymbals"] * 0.3]), 0.45, 0.5, before_seconds=0.008)
    hall = fx.room(fx.mix([lead, echo * 0.5]), 0.7, 0.5, before_seconds=0.03)
    return fx.mix(
        [
            *sides.values(),
            lead,
            bass,
            *drums.values(),
            fx.gain(echo, FADERS["echo"]),
            fx.gain(chamber, FADERS["chamber"]),
            fx.gain(hall, FADERS["hall"]),
        ]
    )
