"""What is measured of a track in musicians' words, all along it: what the page draws as strips."""

from __future__ import annotations

from typing import TypedDict

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.moment import windows_along
from model.descriptors.chroma import NOTES
from model.descriptors.window import Descriptors
from model.scorer import Scorer
from model.words import MEASURES, measure, quantiles


class StripMessage(TypedDict):
    """One measure along a track; `low` and `high` hold all known tracks and these values."""

    name: str
    low: float
    high: float
    values: list[float]


class StripsMessage(TypedDict):
    """Measures along a track, a value a window; `ends` in samples. A row of `notes` and of `timbre` for each window."""

    ends: list[int]
    measures: list[StripMessage]
    notes: list[list[float]]
    timbre: list[list[float]]


def strips(sounds: Sounds, record: TrackRecord, scorer: Scorer, most: int) -> StripsMessage:
    """Measure a track all along.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model whose windows are measured.
    most : int
        Most windows.

    Returns
    -------
    StripsMessage
        As the contract has it.

    Raises
    ------
    AudioTooShortError
        If the track is shorter than a window.
    """
    describe = Descriptors(scorer.classifier.card.params.audio)
    windows = [
        (window.end_sample, measure(describe, window.samples)) for window in windows_along(sounds, record, scorer, most)
    ]
    measures: list[StripMessage] = []
    for each in MEASURES:
        values = [round(moment.values[each.name], 3) for _, moment in windows]
        rows = quantiles()[each.name].values()
        measures.append(
            {
                "name": each.name,
                "low": min(*values, *(row[0] for row in rows)),
                "high": max(*values, *(row[-1] for row in rows)),
                "values": values,
            }
        )
    return {
        "ends": [end for end, _ in windows],
        "measures": measures,
        "notes": [[round(moment.notes[note], 2) for note in NOTES] for _, moment in windows],
        "timbre": [[round(float(value), 1) for value in moment.timbre] for _, moment in windows],
    }
