"""Jazz: a swung quintet tune in F. Muted trumpet and tenor state the theme, the tenor improvises a chorus.

Sections: ``intro`` (4 bars), ``theme`` (16), ``solo`` (16), ``tag`` (3.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from samples.compose import effects as fx
from samples.compose.perform import Groove, Part
from samples.compose.render import Sound
from samples.compose.song import Section, Song, layout
from samples.compose.theory import ROOTLESS, Chord, Note, changes, line

TITLE: Final = "Lamplight Walk"
BARS: Final = {"intro": 4, "theme": 16, "solo": 16, "tag": 3.5}
FORM: Final = ("intro", "theme", "solo", "tag")
_GROOVE: Final = Groove(bpm=164, swing=0.635)

_TUNE: Final = (
    "Gm7 | C7 | Fmaj7 | Dm7 | Gm7 | C7 | Am7b5 | D7b9 | "
    "Bbmaj7 | Bbm7 Eb7 | Am7 | Bbm7 Eb7 | Gm7 | C7alt | F6 D7alt | Gm7 C7alt"
)
_CHANGES: Final = {
    "intro": "Gm7 | C7sus | Gm7 | C7alt",
    "theme": _TUNE,
    "solo": _TUNE,
    "tag": "Am7 D7alt | Gm7 C7alt | F6 | F6",
}

_INTRO: Final = """
 r/1.5 D4~/.5 F4/.5 A4/.5 C5<!^/1 | Bb4/.5 G4/.5 E4/.5 D4~/.5 C4^/1 r/1 |
 r/.5 F4~/.5 A4/.5 C5/.5 D5!/.5 C5/.5 Bb4/.5 A4/.5 | Ab4<!/1 F4/.5 E4/.5 Db4/.5 r/1.5 |"""
# The trumpet calls, the tenor answers, and they close the theme together in octaves.
_THEME: Final = """
 r/.5 D4/.5 F4/.5 A4/.5 Bb4<^/1.5 A4/.5 | G4/.5 E4!/1.5 r/2 |
 r/.5 C4/.5 E4/.5 G4/.5 A4<^/1.5 G4/.5 | F4/.5 D4!/1.5 r/2 |
 r/4 | r/4 | r/4 | r/4 |
 D5!^/1.5 C5/.5 A4/1 F4/1 | Db5!^/1.5 Bb4/.5 G4/1 r/1 | r/4 | r/3.5 C4~/.5 |
 D4/.5 F4/.5 A4/.5 C5!/1 A4/.5 F4/1 | E4/.5 Ab4/.5 Bb4/.5 Db5!/1 C5>/.5 r/1 |
 A4!/.5 r/1 F4!/.5 r/2 |"""
_THEME_LOW: Final = """
 r/4 | r/4 | r/4 | r/3.5 A4~/.5 |
 Bb4!/1 D5/.5 Bb4/1 G4/.5 A4^/1 | Bb4/.5 G4/.5 E4/.5 Db4!/1 r/1.5 |
 r/.5 C4/.5 Eb4/.5 G4/.5 C5!/1 Bb4/.5 A4/.5 | F#4/.5 A4/.5 Eb5<!/1 D5/.5 C5>/.5 r/1 |
 r/4 | r/4 | C5!^/1.5 Bb4/.5 G4/1 E4/1 | Db5<!^/1.5 Bb4/.5 G4/.5 r/1 C4~/.5 |
 D3/.5 F3/.5 A3/.5 C4!/1 A3/.5 F3/1 | E3/.5 Ab3/.5 Bb3/.5 Db4!/1 C4>/.5 r/1 |
 A3!/.5 r/1 F3!/.5 r/2 |"""
_PICKUP: Final = "C4/.5 D4/.5 E4/.5 G4/.5"
_SOLO: Final = """
 Bb4!/.5 A4/.5 G4/.5 F4~/.5 E4/.5 F4/.5 G4/.5 A4/.5 | Bb4!/.5 G4/.5 E4/.5 Db4~/.5 C4^/1 r/1 |
 r/.5 E4/.5 F4/t A4/t C5/t E5!/.5 D5/.5 C5/.5 A4/.5 | B4<!/.5 C5^/1 A4/.5 F4^/1 r/1 |
 r/.5 F#4~/.5 G4/.5 A4/.5 Bb4/.5 D5!/.5 C5/.5 Bb4/.5 | A4/.5 Bb4/.5 B4/.5 C5!/.5 Bb4/.5 G4/.5 E4/.5 G4>/.5 |
 Eb5<!^/1 C5/.5 A4^/1 G4/.5 Eb4/.5 C4~/.5 | F#4/.5 A4/.5 C5/.5 Eb5!/.5 D5/.5 C5/.5 Bb4/.5 A4/.5 |
 Bb4<!^/1.5 r/1.5 D4~/.5 F4/.5 | Ab4!/.5 F4/.5 Db4~/.5 F4/.5 G4/.5 Bb4/.5 Db5!/.5 Bb4/.5 |
 C5<^/1 r/.5 C5!/1 A4/.5 G4/.5 E4~/.5 | F4/.5 Ab4/.5 Db5!/1 Bb4/.5 G4/.5 F4/.5 Eb4~/.5 |
 D4^/1 r/1.5 G4/.5 Bb4/.5 D5!/.5 | C#5/.5 D5!/.5 Bb4/.5 G4/.5 Ab4/.5 E4/.5 Db4~/.5 E4/.5 |
 F4/.5 A4/.5 C5!/.5 D5<^/1 C5/.5 A4/.5 F#4~/.5 | Bb4!/.5 A4/.5 G4/.5 D4~/.5 E4/.5 Ab4!/.5 Bb4/.5 B4/.5 |"""
