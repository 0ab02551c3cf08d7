"""The messages of the live socket: what a listener sends, and what it is told. Version 1.

Sound goes as binary messages: 16-bit little-endian PCM, cut anywhere; a listener's own is mono, that of a radio
station comes to the listener as the header's `station` says. Everything else is JSON. Places and lengths of what was
sent are in samples at the sender's rate; those of windows at the model's (`sample_rate` of the header).
"""

from __future__ import annotations

import json
from typing import Final, Literal, NotRequired, TypedDict, get_args

from dashboard.api.problems import Problem
from dashboard.decoding.radio import StationForm
from dashboard.listening import messages
from dashboard.listening.hearing import Ear, Heard, Shed
from dashboard.listening.live import LiveSession
from dashboard.listening.messages import SummaryMessage, TrackMessage, WindowMessage
from model.result import ModelIdentity, model_identity
from model.segments import segments
from model.sources.follow import Gap

VERSION: Final = 1


class HelloMessage(TypedDict):
    """The first message of a listener: what will come (`sample_rate`) or from where (`radio`), and what is wanted."""

    type: Literal["hello"]
    sample_rate: NotRequired[int]
    hop: NotRequired[float]
    models: NotRequired[list[str]]
    pace: NotRequired[Literal["live", "fast"]]
    keep: NotRequired[bool]
    title: NotRequired[str]
    at: NotRequired[int]
    resume: NotRequired[str]
    radio: NotRequired[str]


class MissingMessage(TypedDict):
    """Of a listener: so many samples were lost on its side; what follows lies behind them."""

    type: Literal["gap"]
    samples: int


class StopMessage(TypedDict):
    """Of a listener: that was all."""

    type: Literal["end"]


class LiveModel(TypedDict):
    """One model that listens."""

    name: str
    identity: ModelIdentity
    genres: list[str]
    window_samples: int
    hop_samples: int


class StationMessage(TypedDict):
    """A radio station, whose sound comes as binary messages: 16-bit little-endian PCM, channels interleaved."""

    name: str
    genre: str
    sample_rate: int
    channels: int


class LiveHeader(TypedDict):
    """The answer to the hello."""

    type: Literal["header"]
    version: int
    session: str
    is_resumed: bool
    sample_rate: int
    models: list[LiveModel]
    samples: int
    take: bool
    station: StationMessage | None
    server_time: float


class AckMessage(TypedDict):
    """So many samples have come, those that are missing included; scoring is so far behind."""

    type: Literal["ack"]
    samples: int
    backlog_seconds: float
    server_time: float


class LiveWindow(WindowMessage):
    """The scores of one window; `waited_seconds` have passed since its last sample came."""

    model: str
    waited_seconds: float
    server_time: float


class GapMessage(TypedDict):
    """Sound is missing between two samples; windows start anew behind it."""

    type: Literal["gap"]
    start: int
    end: int


class ShedMessage(TypedDict):
    """Windows were left unscored, the first to the last by index, because scoring was too far behind."""

    type: Literal["shed"]
    model: str
    first: int
    last: int


class TitleMessage(TypedDict):
    """What the radio station plays from a sample on, as it says; null where it says so no longer."""

    type: Literal["title"]
    start: int
    title: str | None


class AwayMessage(TypedDict):
    """The radio station broke off and is being looked for; a gap tells when it is back."""

    type: Literal["away"]
    detail: str


class LiveSummary(SummaryMessage):
    """All that one model heard."""

    model: str


class TakeMessage(TypedDict):
    """The take was kept as a track, or why not."""

    type: Literal["take"]
    track: TrackMessage | None
    problem: Problem | None


class LiveEnd(TypedDict):
    """The last message: nothing is missing. `reason` says why it was not the listener who ended it."""

    type: Literal["end"]
    reason: str | None


class LiveError(TypedDict):
    """The last message of a session that breaks off; the close code that follows says whether to come back."""

    type: Literal["error"]
    problem: Problem


ToListener = (
    LiveHeader
    | AckMessage
    | LiveWindow
    | GapMessage
    | ShedMessage
    | TitleMessage
    | AwayMessage
    | LiveSummary
    | TakeMessage
    | LiveEnd
    | LiveError
)

FROM_LISTENER: Final = (HelloMessage, MissingMessage, StopMessage)
TO_LISTENER: Final[tuple[type, ...]] = get_args(ToListener)


def header(session: LiveSession, *, is_resumed: bool, now: float) -> LiveHeader:
    """Answer a hello."""
    return {
        "type": "header",
        "version": VERSION,
        "session": session.id,
        "is_resumed": is_resumed,
        "sample_rate": session.hearing.ears[0].card.params.audio.sample_rate_hz,
        "models": [_model(ear) for ear in session.hearing.ears],
        "samples": session.n_samples,
        "take": session.take is not None,
        "station": _station(session.station) if session.station else None,
        "server_time": now,
    }


def _station(form: StationForm) -> StationMessage:
    return {"name": form.name, "genre": form.genre, "sample_rate": form.rate_hz, "channels": form.n_channels}


def _model(ear: Ear) -> LiveModel:
    return {
        "name": ear.name,
        "identity": model_identity(ear.card),
        "genres": list(ear.card.genres),
        "window_samples": ear.card.params.audio.window_samples,
        "hop_samples": ear.hop_samples,
    }


def ack(session: LiveSession, *, now: float) -> AckMessage:
    """Tell how much has come."""
    rate_hz = session.hearing.ears[0].card.params.audio.sample_rate_hz
    behind = round(session.hearing.backlog_samples / rate_hz, 3)
    return {"type": "ack", "samples": session.n_samples, "backlog_seconds": behind, "server_time": now}


def heard(each: Heard | Shed | Gap, *, now: float) -> LiveWindow | ShedMessage | GapMessage:
    """Tell the scores of a window, or that some were left unscored, or that sound is missing."""
    if isinstance(each, Gap):
        return {"type": "gap", "start": each.start_sample, "end": each.end_sample}
    if isinstance(each, Shed):
        return {"type": "shed", "model": each.ear.name, "first": each.first, "last": each.last}
    return {
        **messages.window(each.score, each.so_far, each.ear.card.genres),
        "model": each.ear.name,
        "waited_seconds": round(now - each.arrived, 4),
        "server_time": now,
    }


def title(session: LiveSession, text: str | None) -> TitleMessage:
    """Tell what the station plays from here on."""
    return {"type": "title", "start": session.hearing.end_sample, "title": text}


def away(detail: str) -> AwayMessage:
    """Tell that the station is being looked for."""
    return {"type": "away", "detail": detail}


def summary(ear: Ear) -> LiveSummary:
    """Tell all that one model heard."""
    whole = messages.summary(ear.running.summary, segments(ear.heard), ear.card.genres)
    return {**whole, "model": ear.name}


def encoded(message: ToListener) -> str:
    """Write a message as JSON."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
