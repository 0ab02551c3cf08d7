"""The messages about tracks and their scores, as values that JSON can hold; who sends them encodes them.

Version 1. Times are integer samples at the message's sample rate; probabilities are the shortest decimals that read
back as the same float32, in the order of the header's genres. A stream of scores is a header, a message a window, a
summary and an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypedDict

from dashboard.library.record import Section, TrackRecord
from model.checkpoint import Card
from model.result import FileWarning, ModelIdentity, StateName, exact, leading_genre, model_identity
from model.scorer import WindowScore
from model.segments import Segment
from model.summary import Summary
from model.windows import window_starts

VERSION: Final = 1


class TrackMessage(TypedDict):
    """A track of the library."""

    id: str
    title: str
    kind: Literal["sample", "upload"]
    genre: str | None
    duration_samples: int
    sample_rate: int
    format: str
    licence: str | None
    origin: str | None
    sections: list[Section] | None
    warnings: list[FileWarning]


class HeaderMessage(TypedDict):
    """The first message of a stream of scores."""

    type: Literal["header"]
    version: int
    track: str
    model: ModelIdentity
    genres: list[str]
    sample_rate: int
    window_samples: int
    hop_samples: int
    duration_samples: int
    n_windows: int
    warnings: list[FileWarning]


class SoFar(TypedDict):
    """The track up to and with a window."""

    state: StateName
    genre: str | None
    p: list[float]
    share: list[float]


class WindowMessage(TypedDict):
    """The scores of one window."""

    type: Literal["window"]
    index: int
    start: int
    end: int
    state: StateName
    genre: str | None
    level_dbfs: float
    p: list[float]
    so_far: SoFar


class SegmentMessage(TypedDict):
    """A stretch of the track between two changes of its music, in samples; a genre only where the state is music."""

    start: int
    end: int
    state: StateName
    genre: str | None


class SummaryMessage(TypedDict):
    """The whole track: as one piece (`p`, `genre`), how much of the time is what (`share`), where it changes."""

    type: Literal["summary"]
    state: StateName
    genre: str | None
    p: list[float]
    share: list[float]
    segments: list[SegmentMessage]
    n_windows: int
    n_silent: int


class EndMessage(TypedDict):
    """The last message: nothing is missing."""

    type: Literal["end"]


def track(record: TrackRecord, sample_rate_hz: int) -> TrackMessage:
    """Describe a track.

    Parameters
    ----------
    record : TrackRecord
        The track.
    sample_rate_hz : int
        The model's rate, at which its duration counts.

    Returns
    -------
    TrackMessage
        It does not contain where the file lies or whose it is.
    """
    return {
        "id": record.id,
        "title": record.title,
        "kind": record.kind,
        "genre": record.genre,
        "duration_samples": record.duration_samples,
        "sample_rate": sample_rate_hz,
        "format": record.format,
        "licence": record.licence,
        "origin": record.origin,
        "sections": list(record.sections) if record.sections else None,
        "warnings": _warnings(record),
    }


def header(record: TrackRecord, card: Card, *, hop_samples: int) -> HeaderMessage:
    """Start a stream of scores.

    Parameters
    ----------
    record : TrackRecord
        The track.
    card : Card
        The model.
    hop_samples : int
        Distance between windows.

    Returns
    -------
    HeaderMessage
        It says how many windows will follow.
    """
    n_samples = record.duration_samples
    audio = card.params.audio
    starts = window_starts(n_samples, window_samples=audio.window_samples, hop_samples=hop_samples)
    return {
        "type": "header",
        "version": VERSION,
        "track": record.id,
        "model": model_identity(card),
        "genres": list(card.genres),
        "sample_rate": audio.sample_rate_hz,
        "window_samples": audio.window_samples,
        "hop_samples": hop_samples,
        "duration_samples": n_samples,
        "n_windows": len(starts),
        "warnings": _warnings(record),
    }


def window(score: WindowScore, so_far: Summary, genres: tuple[str, ...]) -> WindowMessage:
    """Describe one window, and the track so far.

    Parameters
    ----------
    score : WindowScore
        The window.
    so_far : Summary
        The track up to and with it.
    genres : tuple of str
        The model's outputs.

    Returns
    -------
    WindowMessage
        A genre is named only where the state is music; the level is rounded to 0.01 dB.
    """
    return {
        "type": "window",
        "index": score.index,
        "start": score.start_sample,
        "end": score.end_sample,
        "state": score.state.value,
        "genre": leading_genre(genres, score.probabilities, score.state),
        "level_dbfs": round(score.level_dbfs, 2),
        "p": exact(score.probabilities),
        "so_far": {
            "state": so_far.state.value,
            "genre": leading_genre(genres, so_far.probabilities, so_far.state),
            "p": exact(so_far.probabilities),
            "share": exact(so_far.share),
        },
    }


def summary(whole: Summary, changes: Sequence[Segment], genres: tuple[str, ...]) -> SummaryMessage:
    """Describe the whole track, and the stretches (`changes`) that it is divided into."""
    return {
        "type": "summary",
        "state": whole.state.value,
        "genre": leading_genre(genres, whole.probabilities, whole.state),
        "p": exact(whole.probabilities),
        "share": exact(whole.share),
        "segments": [
            {
                "start": each.start_sample,
                "end": each.end_sample,
                "state": each.state.value,
                "genre": None if each.genre is None else genres[each.genre],
            }
            for each in changes
        ],
        "n_windows": whole.n_windows,
        "n_silent": whole.n_silent,
    }


def end() -> EndMessage:
    """End a complete stream."""
    return {"type": "end"}


def _warnings(record: TrackRecord) -> list[FileWarning]:
    return [{"code": warning.code, "detail": warning.detail} for warning in record.warnings]
