"""A window of a track in musicians' words, as the page and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.moment import window_of
from model.descriptors.window import Descriptors
from model.scorer import Scorer, State
from model.words import MEASURES, Measure, measure, places, sentence, telling, what_speaks


class MeasureMessage(TypedDict):
    """One thing measured. `share_below`: for each genre, the share of its tracks that lie below, 0 to 1."""

    name: str
    value: float
    share_below: dict[str, float]
    sentence: str


class WordsMessage(TypedDict):
    """A window in musicians' words: a description of the sound, not of the network's reasons.

    `leader` and `runner_up` are the genres of the highest scores, null in silence; `notes` tells how much of each of
    the twelve notes sounds; `timbre` holds 20 mel-frequency cepstral coefficients. `telling` names
    the measures of which `what_speaks` speaks.
    """

    index: int
    start: int
    end: int
    leader: str | None
    runner_up: str | None
    measures: list[MeasureMessage]
    notes: dict[str, float]
    timbre: list[float]
    what_speaks: str
    telling: list[str]


def words(sounds: Sounds, record: TrackRecord, scorer: Scorer, index: int, hop_seconds: float) -> WordsMessage:
    """Describe one window of a track.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model, which says what is compared: the leading genre and the next.
    index : int
        Number of the window, as in the scores.
    hop_seconds : float
        Distance between windows.

    Returns
    -------
    WordsMessage
        As the contract has it.

    Raises
    ------
    ParameterError
        If there is no such window.
    """
    window = window_of(sounds, record, scorer, index, hop_seconds)
    moment = measure(Descriptors(scorer.classifier.card.params.audio), window.samples)
    genres = scorer.classifier.card.genres
    score = scorer.score(window)
    is_silent = score.state is State.SILENCE
    order = score.probabilities.argsort()[::-1]
    leader, runner_up = (None, None) if is_silent else (genres[order[0]], genres[order[1]])
    found = [(each, places(each, moment.values[each.name], genres)) for each in MEASURES]
    return {
        "index": index,
        "start": window.start_sample,
        "end": window.end_sample,
        "leader": leader,
        "runner_up": runner_up,
        "measures": [
            {
                "name": each.name,
                "value": round(moment.values[each.name], 3),
                "share_below": {place.genre: round(place.share_below, 3) for place in lies},
                "sentence": "" if leader is None else sentence(each, lies, leader),
            }
            for each, lies in found
        ],
        "notes": {note: round(share, 3) for note, share in moment.notes.items()},
        "timbre": [round(float(value), 2) for value in moment.timbre],
        "what_speaks": "" if leader is None or runner_up is None else what_speaks(moment, leader, runner_up),
        "telling": [] if leader is None or runner_up is None else _names(telling(moment, leader, runner_up)),
    }


def _names(found: Sequence[tuple[Measure, float]]) -> list[str]:
    return [each.name for each, _ in found]
