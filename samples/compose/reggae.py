"""Reggae: a roots one-drop in A minor. Melodica over skank and bubble, horns for the chorus, a dub break.

Sections: ``pickup`` (half a bar of drum fill), ``intro`` (2 bars), ``verse`` (4), ``verse2`` (4), ``chorus`` (4),
``dub`` (2), ``end`` (1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from samples.compose import effects as fx
from samples.compose.perform import Groove, Part
from samples.compose.render import Sound
from samples.compose.song import Section, Song, layout
from samples.compose.theory import Chord, Note, changes, line

TITLE: Final = "Zinc Roof Sunday"
BARS: Final = {"pickup": 0.5, "intro": 2, "verse": 4, "verse2": 4, "chorus": 4, "dub": 2, "end": 1}
FORM: Final = ("pickup", "intro", "verse", "verse2", "chorus", "dub", "end")
_GROOVE: Final = Groove(bpm=76, swing=0.57, unit=0.5)

_CHANGES: Final = {
    "pickup": "Am",
    "intro": "Am | Dm G",
    "verse": "Am | Dm | Am | G",
    "verse2": "Am | Dm | Am | G",
    "chorus": "F | G | C | Am G",
    "dub": "Am | Dm G",
    "end": "Am",
}
_BASS: Final = {
    "pickup": "r/1.5 E1/.25 G1/.25",
    "intro": "A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 D2/.5 C2/.5 | D2!/.75 r/.25 F2/.5 A1/.5 G1!/.5 B1/.5 D2/.5 B1/.5 |",
    "verse": """
 A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 D2/.5 C2/.5 | D2!/.75 r/.25 D2/.5 F2/.5 r/.5 A2!/.5 F2/.5 D2/.5 |
 A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 D2/.5 C2/.5 | G1!/.75 r/.25 G1/.5 B1/.5 r/.5 D2!/.5 B1/.5 G1/.5 |""",
    "verse2": """
 A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 G2/.5 E2/.5 | D2!/.75 r/.25 D2/.5 F2/.5 r/.5 A2!/.5 F2/.5 D2/.5 |
 A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 D2/.5 C2/.5 | G1!/.75 r/.25 G1/.5 B1/.5 r/.5 D2!/.5 B1/.5 G1/.5 |""",
    "chorus": """
 F1!/1 r/.5 F1/.5 A1/.5 C2!/.5 r/.5 C2/.5 | G1!/1 r/.5 G1/.5 B1/.5 D2!/.5 r/.5 D2/.5 |
 C2!/1 r/.5 C2/.5 E2/.5 G2!/.5 E2/.5 C2/.5 | A1!/.75 r/.25 C2/.5 A1/.5 G1!/.75 r/.25 B1/.5 D2/.5 |""",
    "dub": "A1!/.75 r/.25 A1/.5 C2/.5 r/.5 E2!/.5 D2/.5 C2/.5 | D2!/.75 r/.25 F2/.5 A1/.5 G1!/.5 B1/.5 D2/.5 B1/.5 |",
    "end": "A1!/2 r/2 |",
}
_MELODICA: Final = {
    "verse": """
 r/.5 E5<!/.5 D5/.25 C5/.25 A4^/1 r/1.5 | r/2.5 A4/.25 C5/.25 D5!/.5 A4/.25 r/.25 |
 r/.5 E5!/.5 D5/.25 C5/.25 A4^/.75 r/.25 G4/.25 A4/.5 r/.75 | r/.5 B4<!/.5 G4/.25 E4/.75 r/2 |""",
    "verse2": """
 r/.5 A5<!/.5 G5/.25 E5/.25 D5/.25 E5^/.75 r/1.5 | r/1.5 F5!/.25 E5/.25 D5/.25 A4/.75 r/1 |
 r/.5 G5<!/.5 E5/.25 D5/.25 C5/.25 A4^/.75 r/.5 A4/.25 C5/.25 r/.5 | r/.5 B4/.25 D5/.25 E5!/.5 D5/.25 B4/.75 r/1.5 |""",
    "chorus": """
 A4!/.5 C5/.5 A4/.25 r/2.75 | B4!/.5 D5/.5 B4/.25 r/2.75 |
 G4!/.5 C5/.5 E5/.25 D5/.25 C5/.5 r/2 | A4!/.5 r/.5 G4/.25 E4/.5 r/2.25 |""",
    "dub": "r/2.5 E5<!/.5 D5/.25 C5/.25 A4/.25 r/.25 | r/4 |",
    "end": "A4<!/.5 r/3.5 |",
}
_HORNS: Final = {
    "intro": "E4!/.5 r/.25 E4/.25 D4/.5 C4/.5 A3!/.5 r/1.5 | F4!/.5 E4/.5 D4/.5 r/.5 B3!/.5 D4/.5 E4!/.5 r/.5 |",
    "chorus": """
 r/1.75 A4/.25 C5!/.5 A4/.25 F4/.25 r/.5 A4!/.5 | r/1.75 B4/.25 D5!/.5 B4/.25 G4/.25 r/.5 B4!/.5 |
 r/1.75 G4/.25 C5!/.5 G4/.25 E4/.25 r/.5 G4!/.5 | r/1.5 A4!/.5 r/.25 C5/.25 B4!/.5 G4/.25 r/.75 |""",
    "end": "A4!/.5 r/3.5 |",
}
_HARMONY: Final = {
    "intro": "C4!/.5 r/.25 C4/.25 B3/.5 A3/.5 E3!/.5 r/1.5 | D4!/.5 C4/.5 A3/.5 r/.5 G3!/.5 B3/.5 B3!/.5 r/.5 |",
    "chorus": """
 r/1.75 F4/.25 A4!/.5 F4/.25 C4/.25 r/.5 F4!/.5 | r/1.75 G4/.25 B4!/.5 G4/.25 D4/.25 r/.5 G4!/.5 |
 r/1.75 E4/.25 G4!/.5 E4/.25 C4/.25 r/.5 E4!/.5 | r/1.5 E4!/.5 r/.25 A4/.25 G4!/.5 E4/.25 r/.75 |""",
    "end": "E4!/.5 r/3.5 |",
}


def _voicing(now: Chord, low: int) -> list[int]:
    """Close position of a triad whose lowest note is at or above `low`."""
    return sorted(low + (tone - low) % 12 for tone in now.tones[:3])


def _harmony(section: Section, rng: np.random.Generator, parts: dict[str, list[Note]]) -> None:
    """Skank on every off-beat, organ bubble around it, both from the same chords."""
    bars = changes(_CHANGES[section.name])
    quiet = section.name == "dub"
    for beat in range(int(section.beats)):
        bar = bars[min(len(bars) - 1, beat // 4)]
        now = bar[min(len(bar) - 1, (beat % 4) * len(bar) // 4)]
        t = section.start + beat
        echo_only = quiet and beat not in (0, 1, 6, 7)
        guitar, piano, organ = _voicing(now, 62), _voicing(now, 58), _voicing(now, 57)
        if not echo_only:
            for k, p in enumerate(guitar):
                parts["guitar"].append(Note(t + 0.5, 0.17, p, 96 - 3 * k))
                if rng.random() < 0.13 and beat % 4 == 3:
                    parts["guitar"].append(Note(t + 0.75, 0.1, p, 62))
            parts["piano"] += [Note(t + 0.5, 0.2, p, 84) for p in piano]
        if not quiet:
            parts["organ"] += [Note(t + 0.5, 0.22, p, 90) for p in organ]
            parts["bubble"] += [Note(t + offset, 0.16, p - 12, 70) for offset in (0.25, 0.75) for p in organ[:2]]
        if quiet and beat in (1, 7):
            parts["guitar_throw"] += [Note(t + 0.5, 0.17, p, 96) for p in guitar]


def _drums(section: Section, rng: np.random.Generator, parts: dict[str, list[Note]], first: bool) -> None:
    """One-drop: bass drum and rim together on two and four, shuffled hats, timbale fills."""
    chorus = section.name == "chorus"
    for beat in range(int(section.beats)):
        t = section.start + beat
        for offset in (0.0, 0.5):
            accent = 92 if offset == 0.5 else 70
            parts["hats"].append(Note(t + offset, 0.2, 42, accent + int(rng.integers(-6, 7))))
        if rng.random() < 0.45:
            parts["hats"].append(Note(t + 0.75, 0.15, 42, 54 + int(rng.integers(-6, 7))))
        if rng.random() < 0.12:
            parts["hats"].append(Note(t + 0.25, 0.15, 42, 48))
        if beat % 8 == 7:
            parts["hats"].append(Note(t + 0.5, 0.45, 46, 84))
        if beat % 2 == 1:
            parts["kick"].append(Note(t, 0.4, 36, 112))
            parts["snare"].append(Note(t, 0.3, 38 if chorus else 37, 104 if chorus else 112))
        elif chorus:
            parts["kick"].append(Note(t, 0.4, 36, 88))
        if rng.random() < 0.10 and beat % 2 == 0:
            parts["snare"].append(Note(t + 0.75, 0.2, 37, 62))
    parts["hats"].append(Note(section.start, 2, 49, 64 if first else 76))
    if section.name == "dub":
        for t in (section.start + 1, section.start + 3, section.start + 5):
            parts["throw"].append(Note(t, 0.3, 37 if t % 4 else 38, 110))
    last = section.start + section.beats
    parts["throw"].append(Note(last - 1, 0.3, 38, 96))
    fill = ((0.0, 65, 88), (0.25, 65, 78), (0.5, 66, 96), (0.75, 38, 100))
    for offset, p, v in fill if section.beats > 8 else fill[2:]:
        parts["fills"].append(Note(last - 1 + offset, 0.25, p, v))


def score(form: Sequence[str] = FORM, seed: int = 21) -> Song:
    """Write the piece.

    Parameters
    ----------
    form : sequence of str
        Sections in order.
    seed : int
        Seed of hats, fills and hands.

    Returns
    -------
    Song
        The piece.
    """
    rng = np.random.default_rng(seed)
    names = ["melodica", "horns", "harmony", "guitar", "guitar_throw", "picked", "piano", "organ", "bubble", "bass"]
    names += ["kick", "snare", "throw", "hats", "fills"]
    parts: dict[str, list[Note]] = {name: [] for name in names}
    sections = layout(form, BARS)
    for number, section in enumerate(sections):
        start = section.start
        parts["bass"] += line(_BASS[section.name], start, 100)
        if section.name in ("verse2", "chorus", "dub"):
            parts["picked"] += line(_BASS[section.name], start, 84, transpose=12)
        for name, book, level in (("melodica", _MELODICA, 96), ("horns", _HORNS, 96), ("harmony", _HARMONY, 92)):
            if section.name in book:
                parts[name] += line(book[section.name], start, level)
        if section.name == "pickup":
            for k, (p, v) in enumerate(
                ((38, 70), (38, 84), (65, 96), (65, 84), (66, 104), (66, 92), (38, 108), (38, 112))
            ):
                parts["fills"].append(Note(start + 0.25 * k, 0.25, p, v))
        elif section.name == "end":
            parts["kick"].append(Note(start, 0.5, 36, 116))
            parts["throw"].append(Note(start, 0.4, 38, 118))
            parts["hats"].append(Note(start, 3, 49, 104))
            now = changes("Am")[0][0]
            for name, low in (("guitar", 62), ("guitar_throw", 62), ("organ", 57), ("piano", 58)):
                parts[name] += [Note(start, 0.4, p, 100) for p in _voicing(now, low)]
        else:
            _harmony(section, rng, parts)
            _drums(section, rng, parts, number < 2)
    beats = sections[-1].start + sections[-1].beats

    def part(name: str, program: int, number: int, **how: float) -> Part:
        return Part(name, program, parts[name], seed=seed + number, **how)  # type: ignore[arg-type]

    players = [
        part("melodica", 22, 1, lag_seconds=0.02, jitter_seconds=0.008, expressive=True, legato=0.75),
        part("horns", 65, 2, lag_seconds=0.012, legato=0.45),
        part("harmony", 66, 3, lag_seconds=0.016, legato=0.45),
        part("guitar", 27, 4, jitter_seconds=0.004),
        part("guitar_throw", 27, 4, jitter_seconds=0.004),
        part("picked", 28, 14, lag_seconds=0.004, legato=0.5),
        part("piano", 1, 5, jitter_seconds=0.004),
        part("organ", 16, 6, jitter_seconds=0.005),
        part("bubble", 17, 7, jitter_seconds=0.005),
        part("bass", 33, 8, lag_seconds=0.012, jitter_seconds=0.005),
        part("kick", 8, 9, drums=True, jitter_seconds=0.003),
        part("snare", 0, 10, drums=True, jitter_seconds=0.003),
        part("throw", 0, 11, drums=True, jitter_seconds=0.003),
        part("hats", 0, 12, drums=True, jitter_seconds=0.005),
        part("fills", 0, 13, drums=True, jitter_seconds=0.006),
    ]
    return Song("reggae", _GROOVE, players, beats, 0.6, desk)


# Level of each stem in dBFS, place between left and right, width of its own stereo image.
FADERS: Final[dict[str, tuple[float, float, float]]] = {
    "bass": (-14, 0.0, 0.0),
    "kick": (-15, 0.0, 0.2),
    "snare": (-19, -0.05, 0.4),
    "fills": (-18, 0.1, 0.8),
    "hats": (-21, 0.25, 0.5),
    "guitar": (-16, -0.45, 0.3),
    "piano": (-20, 0.4, 0.4),
    "organ": (-23, 0.5, 0.4),
    "bubble": (-25, 0.25, 0.4),
    "melodica": (-30, 0.08, 0.3),
    "horns": (-27, -0.2, 0.8),
    "picked": (-26, -0.25, 0.3),
}
SENDS: Final = {"spring": -32.0, "echo": -18.0, "hall": -34.0}


def desk(stems: Mapping[str, Sound], groove: Groove) -> Sound:
    """Mix as a 1970s Kingston desk: heavy bass, dark hats, spring on the skank, tape echo thrown on the rim."""
    from pedalboard import Compressor, HighpassFilter, HighShelfFilter, LowpassFilter, LowShelfFilter, PeakFilter

    beat = 60.0 / groove.bpm
    bass = fx.board(stems["bass"], LowShelfFilter(110, 5), LowpassFilter(1400), Compressor(-24, 4, 8, 140))
    guitar = fx.board(stems["guitar"], HighpassFilter(320), PeakFilter(1800, 3, 0.8), LowpassFilter(6500))
    throw_guitar = fx.board(stems["guitar_throw"], HighpassFilter(400), LowpassFilter(4000))
    piano = fx.board(stems["piano"], HighpassFilter(260), LowpassFilter(5000))
    organ = fx.board(stems["organ"], HighpassFilter(220), LowpassFilter(4200))
    bubble = fx.board(stems["bubble"], HighpassFilter(160), LowpassFilter(2600))
    melodica = fx.board(stems["melodica"], HighpassFilter(300), PeakFilter(1200, 2, 0.8), LowpassFilter(6500))
    horns = fx.board(fx.mix([stems["horns"], stems["harmony"]]), HighpassFilter(180), LowpassFilter(7000))
    picked = fx.board(stems["picked"], HighpassFilter(140), LowpassFilter(3500))
    kick = fx.board(stems["kick"], LowShelfFilter(80, 3), PeakFilter(350, -4, 1.0), LowpassFilter(5000))
    snare = fx.board(stems["snare"], HighpassFilter(140), PeakFilter(1700, 2, 0.8), HighShelfFilter(8000, -3))
    hats = fx.board(stems["hats"], HighpassFilter(400), HighShelfFilter(8000, -4))
    fills = fx.board(stems["fills"], HighpassFilter(120), LowpassFilter(9000))
    throw = fx.board(stems["throw"], HighpassFilter(200))
    tones = {
        "bass": bass,
        "kick": kick,
        "snare": snare,
        "fills": fills,
        "hats": hats,
        "guitar": guitar,
        "piano": piano,
        "organ": organ,
        "bubble": bubble,
        "melodica": melodica,
        "horns": horns,
        "picked": picked,
    }
    dry = {
        name: fx.pan(fx.normalised(tones[name], level), place, width) for name, (level, place, width) in FADERS.items()
    }
    spring = fx.spring(fx.mix([dry["guitar"] * 0.6, dry["snare"] * 0.6, dry["fills"] * 0.6, dry["melodica"] * 0.35]))
    echo_in = [fx.gain(throw, -10), dry["melodica"] * np.float32(0.35), fx.normalised(throw_guitar, -24)]
    echo = fx.tape_echo(fx.mix(echo_in), 0.75 * beat, feedback=0.58)
    hall = fx.room(fx.mix([dry["horns"], dry["snare"] * 0.5, echo * 0.4]), 0.6, 0.6, before_seconds=0.02)
    mix = fx.mix(
        [
            *dry.values(),
            *(fx.gain(wet, SENDS[name]) for name, wet in (("spring", spring), ("echo", echo), ("hall", hall))),
        ]
    )
    return fx.mix([mix, fx.hiss(mix.shape[1], -70, 6)])
