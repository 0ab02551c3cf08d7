"""A scan: list the files, leave out what is done, have the rest seen to, write rows as they come."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol

from model.checkpoint import Card
from model.scan.files import FoundFile, find_files
from model.scan.known import Known
from model.scan.progress import Progress
from model.scan.rows import Row, identity_of, scored_by
from model.scan.store import Store
from model.scan.work import Done, Job

_PART_ROWS: Final = 500
_PART_SECONDS: Final = 10.0  # what a killed client loses at most


class Workers(Protocol):
    """What sees to files: `model.scan.cluster.Crew`, whose packages are loaded only if there is anything to do."""

    def see_to(self, jobs: Iterator[Job]) -> Iterator[Done]:
        """Have files seen to."""


@dataclass
class Tally:
    """What a scan came to: files found, done before, scored, taken over from a row of the same content, failed."""

    n_found: int = 0
    n_done_before: int = 0
    n_scored: int = 0
    n_known: int = 0
    n_failed: int = 0
    seconds: float = 0.0


class Scan:
    """Brings a table up to date with a library.

    Parameters
    ----------
    store : Store
        The table; nothing else may be writing it.
    card : Card
        The model's.
    hop_seconds : float
        From window to window.
    checks_content : bool
        Read every file, even where its size and time are those of its row.
    retries_errors : bool
        Try again what could not be heard.
    """

    def __init__(
        self,
        store: Store,
        card: Card,
        hop_seconds: float,
        *,
        checks_content: bool = False,
        retries_errors: bool = False,
    ) -> None:
        self._store = store
        self._card = card
        self._hop_seconds = hop_seconds
        self._needs_windows = store.windows_folder is not None
        self._known = Known(
            store.known_rows(),
            scored_by=scored_by(card, hop_seconds),
            needs_windows=self._needs_windows,
            trusts_revisions=not checks_content,
            retries_errors=retries_errors,
        )
        self._known_row = store.reader()
        self._rows: list[Row] = []
        self._windows: list[Row] = []
        self._written_at = time.monotonic()

    def run(self, where: str, crew: Callable[[], AbstractContextManager[Workers]]) -> Tally:
        """Scan.

        Parameters
        ----------
        where : str
            As for `model.scan.files.find_files`.
        crew : callable
            Gives the workers; called only if there is anything to do.

        Returns
        -------
        Tally
            What it came to.
        """
        started = time.monotonic()
        tally = Tally()
        with tempfile.TemporaryFile("w+", encoding="ascii") as to_do:
            self._list(where, to_do, tally)
            n_to_do = tally.n_found - tally.n_done_before
            if n_to_do:
                to_do.seek(0)
                progress = Progress(n_to_do)
                with crew() as workers:
                    try:
                        for done in workers.see_to(self._jobs(to_do)):
                            self._take(done, tally)
                            progress.add(failed="error" in done.row)
                    finally:
                        self._write()
                        progress.end()
        self._store.tidy(Known(self._store.known_rows(), scored_by=scored_by(self._card, self._hop_seconds)).replaced())
        tally.seconds = time.monotonic() - started
        return tally

    def _list(self, where: str, to_do: IO[str], tally: Tally) -> None:
        """Write what is to be done to a file, a line a track: a list in memory would grow with the library."""
        for file in find_files(where):
            tally.n_found += 1
            if self._known.is_done(file):
                tally.n_done_before += 1
            else:
                print(json.dumps([file.address, file.size_bytes, file.revision]), file=to_do)

    def _jobs(self, to_do: IO[str]) -> Iterator[Job]:
        for line in to_do:
            file = FoundFile(*json.loads(line))
            yield Job(file, self._known.contents_like(file))

    def _take(self, done: Done, tally: Tally) -> None:
        row: Row = identity_of(done.file, self._card, self._hop_seconds)
        if done.is_known:
            tally.n_known += 1
            written = self._known_row(self._known.row_of_content(done.row["content_sha256"], done.file))
            row = written | row
        elif "error" in done.row:
            tally.n_failed += 1
        else:
            tally.n_scored += 1
            row["windows_part"] = "" if self._needs_windows else None
        told: dict[str, Any] = {name: value for name, value in done.row.items() if value is not None}
        self._rows.append(row | told)
        self._windows += done.windows
        if len(self._rows) >= _PART_ROWS or time.monotonic() - self._written_at > _PART_SECONDS:
            self._write()

    def _write(self) -> None:
        if self._rows:
            self._store.write(self._rows, self._windows)
        self._rows, self._windows = [], []
        self._written_at = time.monotonic()
