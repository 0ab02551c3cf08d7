"""What `listen` shows: ten live bars in a terminal, plain lines elsewhere, lines of JSON, or a table."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

from model.checkpoint import Card
from model.errors import ParameterError
from model.result import model_identity, verdict, window_result
from model.scorer import WindowScore
from model.sources.follow import Gap, Title
from model.summary import Summary

Event = WindowScore | Gap | Title

_STDOUT: Final = "-"


class Output(Protocol):
    """Where the scores go."""

    def begin(self, source: str, hop_samples: int) -> None:
        """Say what is listened to."""
        ...

    def show(self, event: Event, so_far: Summary) -> None:
        """Tell what came: a window's scores, a gap, or another title."""
        ...

    def end(self, whole: Summary) -> None:
        """Sum up."""
        ...


def outputs(stack: ExitStack, card: Card, *, as_json: bool, csv: str | None) -> list[Output]:
    """Choose where the scores go.

    Parameters
    ----------
    stack : ExitStack
        Closes what is opened here.
    card : Card
        The model that scores.
    as_json : bool
        Whether standard output is for JSON.
    csv : str, optional
        File of a table; ``-`` is standard output.

    Returns
    -------
    list of Output
        Each is given everything.

    Raises
    ------
    ParameterError
        If the table cannot be written.
    """
    if as_json:
        return [JsonLines(card, sys.stdout)]
    if csv == _STDOUT:
        return [Table(card, sys.stdout)]
    chosen: list[Output] = [_for_people(stack, card)]
    if csv is not None:
        try:
            file = Path(csv).open("w", encoding="utf-8", newline="")  # noqa: SIM115 -- the stack closes it
        except OSError as error:
            raise ParameterError(f"{csv} cannot be written ({error.strerror}); name another file.") from error
        chosen.append(Table(card, stack.enter_context(file)))
    return chosen


def _for_people(stack: ExitStack, card: Card) -> Output:
    if not sys.stdout.isatty():
        return Lines(card, sys.stdout)
    from model.cli.listen_bars import Bars

    return stack.enter_context(Bars(card))


class JsonLines:
    """One JSON object a line, each written at once: ``start``, ``window``, ``gap``, ``title``, ``summary``."""

    def __init__(self, card: Card, file: TextIO) -> None:
        self._card = card
        self._rate_hz = card.params.audio.sample_rate_hz
        self._file = file

    def begin(self, source: str, hop_samples: int) -> None:
        """Say what is listened to."""
        self._write(
            "start",
            source=source,
            model=model_identity(self._card),
            genres=list(self._card.genres),
            window_seconds=self._card.params.audio.window_seconds,
            hop_seconds=hop_samples / self._rate_hz,
        )

    def show(self, event: Event, so_far: Summary) -> None:
        """Tell what came."""
        if isinstance(event, WindowScore):
            so_far_told = verdict(self._card.genres, so_far.probabilities, so_far.state)
            self._write("window", **window_result(event, self._card.genres, self._rate_hz), so_far=so_far_told)
        elif isinstance(event, Gap):
            start, end = event.start_sample / self._rate_hz, event.end_sample / self._rate_hz
            self._write("gap", start_seconds=start, end_seconds=end)
        else:
            self._write("title", start_seconds=event.start_sample / self._rate_hz, title=event.text)

    def end(self, whole: Summary) -> None:
        """Sum up."""
        result = verdict(self._card.genres, whole.probabilities, whole.state)
        self._write("summary", **result, n_windows=whole.n_windows, n_silent=whole.n_silent)

    def _write(self, kind: str, **values: Any) -> None:
        print(json.dumps({"type": kind, **values}, ensure_ascii=False), file=self._file, flush=True)


class Table:
    """A row a window, each written at once."""

    def __init__(self, card: Card, file: TextIO) -> None:
        self._card = card
        self._rate_hz = card.params.audio.sample_rate_hz
        self._file = file
        self._writer = csv.writer(file, lineterminator="\n")

    def begin(self, source: str, hop_samples: int) -> None:  # noqa: ARG002 -- as every output
        """Write the names of the columns."""
        self._row("start_seconds", "end_seconds", "genre", "state", "level_dbfs", *self._card.genres)

    def show(self, event: Event, so_far: Summary) -> None:  # noqa: ARG002 -- as every output
        """Write a window's row."""
        if isinstance(event, WindowScore):
            result = window_result(event, self._card.genres, self._rate_hz)
            scores = [result["probabilities"][genre] for genre in self._card.genres]
            times = (f"{result[name]:.6f}" for name in ("start_seconds", "end_seconds"))
            self._row(*times, result["genre"] or "", result["state"], result["level_dbfs"], *scores)

    def end(self, whole: Summary) -> None:
        """Do nothing; the sum is not a row."""

    def _row(self, *cells: object) -> None:
        self._writer.writerow(cells)
        self._file.flush()


class Lines:
    """A plain line a window."""

    def __init__(self, card: Card, file: TextIO) -> None:
        self._card = card
        self._rate_hz = card.params.audio.sample_rate_hz
        self._file = file

    def begin(self, source: str, hop_samples: int) -> None:  # noqa: ARG002 -- as every output
        """Say what is listened to."""
        self._say(f"listening to {source}")

    def show(self, event: Event, so_far: Summary) -> None:  # noqa: ARG002 -- as every output
        """Tell what came."""
        self._say(in_words(event, self._card.genres, self._rate_hz))

    def end(self, whole: Summary) -> None:
        """Sum up."""
        self._say(whole_in_words(whole, self._card.genres))

    def _say(self, sentence: str) -> None:
        print(sentence, file=self._file, flush=True)


def in_words(event: Event, genres: tuple[str, ...], rate_hz: int) -> str:
    """Tell in one line what came."""
    if isinstance(event, Gap):
        return f"{clock(event.start_sample / rate_hz)} - {clock(event.end_sample / rate_hz)}  sound is missing"
    if isinstance(event, Title):
        return f"{clock(event.start_sample / rate_hz)}  plays: {event.text}"
    span = f"{clock(event.start_sample / rate_hz)} - {clock(event.end_sample / rate_hz)}"
    return f"{span}  {_ranked(genres, event)}"


def whole_in_words(whole: Summary, genres: tuple[str, ...]) -> str:
    """Tell in one line what was heard in all."""
    if not whole.n_windows:
        return "nothing was heard for as long as one window"
    windows = "1 window" if whole.n_windows == 1 else f"{whole.n_windows} windows"
    silent = f", {whole.n_silent} of them silent" if whole.n_silent else ""
    return f"in all: {_ranked(genres, whole)} ({windows}{silent})"


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds, with tenths; never rounded up."""
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def _ranked(genres: tuple[str, ...], heard: WindowScore | Summary) -> str:
    result = verdict(genres, heard.probabilities, heard.state)
    if result["state"] == "silence":
        return "silence"
    ranked = sorted(result["probabilities"].items(), key=lambda item: -item[1])[:3]
    scores = ", ".join(f"{genre} {probability:.2f}" for genre, probability in ranked)
    return f"{result['genre'] or 'unsure'}  ({scores})"
