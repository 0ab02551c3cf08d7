"""Hand-made features of a folder of audio, ``genre/track.wav``: what the published table is for GTZAN, of any music."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.study.datasets.folders import CACHE_FOLDER, AudioFile, compute_for_folder
from model.study.descriptors import DESCRIPTORS


@dataclass(frozen=True, eq=False)
class Described:
    """A folder's tracks and their descriptors.

    Attributes
    ----------
    genres : tuple of str
        Names of the folders, sorted.
    files : tuple of AudioFile
        The files that could be read.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Index of each file's genre.
    names : tuple of str
        What each column holds.
    values : np.ndarray [shape=(n_tracks, n_columns)], float64
        One row a file.
    failures : dict of str to str
        Path of each file that could not be read, and why.
    """

    genres: tuple[str, ...]
    files: tuple[AudioFile, ...]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    values: NDArray[np.float64]
    failures: dict[str, str] = field(default_factory=dict)


def describe_folder(
    folder: Path,
    *,
    names: Sequence[str] = DESCRIPTORS,
    cache_folder: Path = CACHE_FOLDER,
    n_workers: int | None = None,
    progress: bool = True,
) -> Described:
    """Describe every file of a folder, on all cores; kept by content and computed again only for changed files.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.
    names : sequence of str
        Which of `model.study.descriptors.DESCRIPTORS`.
    cache_folder : Path
        Where descriptors are kept.
    n_workers : int, optional
        Processes; one a core by default.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Described
        The readable files; the others are named with the reason.

    Raises
    ------
    DatasetError
        If the folder is not usable, or fewer than two genres have a readable file.
    """
    genres, files, rows, failures = compute_for_folder(
        folder,
        partial(describe_file, names=tuple(names)),
        key=f"descriptors-1 {' '.join(names)}",
        cache_folder=cache_folder,
        n_workers=n_workers,
        progress=progress,
    )
    labels = np.array([genres.index(file.genre) for file in files], np.int64)
    return Described(genres, files, labels, tuple(names), np.stack(rows), failures)


def describe_file(path: Path, *, names: Sequence[str] = DESCRIPTORS) -> NDArray[np.float64]:
    """Decode a file and describe it.

    Parameters
    ----------
    path : Path
        Audio file.
    names : sequence of str
        Which descriptors.

    Returns
    -------
    np.ndarray [shape=(len(names),)], float64
        As `model.study.descriptors.describe` gives them.

    Raises
    ------
    AudioError
        If the file cannot be used.
    """
    from model.audio.decode import decode
    from model.study.descriptors import describe

    return describe(decode(path).samples, names=names)
