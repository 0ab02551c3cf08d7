"""The table on disk: a folder of Parquet files, written part by part, so that whatever ends a run leaves what is done.

Any reader of Parquet reads the folder as one table. A part is written under another name and then renamed, so there is
never half a part; a part of windows is there before the rows that name it.
"""

from __future__ import annotations

import secrets
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import ParameterError
from model.scan.known import KNOWN_COLUMNS
from model.scan.rows import PROBABILITY, Row, genres_of, row_schema, window_schema

_LARGE_ROWS: Final = 5_000  # a part this large is left as it is
_MANY_SMALL_PARTS: Final = 8
_UNFINISHED: Final = ".unfinished"


class Store:
    """The parts of a table of tracks, and of a table of windows if one is asked for.

    Parameters
    ----------
    folder : Path
        The table; made if need be.
    genres : sequence of str
        The model's.
    windows_folder : Path, optional
        The table of windows.

    Raises
    ------
    ParameterError
        If there is something else at this place, or a table of other genres.
    """

    def __init__(self, folder: Path, genres: Sequence[str], windows_folder: Path | None = None) -> None:
        self.folder = folder
        self.windows_folder = windows_folder
        self._schema = row_schema(genres)
        self._window_schema = window_schema(genres)
        for place, schema in ((folder, self._schema), (windows_folder, self._window_schema)):
            if place is not None:
                _make(place, schema)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs away from the table meanwhile, and clear away what a killed one left unfinished.

        Raises
        ------
        ParameterError
            If another run is at work on it.
        """
        with (self.folder / ".lock").open("w") as lock:
            if sys.platform != "win32":
                import fcntl

                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise ParameterError(
                        f"Another scan is writing {self.folder}; wait for its end, or name another table with -o."
                    ) from None
            self._clear()
            yield

    def known_rows(self) -> Iterator[Row]:
        """Read what tells which files are done, row by row, in the order in which the rows were written."""
        for part in parts_of(self.folder):
            yield from pq.read_table(part, columns=list(KNOWN_COLUMNS), schema=self._schema).to_pylist()

    def reader(self) -> Callable[[int], Row]:
        """Give what reads one of the present rows whole, by its number in `known_rows`, whatever is written later."""
        parts = parts_of(self.folder)
        ends = list(accumulate(pq.read_metadata(part).num_rows for part in parts))

        @lru_cache(maxsize=2)
        def table(place: int) -> pa.Table:
            return pq.read_table(parts[place], schema=self._schema)

        def read(number: int) -> Row:
            place = bisect_right(ends, number)
            row: Row = table(place).slice(number - (ends[place - 1] if place else 0), 1).to_pylist()[0]
            return row

        return read

    def write(self, rows: Sequence[Row], windows: Sequence[Row]) -> None:
        """Add a part.

        Parameters
        ----------
        rows : sequence of dict
            Rows of the table of tracks; columns they lack are null.
        windows : sequence of dict
            Rows of the table of windows. Rows of tracks whose ``windows_part`` is empty text get their part's name.
        """
        number = 1 + max((int(part.name.split("-")[1]) for part in parts_of(self.folder)), default=0)
        name = f"part-{number:06d}-{secrets.token_hex(4)}.parquet"
        if self.windows_folder is not None:
            _write(self.windows_folder / name, pa.Table.from_pylist(list(windows), self._window_schema))
        named = [row | {"windows_part": name} if row.get("windows_part") == "" else row for row in rows]
        _write(self.folder / name, pa.Table.from_pylist(named, self._schema))

    def tidy(self, replaced: Iterable[int]) -> None:
        """Drop rows that were replaced, and put small parts together.

        Parameters
        ----------
        replaced : iterable of int
            Numbers of rows, as in `known_rows`.
        """
        parts = parts_of(self.folder)
        small = [part for part in parts if pq.read_metadata(part).num_rows < _LARGE_ROWS]
        dropped = set(replaced)
        if not dropped and len(small) <= _MANY_SMALL_PARTS:
            return
        first = 0
        gathered: list[pa.Table] = []
        old: list[Path] = []
        for part in parts:
            table = pq.read_table(part, schema=self._schema)
            kept = [place for place in range(len(table)) if first + place not in dropped]
            first += len(table)
            if len(kept) == len(table) and len(table) >= _LARGE_ROWS:
                continue
            gathered.append(table.take(pa.array(kept, pa.int64())))
            old.append(part)
            if sum(map(len, gathered)) >= _LARGE_ROWS:
                self._put_together(gathered, old)
                gathered, old = [], []
        if old:
            self._put_together(gathered, old)

    def _put_together(self, tables: list[pa.Table], old: list[Path]) -> None:
        """Write a part that takes the place of others; killed in between, it leaves rows twice, and they are alike."""
        table = pa.concat_tables(tables)
        if len(table):
            _write(old[-1].with_name(old[-1].name.replace(".parquet", "-tidy.parquet")), table)
        for part in old:
            part.unlink()

    def _clear(self) -> None:
        named = {row["windows_part"] for row in self.known_rows()} if self.windows_folder is not None else set()
        for folder in filter(None, (self.folder, self.windows_folder)):
            for unfinished in folder.glob(f".*{_UNFINISHED}"):
                unfinished.unlink()
        if self.windows_folder is not None:
            for part in parts_of(self.windows_folder):
                if part.name not in named:
                    part.unlink()


def parts_of(folder: Path) -> list[Path]:
    """List the parts of a table, in the order in which they were written."""
    return sorted(folder.glob("part-*.parquet"))


def read_rows(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a table of tracks, one row a path: the last that was written.

    Parameters
    ----------
    folder : Path
        The table.
    columns : sequence of str, optional
        What to read besides the path and the probabilities; all by default.

    Returns
    -------
    pyarrow.Table
        As `model.scan.rows.row_schema` describes it.

    Raises
    ------
    ParameterError
        If there is no such table.
    """
    parts = parts_of(folder)
    if not parts:
        raise ParameterError(
            f"{folder} holds no table of a scan; write one with python -m model scan FOLDER -o {folder}."
        )
    genres = genres_of(pq.read_schema(parts[0]))
    schema = row_schema(genres)
    wanted = None if columns is None else ["path", *columns, *(PROBABILITY + genre for genre in genres)]
    table = pa.concat_tables(pq.read_table(part, schema=schema, columns=wanted) for part in parts)
    last = {path: number for number, path in enumerate(table.column("path").to_pylist())}
    return table if len(last) == len(table) else table.take(sorted(last.values()))


def _make(folder: Path, schema: pa.Schema) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(f"{folder} cannot be made a folder ({error.strerror}); name another with -o.") from error
    for part in parts_of(folder)[:1]:
        if not pq.read_schema(part).equals(schema):
            raise ParameterError(
                f"{folder} holds a table of other columns, as a model with other genres writes; name another with -o."
            )


def _write(path: Path, table: pa.Table) -> None:
    unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(path)
    except OSError as error:
        raise ParameterError(
            f"{path.parent} cannot be written ({error.strerror or error}); what was written before is kept: free some "
            "space and give the same command again."
        ) from error
