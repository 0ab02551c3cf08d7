"""GTZAN's tracks as recipes take them: log-mel columns and rows of the published table, by list or all together."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.decibels import FEATURE_TABLE
from model.datasets.gtzan import Clips, gtzan_home, load_clips, load_columns
from model.errors import DatasetError
from model.genres import GENRES
from model.recipes.base import Examples, FeatureTable

_NO_FEATURES = ("filename", "label")


def load_list(split: str, home: Path | None = None) -> Examples:
    """Load the tracks of a published fault-filtered list.

    Parameters
    ----------
    split : {"train", "valid", "test", "artist_clean"}
        The list.
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    model.recipes.base.Examples
        In the order of the list.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    return _with_table(load_clips(split, home), home)


def load_all(home: Path | None = None) -> Examples:
    """Load every track there is, its faults included, as those did who divided GTZAN by chance.

    Parameters
    ----------
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    model.recipes.base.Examples
        In the order of the published table; jazz.00054, which has no log-mel, is named in ``clips.missing``.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    found = {track: load_columns(track, home) for track in _read_table(home)[1]}
    columns = {track: clip for track, clip in found.items() if clip is not None}
    if not columns:
        raise DatasetError(f"The log-mels and the table in {home} have no track in common; take both from one source.")
    clips = Clips(
        tracks=tuple(columns),
        labels=np.array([GENRES.index(track.split(".")[0]) for track in columns], np.int64),
        columns_db=np.stack(list(columns.values())),
        missing=tuple(track for track, clip in found.items() if clip is None),
    )
    return _with_table(clips, home)


def _with_table(clips: Clips, home: Path) -> Examples:
    names, rows = _read_table(home)
    unknown = [track for track in clips.tracks if track not in rows]
    if unknown:
        named = ", ".join(unknown[:3])
        raise DatasetError(f"{home / FEATURE_TABLE} has no row for {named}; put the whole table there.")
    return Examples(clips, GENRES, FeatureTable(names, np.stack([rows[track] for track in clips.tracks])))


@cache
def _read_table(home: Path) -> tuple[tuple[str, ...], dict[str, NDArray[np.float64]]]:
    path = home / FEATURE_TABLE
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            names = tuple(name for name in reader.fieldnames or () if name not in _NO_FEATURES)
            rows = {Path(row["filename"]).stem: np.array([float(row[name]) for name in names]) for row in reader}
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error}); put the table of GTZAN's 30 s features there.") from error
    except (KeyError, ValueError, TypeError) as error:
        raise DatasetError(f"{path} is not the table of GTZAN's 30 s features ({error}).") from error
    return names, rows
