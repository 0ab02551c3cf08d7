"""One window of a track by its number, with its sound: what an explanation or a description is of."""

from __future__ import annotations

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from model.analyzer import Analyzer
from model.scorer import Scorer
from model.windows import Window


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
