"""Dividing a folder's tracks into those to learn from and those to validate on, by chance and genre by genre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.study.datasets.folders import AudioFile, Extracted
from model.study.datasets.gtzan import N_COLUMNS, N_FRAMES, Clips


def split_by_chance(
    extracted: Extracted, *, seed: int, valid_share: float = 0.2, n_columns: int = N_COLUMNS, n_frames: int = N_FRAMES
) -> tuple[Clips, Clips]:
    """Divide the tracks of a folder into train and valid, genre by genre.

    All windows of one file go to the same side. Artists are unknown here, so songs of one artist may lie on both
    sides and valid figures may flatter.

    Parameters
    ----------
    extracted : Extracted
        From `extract`.
    seed : int
        Seed of the draw.
    valid_share : float
        Share of each genre's tracks for valid; at least one track.
    n_columns : int
        Longer tracks are cut to clips of this many columns.
    n_frames : int
        Columns of a window; shorter tracks are left out.

    Returns
    -------
    train, valid : Clips
        Clips of equal length; a track longer than `n_columns` gives several clips, a shorter one is repeated.

    Raises
    ------
    DatasetError
        If a genre has fewer than two tracks of at least a window.
    """
    rows = [row for row, columns in enumerate(extracted.columns_db) if len(columns) >= n_frames]
    sides = divide_by_genre(extracted.genres, extracted.files, rows, seed=seed, valid_share=valid_share)
    train, valid = (_as_clips(extracted, side, n_columns) for side in sides)
    return train, valid


def divide_by_genre(
    genres: Sequence[str], files: Sequence[AudioFile], rows: Iterable[int], *, seed: int, valid_share: float
) -> tuple[list[int], list[int]]:
    """Divide files by chance, genre by genre.

    Parameters
    ----------
    genres : sequence of str
        In the order of the draws.
    files : sequence of AudioFile
        All files.
    rows : iterable of int
        Which of them may be used.
    seed : int
        Seed of the draw.
    valid_share : float
        Share of each genre's files for valid; at least one file, and never all.

    Returns
    -------
    train, valid : list of int
        Rows, sorted.

    Raises
    ------
    DatasetError
        If a genre has fewer than two usable files.
    """
    random = np.random.default_rng(seed)
    usable = list(rows)
    train: list[int] = []
    valid: list[int] = []
    for genre in genres:
        of_genre = [row for row in usable if files[row].genre == genre]
        if len(of_genre) < 2:
            raise DatasetError(f"Genre {genre!r} has {len(of_genre)} usable track(s); at least 2 are needed.")
        shuffled = random.permutation(of_genre).tolist()
        n_valid = min(max(1, round(valid_share * len(of_genre))), len(of_genre) - 1)
        valid.extend(shuffled[:n_valid])
        train.extend(shuffled[n_valid:])
    return sorted(train), sorted(valid)


def _as_clips(extracted: Extracted, rows: list[int], n_columns: int) -> Clips:
    names, labels, clips = [], [], []
    for row in rows:
        file = extracted.files[row]
        for clip in _clips_of(extracted.columns_db[row], n_columns):
            names.append(f"{file.genre}/{file.path.name}")
            labels.append(extracted.genres.index(file.genre))
            clips.append(clip)
    return Clips(tuple(names), np.array(labels, np.int64), np.stack(clips))


def _clips_of(columns_db: NDArray[np.float32], n_columns: int) -> Iterator[NDArray[np.float32]]:
    if len(columns_db) < n_columns:
        yield np.resize(columns_db, (n_columns, columns_db.shape[1]))
    for first in range(0, len(columns_db) - n_columns + 1, n_columns):
        yield columns_db[first : first + n_columns]
