"""The medley: the three pieces, shortened, each stepping straight into the next.

Every segment is mixed and mastered as its own record. The next one enters on the beat where the last one's form
ends; what rings on is faded away under it within a third of a second, so that the change is clean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from samples.compose import jazz, metal, reggae
from samples.compose.master import fade, master
from samples.compose.render import SAMPLE_RATE_HZ, Sound
from samples.compose.song import Song

TITLE: Final = "Three Rooms, One Night"
_RING_SECONDS: Final = 0.35


@dataclass(frozen=True)
class Medley:
    """A finished medley.

    Attributes
    ----------
    sound : np.ndarray [shape=(2, n_samples)], float32
        The master.
    sections : list of (str, float)
        Genre and start in seconds of each segment.
    """

    sound: Sound
    sections: list[tuple[str, float]]


def segments() -> list[Song]:
    """Give the shortened pieces in order."""
    return [
        jazz.score(("solo",), seed=12),
        reggae.score(("pickup", "verse", "dub"), seed=22),
        metal.score(("riff", "outro", "breakdown", "end"), seed=32),
    ]


def render() -> Medley:
    """Play, mix, master and join the segments."""
    songs = segments()
    starts = np.cumsum([0.0, *(song.seconds for song in songs)])
    sound = np.zeros((2, round((starts[-1] + songs[-1].tail_seconds) * SAMPLE_RATE_HZ)), np.float32)
    sections = []
    for number, (song, start) in enumerate(zip(songs, starts, strict=False)):
        last = number == len(songs) - 1
        segment = master(song.sound(), song.style)
        begin = round(start * SAMPLE_RATE_HZ)
        ring = song.tail_seconds if last else _RING_SECONDS
        segment = segment[:, : round((song.seconds + ring) * SAMPLE_RATE_HZ)]
        segment = fade(segment, 0.0, 1.2 if last else _RING_SECONDS)[:, : sound.shape[1] - begin]
        sound[:, begin : begin + segment.shape[1]] += segment
        sections.append((song.style, round(float(start), 3)))
    peak = float(np.abs(sound).max())
    return Medley(np.asarray(sound * np.float32(min(1.0, 0.891 / peak))), sections)
