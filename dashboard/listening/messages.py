"""The messages between the service and the page, and how they are written.

Version 1. Times are integer samples at the message's sample rate; probabilities are the shortest decimals that read
back as the same float32, in the order of the header's genres. A stream of scores is a header, a message a window, a
summary and an end; or it breaks off with an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, TypedDict

from dashboard.api.problem import Problem
from dashboard.library.record import Entry, Section
from model.checkpoint import Card
from model.result import exact, leading_genre, model_identity
from model.scorer import WindowScore
from model.summary import Summary
from model.windows import window_starts

VERSION: Final = 1


class ModelIdentity(TypedDict):
    """Which model scored."""

    name: str
    version: str
    sha256: str


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


class SoFar(TypedDict):
    """The track up to and with a window."""

    state: Literal["music", "silence", "unsure"]
    genre: str | None
    p: list[float]


class WindowMessage(TypedDict):
    """The scores of one window."""

    type: Literal["window"]
    index: int
    start: int
    end: int
    state: Literal["music", "silence", "unsure"]
    genre: str | None
    level_dbfs: float
    p: list[float]
    so_far: SoFar


class SummaryMessage(TypedDict):
    """The whole track."""

    type: Literal["summary"]
    state: Literal["music", "silence", "unsure"]
    genre: str | None
    p: list[float]
    n_windows: int
    n_silent: int


class EndMessage(TypedDict):
    """The last message: nothing is missing."""

    type: Literal["end"]


class ErrorMessage(TypedDict):
    """The last message of a stream that breaks off."""

    type: Literal["error"]
    problem: Problem


Message = HeaderMessage | WindowMessage | SummaryMessage | EndMessage | ErrorMessage


def track(entry: Entry, sample_rate_hz: int) -> TrackMessage:
    """Describe a track.

    Parameters
    ----------
    entry : Entry
        The track.
    sample_rate_hz : int
        The model's rate, at which its duration counts.

    Returns
    -------
    TrackMessage
        Nothing in it tells where the file lies or whose it is.
    """
    return {
        "id": entry.id,
        "title": entry.title,
        "kind": entry.kind,
        "genre": entry.genre,
        "duration_samples": entry.duration_samples,
        "sample_rate": sample_rate_hz,
        "format": entry.format,
        "licence": entry.licence,
        "origin": entry.origin,
        "sections": list(entry.sections) if entry.sections else None,
    }


def header(identity: str, card: Card, *, n_samples: int, hop_samples: int) -> HeaderMessage:
    """Start a stream of scores.

    Parameters
    ----------
    identity : str
        The track's id.
    card : Card
        The model.
    n_samples : int
        Length of the track.
    hop_samples : int
        Distance between windows.

    Returns
    -------
    HeaderMessage
        It says how many windows will follow.
    """
    audio = card.params.audio
    starts = window_starts(n_samples, window_samples=audio.window_samples, hop_samples=hop_samples)
    return {
        "type": "header",
        "version": VERSION,
        "track": identity,
        "model": identity_of(card),
        "genres": list(card.genres),
        "sample_rate": audio.sample_rate_hz,
        "window_samples": audio.window_samples,
        "hop_samples": hop_samples,
        "duration_samples": n_samples,
        "n_windows": len(starts),
    }


def window(score: WindowScore, so_far: Summary, genres: tuple[str, ...]) -> WindowMessage:
    """Tell the scores of one window, and of the track so far.

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
        },
    }


def summary(whole: Summary, genres: tuple[str, ...]) -> SummaryMessage:
    """Tell the scores of the whole track."""
    return {
        "type": "summary",
        "state": whole.state.value,
        "genre": leading_genre(genres, whole.probabilities, whole.state),
        "p": exact(whole.probabilities),
        "n_windows": whole.n_windows,
        "n_silent": whole.n_silent,
    }


def end() -> EndMessage:
    """Say that the stream is complete."""
    return {"type": "end"}


def error(problem: Problem) -> ErrorMessage:
    """Say why the stream breaks off."""
    return {"type": "error", "problem": problem}


def identity_of(card: Card) -> ModelIdentity:
    """Say which model scored."""
    identity = model_identity(card)
    return {"name": identity["name"], "version": identity["version"], "sha256": identity["sha256"]}


def line(message: Message) -> bytes:
    """Write a message as one line of NDJSON, UTF-8."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def csv_rows(lines: Iterable[bytes]) -> Iterator[str]:
    """Turn a stream of scores into a table, row by row.

    Parameters
    ----------
    lines : iterable of bytes
        NDJSON lines of one stream.

    Yields
    ------
    str
        Lines of CSV (RFC 4180): first the names, then a row a window. A stream that breaks off ends in a row whose
        state is ``error``.
    """
    sample_rate_hz = 1
    for written in lines:
        message: dict[str, Any] = json.loads(written)
        if message["type"] == "header":
            sample_rate_hz = message["sample_rate"]
            yield _csv_row("index", "start_seconds", "end_seconds", "state", "level_dbfs", *message["genres"])
        elif message["type"] == "window":
            times = (f"{message[key] / sample_rate_hz:.6f}" for key in ("start", "end"))
            yield _csv_row(message["index"], *times, message["state"], message["level_dbfs"], *message["p"])
        elif message["type"] == "error":
            detail = message["problem"]["detail"].replace('"', '""')
            yield _csv_row("", "", "", "error", f'"{detail}"')


def _csv_row(*cells: object) -> str:
    return ",".join(map(str, cells)) + "\r\n"
