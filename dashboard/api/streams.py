"""The scores of a track as bytes: NDJSON as they come, or a table (CSV)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Literal, TypedDict

from dashboard.api.problems import Problem, problem_of
from dashboard.listening import messages
from dashboard.listening.messages import EndMessage, HeaderMessage, SummaryMessage, WindowMessage
from dashboard.listening.scoring import Reader
from model.errors import GenreError
from model.result import exact
from model.scorer import WindowScore
from model.segments import segments


class ErrorMessage(TypedDict):
    """The last message of a stream that breaks off."""

    type: Literal["error"]
    problem: Problem


Message = HeaderMessage | WindowMessage | SummaryMessage | EndMessage | ErrorMessage


def line(message: Message) -> bytes:
    """Write a message as one line of NDJSON, UTF-8."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def ndjson(reader: Reader, instance: str, keep: Callable[[bytes], None] | None = None) -> Iterator[bytes]:
    """Write a stream of scores.

    Parameters
    ----------
    reader : Reader
        The scores.
    instance : str
        Names the request, in the problem of a stream that breaks off.
    keep : callable, optional
        Gets the whole stream once it has been told to its end; one that breaks off it does not get.

    Yields
    ------
    bytes
        Whole lines: all that have come since the last block.
    """
    genres = reader.card.genres
    scores: list[WindowScore] = []
    told = [line(messages.header(reader.record, reader.card, hop_samples=reader.hop_samples))]
    yield told[0]
    try:
        for block in reader.blocks():
            scores += [each.score for each in block]
            told.append(b"".join(line(messages.window(each.score, each.so_far, genres)) for each in block))
            yield told[-1]
    except GenreError as error:
        yield line({"type": "error", "problem": problem_of(error, instance)})
    else:
        told.append(line(messages.summary(reader.so_far, segments(scores), genres)) + line(messages.end()))
        yield told[-1]
        if keep is not None:
            keep(b"".join(told))


def csv_rows(reader: Reader) -> Iterator[str]:
    """Write a stream of scores as a table.

    Parameters
    ----------
    reader : Reader
        The scores.

    Yields
    ------
    str
        Lines of CSV (RFC 4180): first the names, then a row a window. A stream that breaks off ends in a row whose
        state is ``error``.
    """
    rate_hz = reader.card.params.audio.sample_rate_hz
    yield _csv_row("index", "start_seconds", "end_seconds", "state", "level_dbfs", *reader.card.genres)
    try:
        for block in reader.blocks():
            for score in (each.score for each in block):
                times = (f"{sample / rate_hz:.6f}" for sample in (score.start_sample, score.end_sample))
                level = round(score.level_dbfs, 2)
                yield _csv_row(score.index, *times, score.state.value, level, *exact(score.probabilities))
    except GenreError as error:
        detail = problem_of(error, "")["detail"].replace('"', '""')
        yield _csv_row("", "", "", "error", f'"{detail}"')


def _csv_row(*cells: object) -> str:
    return ",".join(map(str, cells)) + "\r\n"
