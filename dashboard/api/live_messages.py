"""The messages of the live socket: what a listener sends, and what it is told. Version 1.

Sound goes as binary messages: 16-bit little-endian mono PCM, cut anywhere. Everything else is JSON. Places and lengths
of what was sent are in samples at the sender's rate; those of windows at the model's (`sample_rate` of the header).
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal, NotRequired, TypedDict, get_args

from dashboard.api.problems import Problem
from dashboard.listening import messages
from dashboard.listening.hearing import Ear, Heard, Shed
from dashboard.listening.live import LiveSession
from dashboard.listening.messages import SummaryMessage, TrackMessage, WindowMessage
from model.errors import ParameterError
from model.result import ModelIdentity, model_identity
from model.segments import segments
from model.sources.follow import Gap

VERSION: Final = 1


class HelloMessage(TypedDict):
    """The first message of a listener: what will come, and what is wanted."""

    type: Literal["hello"]
    sample_rate: int
    hop: NotRequired[float]
    models: NotRequired[list[str]]
    pace: NotRequired[Literal["live", "fast"]]
    keep: NotRequired[bool]
    title: NotRequired[str]
    at: NotRequired[int]
    resume: NotRequired[str]


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
    LiveHeader | AckMessage | LiveWindow | GapMessage | ShedMessage | LiveSummary | TakeMessage | LiveEnd | LiveError
)

FROM_LISTENER: Final = (HelloMessage, MissingMessage, StopMessage)
TO_LISTENER: Final[tuple[type, ...]] = get_args(ToListener)

_MOST_MODELS: Final = 2
_LONGEST_TITLE: Final = 200
_LARGEST_GAP: Final = 2**40


def read(text: str) -> dict[str, Any]:
    """Read a listener's JSON.

    Raises
    ------
    ParameterError
        If it is not an object with a type.
    """
    try:
        message = json.loads(text)
    except ValueError as error:
        raise ParameterError(f"A message is not JSON ({error}); send an object with a `type`.") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ParameterError("A message is no JSON object with a `type`; see /asyncapi.json.")
    return message


def read_hello(message: dict[str, Any]) -> HelloMessage:
    """Check a hello, and fill in what it leaves out.

    Raises
    ------
    ParameterError
        If something in it cannot be used.
    """
    if message["type"] != "hello":
        raise ParameterError(f"The first message is of type {message['type'][:40]!r}; begin with a `hello`.")
    pace = message.get("pace", "live")
    if pace not in ("live", "fast"):
        raise ParameterError(f"pace is {str(pace)[:40]!r}; use live or fast.")
    models = message.get("models", [])
    if not isinstance(models, list) or len(models) > _MOST_MODELS or not all(isinstance(name, str) for name in models):
        raise ParameterError(f"models is {str(models)[:80]}; use a list of at most {_MOST_MODELS} names.")
    if len(set(models)) != len(models):
        raise ParameterError("models names one twice; name each once.")
    return {
        "type": "hello",
        "sample_rate": whole_number(message, "sample_rate", 1),
        "hop": _number(message, "hop", 0.5),
        "models": models,
        "pace": pace,
        "keep": message.get("keep") is True,
        "title": str(message.get("title", ""))[:_LONGEST_TITLE],
        "at": whole_number(message, "at", 0, 0),
        "resume": str(message.get("resume", "")),
    }


def whole_number(message: dict[str, Any], name: str, low: int, default: int | None = None) -> int:
    """Read a whole number of a message.

    Raises
    ------
    ParameterError
        If it is missing and has no default, or is none, or is out of range.
    """
    value = message.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= _LARGEST_GAP:
        raise ParameterError(f"{name} is {str(value)[:40]}; use a whole number of at least {low}.")
    return value


def _number(message: dict[str, Any], name: str, default: float) -> float:
    value = message.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ParameterError(f"{name} is {str(value)[:40]!r}; use a number.")
    return float(value)


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
        "server_time": now,
    }


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


def heard(each: Heard | Shed, *, now: float) -> LiveWindow | ShedMessage:
    """Tell the scores of a window, or that some were left unscored."""
    if isinstance(each, Shed):
        return {"type": "shed", "model": each.ear.name, "first": each.first, "last": each.last}
    return {
        **messages.window(each.score, each.so_far, each.ear.card.genres),
        "model": each.ear.name,
        "waited_seconds": round(now - each.arrived, 4),
        "server_time": now,
    }


def gap(missing: Gap) -> GapMessage:
    """Tell that sound is missing."""
    return {"type": "gap", "start": missing.start_sample, "end": missing.end_sample}


def summary(ear: Ear) -> LiveSummary:
    """Tell all that one model heard."""
    whole = messages.summary(ear.running.summary, segments(ear.heard), ear.card.genres)
    return {**whole, "model": ear.name}


def encoded(message: ToListener) -> str:
    """Write a message as JSON."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
