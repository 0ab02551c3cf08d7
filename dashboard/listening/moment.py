"""Windows of a track with their sound: one by its number, or some all along it. What is described or explained."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.tape import Tape
from model.analyzer import Analyzer
from model.errors import AudioTooShortError
from model.scorer import Scorer
from model.windows import Window

SHORTEST_STEP_SECONDS: Final = 0.5


def window_of(sounds: Sounds, record: TrackRecord, scorer: Scorer, index: int, hop_seconds: float) -> Window:
    """Take one window out of a track.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model whose windows are counted.
    index : int
        Number of the window, as in the scores.
    hop_seconds : float
        Distance between windows.

    Returns
    -------
    Window
        With its samples.

    Raises
    ------
    ParameterError
        If there is no such window.
    """
    start, end = Analyzer(scorer, hop_seconds=hop_seconds).place(index, record.duration_samples, record.title)
    return Window(index, start, end, sounds.stretch(record, start, end))


def windows_along(sounds: Sounds, record: TrackRecord, scorer: Scorer, most: int) -> Iterator[Window]:
    """Take windows out of a track all along it, from its first sample to its last, evenly spread.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model whose windows they are.
    most : int
        How many at most, at least 1; fewer where they would lie nearer than half a second.

    Yields
    ------
    Window
        In order of time, numbered from 0.

    Raises
    ------
    AudioTooShortError
        If the track is shorter than the model's window.
    """
    audio = scorer.classifier.card.params.audio
    last = record.duration_samples - audio.window_samples
    if last < 0:
        raise AudioTooShortError(
            f"{record.title} is shorter than the {audio.window_seconds:g} s that {scorer.classifier.card.name} hears "
            "at a time; use a longer track or another model."
        )
    shortest = round(SHORTEST_STEP_SECONDS * audio.sample_rate_hz)
    n_steps = min(most - 1, -(-last // shortest))
    with contextlib.closing(sounds.blocks(record)) as blocks:
        tape = Tape(blocks)
        for index in range(n_steps + 1):
            start = index * last // max(1, n_steps)
            yield Window(index, start, start + audio.window_samples, tape.stretch(start, audio.window_samples))
