"""Reading what a listener says: its hello, filled in, and what comes after it."""

from __future__ import annotations

import json
from typing import Any, Final

from dashboard.api.live_messages import HelloMessage
from model.errors import ParameterError

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
    radio = message.get("radio", "")
    if not isinstance(radio, str):
        raise ParameterError(f"radio is {str(radio)[:40]}; use the address of a station.")
    models = message.get("models", [])
    if not isinstance(models, list) or len(models) > _MOST_MODELS or not all(isinstance(name, str) for name in models):
        raise ParameterError(f"models is {str(models)[:80]}; use a list of at most {_MOST_MODELS} names.")
    if len(set(models)) != len(models):
        raise ParameterError("models names one twice; name each once.")
    return {
        "type": "hello",
        "sample_rate": whole_number(message, "sample_rate", 1, 1 if radio else None),
        "hop": _number(message, "hop", 0.5),
        "models": models,
        "pace": pace,
        "keep": message.get("keep") is True,
        "title": str(message.get("title", ""))[:_LONGEST_TITLE],
        "at": whole_number(message, "at", 0, 0),
        "resume": str(message.get("resume", "")),
        "radio": radio,
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
