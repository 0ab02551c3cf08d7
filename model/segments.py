"""Where the music changes: the stretches of a track, each with the genre that is heard in it.

The most probable course of genres through the windows (Viterbi, "Error bounds for convolutional codes", 1967) where a
change of genre costs `CHANGE_COST` nats of evidence. Windows overlap, so each counts by the part of it that is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.posteriors import log_posteriors
from model.scorer import State, WindowScore

CHANGE_COST: Final = 6.0
"""Evidence, in nats, that a change of genre has to be worth: some 9 s of another genre, heard clearly."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a track.

    Attributes
    ----------
    start_sample, end_sample : int
        Where it begins and ends.
    genre : int or None
        Index of its genre; None where most of its windows are unsure.
    state : State
        `music`, or `unsure`.
    """

    start_sample: int
    end_sample: int
    genre: int | None
    state: State


def segments(scores: Sequence[WindowScore]) -> list[Segment]:
    """Divide a track where its music changes.

    Parameters
    ----------
    scores : sequence of WindowScore
        All windows of the track, in order.

    Returns
    -------
    list of Segment
        In order, without overlap. Two of them meet in the middle between their windows; a silence as long as a window
        lies between them. Empty where all is silence.

    Examples
    --------
    >>> def heard(first, start):
    ...     return WindowScore(0, start, start + 30, np.array([first, 1 - first], np.float32), State.MUSIC, -20.0)
    >>> scores = [heard(0.99 if place < 5 else 0.01, 30 * place) for place in range(10)]
    >>> [(segment.start_sample, segment.end_sample, segment.genre) for segment in segments(scores)]
    [(0, 150, 0), (150, 300, 1)]
    """
    return [
        segment
        for is_silent, stretch in groupby(_audible(scores), key=lambda pair: pair[1])
        if not is_silent
        for segment in _of_stretch([score for score, _ in stretch])
    ]


def _audible(scores: Sequence[WindowScore]) -> list[tuple[WindowScore, bool]]:
    """Mark the windows of silences that last as long as a window; a shorter one divides nothing."""
    marked: list[tuple[WindowScore, bool]] = []
    for is_silent, run in groupby(scores, key=lambda score: score.state is State.SILENCE):
        members = list(run)
        window_samples = members[0].end_sample - members[0].start_sample
        is_long = members[-1].end_sample - members[0].start_sample >= 2 * window_samples
        marked += [(score, is_silent and (is_long or len(members) == len(scores))) for score in members]
    return marked


def _of_stretch(scores: list[WindowScore]) -> list[Segment]:
    course = _course(scores)
    edges = [scores[0].start_sample]
    edges += [
        (one.start_sample + one.end_sample + other.start_sample + other.end_sample) // 4
        for one, other in pairwise(scores)
    ]
    edges.append(scores[-1].end_sample)
    found = []
    for genre, run in groupby(range(len(scores)), key=lambda place: course[place]):
        places = list(run)
        sounding = [place for place in places if scores[place].state is not State.SILENCE]
        n_unsure = sum(scores[place].state is State.UNSURE for place in sounding)
        is_music = 2 * n_unsure <= len(sounding)
        found.append(
            Segment(
                edges[places[0]],
                edges[places[-1] + 1],
                genre if is_music else None,
                State.MUSIC if is_music else State.UNSURE,
            )
        )
    return found


def _course(scores: list[WindowScore]) -> list[int]:
    """Find the genre of each window in the most probable course (Viterbi)."""
    evidence = _evidence(scores)
    best = evidence[0]
    came_from: list[NDArray[np.intp]] = []
    for row in evidence[1:]:
        leader = int(np.argmax(best))
        stays = best >= best[leader] - CHANGE_COST
        came_from.append(np.where(stays, np.arange(len(best)), leader))
        best = np.where(stays, best, best[leader] - CHANGE_COST) + row
    course = [int(np.argmax(best))]
    for origins in reversed(came_from):
        course.append(int(origins[course[-1]]))
    return course[::-1]


def _evidence(scores: list[WindowScore]) -> NDArray[np.float64]:
    """Log posteriors, each weighed by the part of its window that the one before had not; none for silence."""
    rows = np.stack([log_posteriors(score.probabilities) for score in scores]).astype(np.float64)
    starts = np.array([score.start_sample for score in scores])
    lengths = np.array([score.end_sample - score.start_sample for score in scores])
    new = np.concatenate((lengths[:1], np.minimum(np.diff(starts), lengths[1:])))
    weights = np.where([score.state is State.SILENCE for score in scores], 0.0, new / lengths)
    weighed: NDArray[np.float64] = rows * weights[:, None]
    return weighed
