"""From a score to a performance: swing, human timing and touch, phrasing, and the MIDI file of one stem.

The times of a performance are seconds; every random choice comes from a seed that the part carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from samples.compose.theory import Note

LEAD_IN_SECONDS: Final = 0.05  # silence before beat 0, so that a player may be early
_TICKS_PER_SECOND: Final = 1920.0
_BEND_RANGE: Final = 2.0
_DRUM_CHANNEL: Final = 9


@dataclass(frozen=True)
class Groove:
    """Tempo and swing of a piece.

    Attributes
    ----------
    bpm : float
        Beats per minute.
    swing : float
        Where the off-beat of one `unit` falls, as a share of the unit: 0.5 is straight, 0.667 a triplet.
    unit : float
        Length in beats of the pair that is swung: 1 for swung eighths, 0.5 for swung sixteenths.
    """

    bpm: float
    swing: float = 0.5
    unit: float = 1.0

    def seconds(self, beat: float) -> float:
        """Give the time of a beat, with swing."""
        whole, phase = divmod(beat / self.unit, 1.0)
        phase = phase * 2 * self.swing if phase <= 0.5 else self.swing + (phase - 0.5) * 2 * (1 - self.swing)
        return (whole + phase) * self.unit * 60.0 / self.bpm


@dataclass(frozen=True)
class Part:
    """What one player plays.

    Attributes
    ----------
    name : str
        Name of the stem.
    program : int
        General MIDI program, or the drum kit where `drums` is set.
    notes : sequence of Note
        The score.
    drums : bool
        Whether this is the percussion channel.
    lag_seconds : float
        How far behind (positive) or ahead of the beat the player sits.
    jitter_seconds : float
        Standard deviation of the timing.
    touch : float
        Standard deviation of the velocity.
    seed : int
        Seed of both.
    straight_triplets : bool
        Leave notes that lie on triplets where they are (swing would move them twice).
    legato : float
        Share of its written length that an unmarked note sounds.
    detune_semitones : float
        Constant pitch offset.
    expressive : bool
        Play scoops, falls and vibrato with the pitch wheel, and swell long notes.
    """

    name: str
    program: int
    notes: Sequence[Note]
    drums: bool = False
    lag_seconds: float = 0.0
    jitter_seconds: float = 0.005
    touch: float = 5.0
    seed: int = 0
    straight_triplets: bool = True
    legato: float = 0.95
    detune_semitones: float = 0.0
    expressive: bool = False
    bank: int = 0


@dataclass
class _Events:
    """MIDI messages with their times, in the making."""

    rows: list[tuple[float, int, str, dict[str, int]]] = field(default_factory=list)

    def add(self, seconds: float, order: int, kind: str, **values: int) -> None:
        self.rows.append((max(0.0, seconds), order, kind, values))

    def bend(self, seconds: float, semitones: float) -> None:
        value = int(np.clip(round(semitones / _BEND_RANGE * 8192), -8192, 8191))
        self.add(seconds, 1, "pitchwheel", pitch=value)


def _is_triplet(beat: float) -> bool:
    thirds = (beat % 1.0) * 3
    return abs(thirds - round(thirds)) < 0.05 and 0.5 < thirds < 2.5


def _phrase(events: _Events, note: Note, begin: float, end: float, base: float, rng: np.random.Generator) -> None:
    """Shape one note of a singing instrument: scoop, vibrato, swell, fall."""
    length = end - begin
    if "<" in note.marks:
        depth = rng.uniform(0.6, 1.1)
        for step in range(6):
            events.bend(begin + 0.018 * step, base - depth * (1 - step / 5) ** 1.5)
    else:
        events.bend(begin, base)
    if length > 0.3:
        level = 0.75 if "^" in note.marks else 1.0
        for step in range(9):
            shape = level + (1.08 - level) * min(1.0, step / 4) - 0.12 * max(0.0, step - 5) / 3
            events.add(
                begin + length * step / 8, 1, "control_change", control=11, value=int(np.clip(108 * shape, 1, 127))
            )
        rate, depth = rng.uniform(5.0, 5.8), 0.16 if "^" in note.marks else 0.09
        for time in np.arange(begin + 0.22, end - 0.02, 0.02):
            grow = min(1.0, (time - begin - 0.22) / 0.35)
            events.bend(float(time), base + depth * grow * np.sin(2 * np.pi * rate * (time - begin)))
    else:
        events.add(begin - 0.002, 1, "control_change", control=11, value=108)
    if ">" in note.marks:
        for step in range(8):
            events.bend(end - 0.16 + 0.02 * step, base - 2.0 * (step / 7) ** 1.6)


def _timed(part: Part, groove: Groove, rng: np.random.Generator) -> list[tuple[float, float, int, Note]]:
    """Give each note its onset and end in seconds and its velocity, as a hand would play it."""
    rows: list[tuple[float, float, int, Note]] = []
    last_of_pitch: dict[int, int] = {}
    drift, last_beat = 0.0, -1.0
    for note in sorted(part.notes, key=lambda item: (item.beat, item.pitch)):
        if note.beat != last_beat:  # a chord moves as one hand, its fingers a little apart
            drift = 0.6 * drift + rng.normal(0.0, part.jitter_seconds * 0.8)
            last_beat = note.beat
        straight = part.straight_triplets and _is_triplet(note.beat)
        begin = note.beat * 60.0 / groove.bpm if straight else groove.seconds(note.beat)
        end = groove.seconds(note.beat + note.beats)
        muted = "m" in note.marks and not part.drums
        length = max(0.03, (end - begin) * (0.55 if muted else part.legato))
        begin += LEAD_IN_SECONDS + part.lag_seconds + drift + abs(rng.normal(0.0, part.jitter_seconds * 0.3))
        begin = max(0.0, begin)
        velocity = int(np.clip(round(note.velocity + rng.normal(0.0, part.touch)), 1, 127))
        previous = last_of_pitch.get(note.pitch)
        if previous is not None and rows[previous][1] > begin - 0.005:
            early, _, level, old = rows[previous]
            rows[previous] = (early, max(early + 0.01, begin - 0.005), level, old)
        last_of_pitch[note.pitch] = len(rows)
        rows.append((begin, begin + length, velocity, note))
    return rows


def write_midi(part: Part, groove: Groove, path: Path) -> None:
    """Write the performance of one part as a MIDI file.

    Parameters
    ----------
    part : Part
        What to play, and how.
    groove : Groove
        Tempo and swing.
    path : Path
        File to write.
    """
    import mido

    rng = np.random.default_rng(part.seed)
    channel = _DRUM_CHANNEL if part.drums else 0
    events = _Events()
    events.add(0.0, 0, "control_change", control=0, value=part.bank)
    events.add(0.0, 0, "program_change", program=part.program)
    events.add(0.0, 0, "control_change", control=11, value=108)
    events.bend(0.0, part.detune_semitones)
    for begin, end, velocity, note in _timed(part, groove, rng):
        if part.expressive:
            _phrase(events, note, begin, end, part.detune_semitones, rng)
        events.add(begin, 2, "note_on", note=note.pitch, velocity=velocity)
        events.add(end, 0, "note_off", note=note.pitch, velocity=0)
    track, now = mido.MidiTrack(), 0
    for seconds, _, kind, values in sorted(events.rows, key=lambda row: (row[0], row[1])):
        tick = round(seconds * _TICKS_PER_SECOND)
        track.append(mido.Message(kind, channel=channel, time=tick - now, **values))
        now = tick
    midi = mido.MidiFile(type=0, ticks_per_beat=960)
    track.insert(0, mido.MetaMessage("set_tempo", tempo=500_000, time=0))
    midi.tracks.append(track)
    midi.save(path)