_TAG_HIGH: Final = """
 C5!^/1.5 Bb4/.5 G4/1 F#4/1 | D4/.5 F4/.5 A4/.5 C5!/1 Ab4/.5 E4/1 |
 A4!/.5 r/1 F4!/.5 r/.5 A4/.5 C5/.5 D5/.5 | E5<!^/1.8 r/.2"""
_TAG_LOW: Final = """
 C4!^/1.5 Bb3/.5 G3/1 F#3/1 | D3/.5 F3/.5 A3/.5 C4!/1 Ab3/.5 E3/1 |
 C4!/.5 r/1 A3!/.5 r/.5 F4/.5 A4/.5 B4/.5 | G4<!^/1.8 r/.2"""

_COMPS: Final = (
    ((0.0, 0.9), (1.5, 0.4)),
    ((1.5, 0.4), (3.5, 0.7)),
    ((0.5, 0.4), (2.5, 0.9)),
    ((1.5, 1.6),),
    ((0.0, 0.4), (2.5, 0.4), (3.5, 0.6)),
    ((1.0, 0.4), (2.5, 0.5)),
    ((3.5, 0.8),),
)


def _chord_at(bars: Sequence[Sequence[Chord]], beat: float) -> Chord:
    bar = bars[min(len(bars) - 1, int(beat // 4))]
    return bar[min(len(bar) - 1, int((beat % 4) / (4 / len(bar))))]


def _walk(bars: Sequence[Sequence[Chord]], start: float, rng: np.random.Generator, last_beats: int) -> list[Note]:
    """Walk in quarters: root on a new chord, chord tones between, a half step or a fifth into the next chord."""
    notes: list[Note] = []
    at = 43
    total = 4 * len(bars) - last_beats
    for beat in range(total):
        now, nxt = _chord_at(bars, beat), _chord_at(bars, (beat + 1) % (4 * len(bars)))
        fresh = beat == 0 or now != _chord_at(bars, beat - 1)
        if fresh:
            choices = [now.tones[0]]
        elif nxt != now:
            choices = [(nxt.root + 1) % 12, (nxt.root - 1) % 12, (nxt.root + 7) % 12]
        else:
            choices = [tone for tone in (*now.tones, (now.root + 2) % 12) if tone != at % 12]
        pitches = [p for p in range(29, 56) if p % 12 in choices and abs(p - at) <= 8 and p != at] or [at]
        weight = np.array([1 / (1 + abs(p - at)) * np.exp(-((p - 42) ** 2) / 120) for p in pitches])
        at = int(rng.choice(pitches, p=weight / weight.sum()))
        notes.append(Note(start + beat, 0.96, at, 96 + 7 * (beat % 2)))
        if rng.random() < 0.07 and beat % 4 in (1, 3):
            notes.append(Note(start + beat + 0.5, 0.2, at, 58))
    return notes


def _comp(bars: Sequence[Sequence[Chord]], start: float, rng: np.random.Generator, level: int) -> list[Note]:
    """Comp with rootless voicings that move as little as they can."""
    notes: list[Note] = []
    middle, previous = 60.0, -1
    for number in range(len(bars)):
        choices = [k for k in range(len(_COMPS)) if k != previous]
        previous = int(rng.choice(choices))
        for offset, length in _COMPS[previous]:
            now = _chord_at(bars, min(4 * len(bars) - 1, 4 * number + offset + (0.5 if offset % 1 else 0)))
            forms = [
                [now.root + 12 * octave + step for step in form] for form in ROOTLESS[now.quality] for octave in (3, 4)
            ]
            voicing = min(forms, key=lambda form: abs(np.mean(form) - middle) + 0.3 * abs(np.mean(form) - 60))
            middle = float(np.mean(voicing))
            accent = int(rng.integers(-8, 9)) + (6 if length < 0.6 else 0)
            for p in voicing:
                notes.append(
                    Note(start + 4 * number + offset, length, p, level + accent + (5 if p == max(voicing) else 0))
                )
    return notes


def _ride(section: Section, rng: np.random.Generator, last: bool) -> list[Note]:
    notes = []
    for beat in range(int(section.beats)):
        if last and beat >= section.beats - 6:
            break
        t = section.start + beat
        notes.append(Note(t, 0.5, 51, 84 + 10 * (beat % 2) + int(rng.integers(-4, 5))))
        if (beat % 2 == 1 and rng.random() < 0.92) or rng.random() < 0.12:
            notes.append(Note(t + 0.5, 0.4, 51 if beat % 4 == 1 else 59, 66 + int(rng.integers(-6, 7))))
    return notes


def _kit(section: Section, rng: np.random.Generator, last: bool, hat: list[Note]) -> list[Note]:
    """Feathered bass drum, hi-hat foot on two and four, snare chatter, a fill into the next section."""
    notes = []
    end = int(section.beats) - (6 if last else 0)
    busy = {"intro": 0.12, "theme": 0.2, "solo": 0.34, "tag": 0.25}[section.name]
    for beat in range(end):
        t = section.start + beat
        if beat % 2 == 1:
            hat.append(Note(t, 0.3, 44, 88))
        notes.append(Note(t, 0.3, 36, 44 + int(rng.integers(0, 8))))
        if rng.random() < busy:
            notes.append(Note(t + 0.5, 0.3, 38, int(rng.choice([42, 52, 64, 80]))))
        if rng.random() < busy * 0.4:
            notes.append(Note(t + 0.5, 0.3, 36, int(rng.choice([66, 78]))))
        if section.name == "intro" and beat % 4 == 3:
            notes.append(Note(t, 0.3, 37, 74))
    fill = section.start + section.beats - 2
    if not last:
        for offset, p, v in ((0, 38, 70), (1 / 3, 38, 58), (2 / 3, 45, 76), (1, 38, 84), (1.5, 41, 88), (1.5, 36, 80)):
            notes.append(Note(fill + offset, 0.3, p, v))
    return notes


def score(form: Sequence[str] = FORM, seed: int = 11) -> Song:
    """Write the piece.

    Parameters
    ----------
    form : sequence of str
        Sections in order.
    seed : int
        Seed of walking, comping and drumming.

    Returns
    -------
    Song
        The piece.
    """
    rng = np.random.default_rng(seed)
    parts: dict[str, list[Note]] = {name: [] for name in ("trumpet", "tenor", "piano", "bass", "ride", "hat", "kit")}
    sections = layout(form, BARS)
    for section in sections:
        bars = changes(_CHANGES[section.name])
        end = section.name == "tag"
        parts["bass"] += _walk(bars, section.start, rng, 8 if end else 0)
        parts["piano"] += _comp(bars[:3] if end else bars, section.start, rng, 66 if section.name == "solo" else 62)
        parts["ride"] += _ride(section, rng, end)
        parts["kit"] += _kit(section, rng, end, parts["hat"])
        if section.name == "intro":
            parts["tenor"] += line(_INTRO, section.start, 86)
        elif section.name == "theme":
            parts["trumpet"] += line(_THEME, section.start, 92)
            parts["tenor"] += line(_THEME_LOW, section.start, 88)
            if "solo" in form:
                parts["tenor"] += line(_PICKUP, section.start + 62, 84)
        elif section.name == "solo":
            parts["tenor"] += line(_SOLO, section.start, 94)
        elif end:
            parts["trumpet"] += line(_TAG_HIGH, section.start, 92)
            parts["tenor"] += line(_TAG_LOW, section.start, 88)
            t = section.start
            parts["bass"] += line("F2!/.5 r/1 F2!/.5 r/2 | F1!/2", t + 8, 98)
            parts["piano"] += [Note(t + 12, 1.9, p, 78) for p in (45, 52, 55, 59, 62, 67)]
            parts["kit"] += [Note(t + 8, 0.3, 36, 92), Note(t + 9.5, 0.3, 36, 92), Note(t + 12, 0.3, 36, 96)]
            parts["kit"] += [Note(t + 10 + k / 3, 0.3, p, 66 + 6 * k) for k, p in enumerate((38, 38, 45, 38, 43, 41))]
            parts["ride"] += [Note(t + 8, 0.5, 51, 96), Note(t + 9.5, 0.5, 51, 96), Note(t + 12, 2, 49, 80)]
            parts["ride"] += [Note(t + 12 + k * 0.5, 2, 51, 60 - 3 * k) for k in range(4)]
    beats = sections[-1].start + sections[-1].beats
    players = (
        Part("trumpet", 59, parts["trumpet"], lag_seconds=0.018, jitter_seconds=0.007, seed=seed + 1, expressive=True),
        Part(
            "tenor",
            66,
            parts["tenor"],
            lag_seconds=0.026,
            jitter_seconds=0.009,
            seed=seed + 2,
            expressive=True,
            legato=0.98,
        ),
        Part("piano", 0, parts["piano"], lag_seconds=0.006, jitter_seconds=0.007, seed=seed + 3),
        Part("bass", 32, parts["bass"], lag_seconds=-0.006, jitter_seconds=0.005, seed=seed + 4, legato=0.99),
        Part("ride", 32, parts["ride"], drums=True, jitter_seconds=0.004, seed=seed + 5),
        Part("hat", 32, parts["hat"], drums=True, jitter_seconds=0.004, seed=seed + 7),
        Part("kit", 40, parts["kit"], drums=True, lag_seconds=0.004, jitter_seconds=0.006, seed=seed + 6),
    )
    return Song("jazz", _GROOVE, players, beats, 0.7, desk)


# Level of each stem in dBFS, place between left and right, width of its own stereo image.
FADERS: Final[dict[str, tuple[float, float, float]]] = {
    "trumpet": (-21, -0.22, 0.5),
    "tenor": (-18.5, 0.12, 0.5),
    "piano": (-22.5, -0.35, 0.7),
    "bass": (-18.5, 0.05, 0.2),
    "ride": (-29, 0.3, 0.6),
    "hat": (-33, 0.2, 0.4),
    "kit": (-24.5, 0.15, 0.8),
}
SENDS: Final = {"club": -13.0, "plate": -23.0}


def desk(stems: Mapping[str, Sound], groove: Groove) -> Sound:
    """Mix as a small club recording: everybody in one room, little compression."""
    from pedalboard import Compressor, HighpassFilter, HighShelfFilter, LowpassFilter, LowShelfFilter, PeakFilter

    del groove
    trumpet = fx.board(stems["trumpet"], HighpassFilter(180), PeakFilter(2600, -3, 1.0), LowpassFilter(9000))
    tenor = fx.board(stems["tenor"], HighpassFilter(110), PeakFilter(500, 2, 0.7), HighShelfFilter(5000, -3))
    piano = fx.board(stems["piano"], HighpassFilter(120), PeakFilter(350, -2, 0.8), HighShelfFilter(6000, -2))
    bass = fx.board(stems["bass"], LowShelfFilter(90, 2), PeakFilter(900, 2.5, 0.8), Compressor(-22, 2.5, 12, 120))
    ride = fx.sharpened(fx.board(stems["ride"], HighpassFilter(280), PeakFilter(3500, -4, 2.0)), 0.9)
    hat = fx.board(stems["hat"], HighpassFilter(500), HighShelfFilter(9000, -3))
    kit = fx.board(stems["kit"], HighpassFilter(45), PeakFilter(4000, 1.5, 0.8))
    tones = {"trumpet": trumpet, "tenor": tenor, "piano": piano, "bass": bass, "ride": ride, "hat": hat, "kit": kit}
    dry = {
        name: fx.pan(fx.normalised(tones[name], level), place, width) for name, (level, place, width) in FADERS.items()
    }
    sends = {"trumpet": 0.5, "tenor": 0.4, "piano": 0.35, "bass": 0.10, "ride": 0.2, "hat": 0.3, "kit": 0.5}
    send = fx.mix([dry[name] * np.float32(level) for name, level in sends.items()])
    club = fx.gain(fx.board(fx.room(send, 0.42, 0.55, before_seconds=0.012), HighpassFilter(160)), SENDS["club"])
    plate = fx.gain(fx.board(fx.room(send, 0.72, 0.35, before_seconds=0.028), HighpassFilter(300)), SENDS["plate"])
    mix = fx.mix([*dry.values(), club, plate])
    return fx.mix([mix, fx.hiss(mix.shape[1], -72, 5)])
