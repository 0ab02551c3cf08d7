"""A moment in musicians' words: how loud, bright, wide, noisy and fast it is, and where that lies among known tracks.

Descriptors of the sound, not the network's reasons. What they are compared with is a small table that
``python -m model quantiles`` writes: for every genre, how its training tracks lie in each descriptor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.descriptors.chroma import NOTES
from model.descriptors.window import Descriptors
from model.errors import CheckpointError
from model.level import LOWEST_DBFS

QUANTILES_PATH: Final = Path(__file__).parent / "weights" / "quantiles.json"
_APART: Final = 0.25  # a place nearer to the middle than this tells two genres apart no more
_MOST_SAID: Final = 3
_FEW: Final = 0.02
_SPOKEN: Final = {"hiphop": "hip-hop"}


@dataclass(frozen=True)
class Measure:
    """One thing that is measured of a moment.

    Attributes
    ----------
    name : str
        In answers and in the table.
    label, unit : str
        For people.
    column : str
        In the published table of GTZAN's tracks, and among `model.descriptors.window.MEANS` but for the tempo.
    more, less, same : str
        "brighter", "darker", "as bright".
    meaning : str
        One plain sentence.
    """

    name: str
    label: str
    unit: str
    column: str
    more: str
    less: str
    same: str
    meaning: str


MEASURES: Final = (
    Measure("loudness", "Loudness", "dBFS", "rms_mean", "louder", "quieter", "as loud",
            "The power of the sound; 0 dBFS would be the loudest that fits into the file."),
    Measure("brightness", "Brightness", "Hz", "spectral_centroid_mean", "brighter", "darker", "as bright",
            "The middle of the spectrum: where as much weight lies above as below."),
    Measure("width", "Width", "Hz", "spectral_bandwidth_mean", "wider", "narrower", "as wide",
            "How far the sound spreads around that middle."),
    Measure("reach", "Reach", "Hz", "rolloff_mean", "higher in reach", "lower in reach", "as high in reach",
            "The frequency below which 85 % of the sound lies."),
    Measure("noisiness", "Noisiness", "% of samples", "zero_crossing_rate_mean", "noisier", "smoother", "as noisy",
            "How often the wave crosses zero: seldom in low tones, often in hiss and cymbals."),
    Measure("tempo", "Tempo", "beats a minute", "tempo", "faster", "slower", "as fast",
            "How fast onsets repeat; in three seconds often only a guess, or double or half of what one taps."),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a value lies among a genre's tracks: the share of them that lie below, 0 to 1."""

    genre: str
    share_below: float


@dataclass(frozen=True, eq=False)
class Moment:
    """What was measured of a window.

    Attributes
    ----------
    values : dict of str to float
        By the names of `MEASURES`, in their units.
    notes : dict of str to float
        How much of each of the twelve notes sounds, the strongest of each frame being 1.
    timbre : np.ndarray [shape=(20,)], float32
        Mel-frequency cepstral coefficients, of dB.
    """

    values: dict[str, float]
    notes: dict[str, float]
    timbre: NDArray[np.float32]


def measure(describe: Descriptors, samples: NDArray[np.float32]) -> Moment:
    """Measure a window.

    Parameters
    ----------
    describe : Descriptors
        Of the window's rate and length.
    samples : np.ndarray [shape=(window_samples,)], float32
        The sound.

    Returns
    -------
    Moment
        In the units of `MEASURES`.
    """
    series, tempo = describe.series_and_tempo(samples)
    notes = series["chroma_stft"].mean(axis=0)
    columns = {f"{name}_mean": float(values.mean()) for name, values in series.items() if values.ndim == 1}
    columns["tempo"] = tempo
    return Moment(
        values={each.name: in_units(each, columns[each.column]) for each in MEASURES},
        notes={note: float(share) for note, share in zip(NOTES, notes, strict=True)},
        timbre=np.asarray(series["mfcc"].mean(axis=0), np.float32),
    )


def in_units(measure: Measure, value: float) -> float:
    """Turn a value of the published table into the unit that people are told."""
    if measure.name == "loudness":
        return max(LOWEST_DBFS, 20 * float(np.log10(max(value, 1e-30))))
    return 100 * value if measure.name == "noisiness" else value


