"""Scores of a track as bytes: NumPy's own format, without pickles."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import fields
from typing import Final

import numpy as np

from model.scorer import State, WindowScore

_STATES: Final = list(State)
_NAMES: Final = tuple(field.name for field in fields(WindowScore))


def packed(scores: Sequence[WindowScore]) -> bytes:
    """Write the scores of a track, all fields, exactly."""
    columns = {name: np.array([getattr(score, name) for score in scores]) for name in _NAMES if name != "state"}
    columns["state"] = np.array([_STATES.index(score.state) for score in scores], np.uint8)
    written = io.BytesIO()
    np.savez(written, allow_pickle=False, **columns)
    return written.getvalue()


def unpacked(content: bytes | None) -> list[WindowScore] | None:
    """Read what `packed` wrote; None of None."""
    if content is None:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as columns:
        states = [_STATES[number] for number in columns["state"].tolist()]
        others = {
            name: list(columns[name]) if columns[name].ndim > 1 else columns[name].tolist()
            for name in _NAMES
            if name != "state"
        }
    rows = zip(*others.values(), strict=True)
    return [
        WindowScore(**dict(zip(others, row, strict=True)), state=state) for row, state in zip(rows, states, strict=True)
    ]
