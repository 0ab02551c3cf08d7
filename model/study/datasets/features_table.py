"""The published table of hand-made features of GTZAN's 30 s clips, ``features_30s.csv``.

One row a clip, a column a descriptor (`model.study.descriptors`), and its genre. For most of the tracks it is all there
is of their sound besides the log-mel.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.study.descriptors import DESCRIPTORS

TABLE_NAME: Final = "features_30s.csv"
_FILE_COLUMN: Final = "filename"


@dataclass(frozen=True, eq=False)
class TrackTable:
    """Descriptors of tracks.

    Attributes
    ----------
    names : tuple of str
        What each column holds.
    rows : dict of str to int
        Track name, such as ``blues.00000``, to its row.
    values : np.ndarray [shape=(n_tracks, n_columns)], float64
        All finite.
    """

    names: tuple[str, ...]
    rows: dict[str, int]
    values: NDArray[np.float64]

    def of(self, tracks: Iterable[str]) -> NDArray[np.float64]:
        """Take the rows of some tracks, in the order asked for.

        Parameters
        ----------
        tracks : iterable of str
            Their names.

        Returns
        -------
        np.ndarray [shape=(n_tracks, n_columns)], float64
            Their descriptors.

        Raises
        ------
        DatasetError
            If the table lacks one.
        """
        wanted = list(tracks)
        lacking = [track for track in wanted if track not in self.rows]
        if lacking:
            raise DatasetError(
                f"The table of hand-made features has no row for {lacking[0]} ({len(lacking)} of {len(wanted)} tracks "
                "are missing); use the table of the same data set."
            )
        return self.values[[self.rows[track] for track in wanted]]


@cache
def load_table(home: Path, names: Sequence[str] = DESCRIPTORS) -> TrackTable:
    """Read the table in GTZAN's folder; read once for the same folder and columns.

    Parameters
    ----------
    home : Path
        GTZAN's folder.
    names : tuple of str
        The columns needed.

    Returns
    -------
    TrackTable
        Its rows.

    Raises
    ------
    DatasetError
        As `read_table` does.
    """
    return read_table(home / TABLE_NAME, names)


def read_table(path: Path, names: Sequence[str] = DESCRIPTORS) -> TrackTable:
    """Read a table of hand-made features.

    Parameters
    ----------
    path : Path
        A CSV file with a header, the column ``filename`` and one column a descriptor; other columns are ignored.
    names : sequence of str
        The columns needed.

    Returns
    -------
    TrackTable
        One row a file; a track is named as the file without its suffix.

    Raises
    ------
    DatasetError
        If the file cannot be read, lacks a column, holds no row, or a value is no finite number.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or ()
            lacking = [name for name in (_FILE_COLUMN, *names) if name not in header]
            if lacking:
                raise DatasetError(
                    f"{path} is not the table of GTZAN's 30 s features: the column {lacking[0]} is missing "
                    f"({len(lacking)} in all). Use the published {TABLE_NAME}."
                )
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(
            f"{path} cannot be read ({error}). Put the table of the features of GTZAN's 30 s clips there."
        ) from error
    if not rows:
        raise DatasetError(f"{path} holds a header and no tracks; copy the published {TABLE_NAME} again.")
    values = np.array([[_number(row[name], name, line, path) for name in names] for line, row in enumerate(rows, 2)])
    tracks = {Path(row[_FILE_COLUMN]).stem: index for index, row in enumerate(rows)}
    if len(tracks) != len(rows):
        raise DatasetError(f"{path} lists {len(rows)} files but only {len(tracks)} different tracks; remove repeats.")
    return TrackTable(tuple(names), tracks, values)


def _number(text: str | None, column: str, line: int, path: Path) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise DatasetError(f"{path}, line {line}: {column} is {text!r}, no finite number. Copy the table again.")
    return value