@cache
def quantiles() -> Mapping[str, Mapping[str, tuple[float, ...]]]:
    """Load the table: for each measure and genre, evenly spaced quantiles from the lowest track to the highest.

    Raises
    ------
    CheckpointError
        If the table is missing or cannot be read.
    """
    try:
        stored = json.loads(QUANTILES_PATH.read_text(encoding="utf-8"))["quantiles"]
        return {name: {genre: tuple(row) for genre, row in genres.items()} for name, genres in stored.items()}
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(f"The table {QUANTILES_PATH.name} cannot be read ({error}); write it with "
                              "python -m model quantiles.") from error  # fmt: skip


def places(measure: Measure, value: float, genres: Sequence[str]) -> list[Place]:
    """Find where a value lies among the tracks of genres; those that the table lacks are left out."""
    table = quantiles()[measure.name]
    shares = np.linspace(0, 1, len(next(iter(table.values()))))
    return [Place(genre, float(np.interp(value, table[genre], shares))) for genre in genres if genre in table]


def sentence(measure: Measure, found: Sequence[Place], leader: str) -> str:
    """Say where a value lies: against the leading genre's tracks, and which genre's middle it is like.

    Parameters
    ----------
    measure : Measure
        What was measured.
    found : sequence of Place
        Its places, from `places`.
    leader : str
        The genre to name first.

    Returns
    -------
    str
        Such as "brighter than 83 % of jazz tracks, as bright as the middle of pop"; "" where nothing is known.
    """
    by_genre = {place.genre: place.share_below for place in found}
    if leader not in by_genre:
        return ""
    said = against(measure, by_genre[leader], leader)
    nearest = min(found, key=lambda place: abs(place.share_below - 0.5))
    return f"{said}, {measure.same} as the middle of {spoken(nearest.genre)}"


def against(measure: Measure, share_below: float, genre: str) -> str:
    """Say on which side of most of a genre's tracks a value lies."""
    word, share = (measure.more, share_below) if share_below >= 0.5 else (measure.less, 1 - share_below)
    if share > 1 - _FEW:
        return f"{word} than all {spoken(genre)} tracks known here"
    return f"{word} than {100 * share:.0f} % of {spoken(genre)} tracks"


def spoken(genre: str) -> str:
    """Name a genre within a sentence."""
    return _SPOKEN.get(genre, genre)


def telling(moment: Moment, leader: str, runner_up: str) -> list[tuple[Measure, float]]:
    """Find the measures that set a moment apart from the runner-up's tracks while they are common among the leader's.

    Parameters
    ----------
    moment : Moment
        The window.
    leader, runner_up : str
        Genres of the highest and the second highest score.

    Returns
    -------
    list of (Measure, float)
        Up to three, the most telling first, each with the share of the runner-up's tracks that lie below.
    """
    gains = []
    for each in MEASURES:
        found = {
            place.genre: place.share_below for place in places(each, moment.values[each.name], (leader, runner_up))
        }
        if len(found) < len({leader, runner_up}):
            continue
        off_leader, off_runner_up = (abs(found[genre] - 0.5) for genre in (leader, runner_up))
        if off_runner_up >= _APART and off_runner_up > off_leader:
            gains.append((off_runner_up - off_leader, each, found[runner_up]))
    gains.sort(key=lambda gain: -gain[0])
    return [(each, share) for _, each, share in gains[:_MOST_SAID]]


def what_speaks(moment: Moment, leader: str, runner_up: str) -> str:
    """Say in one sentence what `telling` finds; it says so where that is nothing. "" where the table lacks a genre."""
    if not {leader, runner_up} <= set(quantiles()[MEASURES[0].name]):
        return ""
    found = telling(moment, leader, runner_up)
    if not found:
        return f"Nothing that is measured here sets this moment apart from {spoken(runner_up)}."
    said = [against(each, share, runner_up) for each, share in found]
    return f"This moment is {_joined(said)}, and nearer to the middle of {spoken(leader)} in that."


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
