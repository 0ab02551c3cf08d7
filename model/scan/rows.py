"""The table's rows: what is known of a track, and what of each of its windows, as Arrow schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from model.checkpoint import Card
from model.result import Classification, ClassifiedWindow
from model.scan.files import FoundFile

Row = dict[str, Any]

PROBABILITY: Final = "p_"
"""Before a genre's name: the column of its probability."""

_STRETCH: Final = pa.struct(
    [
        ("start_seconds", pa.float64()),
        ("end_seconds", pa.float64()),
        ("genre", pa.string()),
        ("state", pa.string()),
    ]
)
_WARNING: Final = pa.struct([("code", pa.string()), ("detail", pa.string())])


def probabilities_schema(genres: Sequence[str]) -> list[pa.Field]:
    """Give a column for each genre's probability."""
    return [pa.field(PROBABILITY + genre, pa.float32()) for genre in genres]


def row_schema(genres: Sequence[str]) -> pa.Schema:
    """Give the columns of the table of tracks."""
    return pa.schema(
        [
            pa.field("path", pa.string()),
            pa.field("size_bytes", pa.int64()),
            pa.field("revision", pa.string()),
            pa.field("content_sha256", pa.string()),
            pa.field("duration_seconds", pa.float64()),
            pa.field("state", pa.string()),
            pa.field("genre", pa.string()),
            pa.field("second_genre", pa.string()),
            *probabilities_schema(genres),
            pa.field("segments", pa.list_(_STRETCH)),
            pa.field("warnings", pa.list_(_WARNING)),
            pa.field("error", pa.string()),
            pa.field("model", pa.string()),
            pa.field("model_sha256", pa.string()),
            pa.field("hop_seconds", pa.float64()),
            pa.field("seconds_spent", pa.float64()),
            pa.field("windows_part", pa.string()),
        ]
    )


def window_schema(genres: Sequence[str]) -> pa.Schema:
    """Give the columns of the table of windows; a track is known in it by its content."""
    return pa.schema(
        [
            pa.field("content_sha256", pa.string()),
            pa.field("index", pa.int32()),
            pa.field("start_seconds", pa.float64()),
            pa.field("end_seconds", pa.float64()),
            pa.field("level_dbfs", pa.float64()),
            pa.field("state", pa.string()),
            pa.field("genre", pa.string()),
            *probabilities_schema(genres),
            pa.field("model_sha256", pa.string()),
            pa.field("hop_seconds", pa.float64()),
        ]
    )


def genres_of(schema: pa.Schema) -> tuple[str, ...]:
    """Read the genres off a table's columns."""
    return tuple(name.removeprefix(PROBABILITY) for name in schema.names if name.startswith(PROBABILITY))


def row_of(result: Classification) -> Row:
    """Take what a row tells from the answer of ``classify``."""
    genres = list(result["probabilities"])
    ranked = sorted(genres, key=lambda genre: -result["probabilities"][genre])
    return {
        "duration_seconds": result["duration_seconds"],
        "state": result["state"],
        "genre": result["genre"],
        "second_genre": ranked[1] if result["genre"] is not None and len(ranked) > 1 else None,
        **_columns(result["probabilities"]),
        "segments": result["segments"],
        "warnings": result["warnings"],
    }


def windows_of(result: Classification, identity: Row) -> list[Row]:
    """Give a row for each window of a track."""
    return [_window_row(window) | identity for window in result["windows"]]


def identity_of(file: FoundFile, card: Card, hop_seconds: float) -> Row:
    """Say which file and which scores a row is about."""
    return {
        "path": file.label,
        "size_bytes": file.size_bytes,
        "revision": file.revision,
        **scored_by(card, hop_seconds),
    }


def scored_by(card: Card, hop_seconds: float) -> Row:
    """Say what scored: the columns that must agree for a row to be taken as done."""
    return {"model": card.name, "model_sha256": card.files["litert"].sha256, "hop_seconds": hop_seconds}


def _window_row(window: ClassifiedWindow) -> Row:
    told: Row = {name: value for name, value in window.items() if name != "probabilities"}
    return told | _columns(window["probabilities"])


def _columns(probabilities: Mapping[str, float]) -> Row:
    return {PROBABILITY + genre: probability for genre, probability in probabilities.items()}
