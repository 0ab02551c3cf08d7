"""GTZAN's tracks as recipes take them: log-mel columns and rows of the published table, by list or all together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.genres import GENRES
from model.study.datasets.features_table import load_table
from model.study.datasets.gtzan import Clips, gtzan_home, load_clips, load_columns
from model.study.datasets.pieces_table import PIECES_PER_TRACK, load_pieces
from model.study.recipes.base import Examples, FeatureTable


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
    model.study.recipes.base.Examples
        In the order of the list.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    return _with_table(load_clips(split, home), home)


def load_all(home: Path | None = None) -> Examples:
    """Load every track there is, its faults included, as in the published random divisions of GTZAN.

    Parameters
    ----------
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    model.study.recipes.base.Examples
        In the order of the published table; jazz.00054, which has no log-mel, is named in ``clips.missing``.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    found = {track: load_columns(track, home) for track in load_table(home).rows}
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


def with_pieces(examples: Examples, home: Path | None = None, *, fill: bool = False) -> Examples:
    """Keep the tracks whose 3 s pieces have been described, and add these descriptors.

    Parameters
    ----------
    examples : Examples
        GTZAN's tracks.
    home : Path, optional
        GTZAN's folder.
    fill : bool
        Keep the other tracks too: the means of a whole clip stand for each of its pieces.

    Returns
    -------
    model.study.recipes.base.Examples
        In the same order.

    Raises
    ------
    DatasetError
        If the table of pieces is missing or not laid out as expected, or has none of the tracks.
    """
    names, pieces = load_pieces(home or gtzan_home())
    rows = [row for row, track in enumerate(examples.clips.tracks) if fill or track in pieces]
    if not rows:
        raise DatasetError("None of these tracks is in the table of 3 s pieces; use the table of the same data set.")
    kept = _taken(examples, np.array(rows))
    whole = np.zeros((len(rows), 0)) if kept.table is None else kept.table.columns(names)
    values = np.stack(
        [
            pieces[track] if track in pieces else np.tile(means, (PIECES_PER_TRACK, 1))
            for track, means in zip(kept.clips.tracks, whole, strict=True)
        ]
    )
    return Examples(kept.clips, kept.genres, kept.table, FeatureTable(names, values))


def halved(examples: Examples) -> tuple[Examples, Examples]:
    """Divide a list into every other track and the rest.

    Parameters
    ----------
    examples : Examples
        At least two tracks.

    Returns
    -------
    tuple of Examples
        Two lists with no track in common.
    """
    rows = np.arange(len(examples.clips.tracks))
    return _taken(examples, rows[::2]), _taken(examples, rows[1::2])


def _taken(examples: Examples, rows: NDArray[np.int64]) -> Examples:
    clips, table, pieces = examples.clips, examples.table, examples.pieces
    return Examples(
        Clips(tuple(clips.tracks[row] for row in rows), clips.labels[rows], clips.columns_db[rows]),
        examples.genres,
        table and FeatureTable(table.names, table.values[rows]),
        pieces and FeatureTable(pieces.names, pieces.values[rows]),
    )


def _with_table(clips: Clips, home: Path) -> Examples:
    table = load_table(home)
    return Examples(clips, GENRES, FeatureTable(table.names, table.of(clips.tracks)))
