"""Training data from a folder of audio: ``genre/track.wav``, with any genre names.

Features are extracted on all cores and kept in a cache whose key is the content of the file and the parameters, so
a changed file or parameter is computed again and nothing else is. A file that cannot be read is reported by name
and skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.params import ModelParams
from model.study.datasets.gtzan import Clips
from model.study.datasets.many import Compute, compute_all

AUDIO_SUFFIXES: Final = frozenset({".wav", ".au", ".flac", ".ogg", ".mp3", ".aif", ".aiff"})
CACHE_FOLDER: Final = Path(".cache") / "features"
_CACHE_FORMAT: Final = "columns-1"


@dataclass(frozen=True)
class AudioFile:
    """One track of a data folder: its path and its genre (the name of its folder)."""

    path: Path
    genre: str


@dataclass(frozen=True, eq=False)
class Extracted:
    """What became of a data folder.

    Attributes
    ----------
    genres : tuple of str
        Names of the folders, sorted.
    files : tuple of AudioFile
        The files that could be read.
    columns_db : list of np.ndarray [shape=(n_columns, n_mels)], float32
        Log-mel columns of each file, in dB below its maximum.
    failures : dict of str to str
        Path of each file that could not be read, and why.
    """

    genres: tuple[str, ...]
    files: tuple[AudioFile, ...]
    columns_db: list[NDArray[np.float32]]
    failures: dict[str, str] = field(default_factory=dict)


def list_audio(folder: Path) -> tuple[AudioFile, ...]:
    """List the audio files of a folder with one sub-folder a genre.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.

    Returns
    -------
    tuple of AudioFile
        Sorted by genre and name.

    Raises
    ------
    DatasetError
        If the folder is missing, or holds fewer than two genres with audio.
    """
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder; name one that holds a folder of audio for each genre.")
    found = [
        AudioFile(path, genre.name)
        for genre in sorted(folder.iterdir())
        if genre.is_dir() and not genre.name.startswith(".")
        for path in sorted(genre.iterdir())
        if path.suffix.lower() in AUDIO_SUFFIXES and not path.name.startswith(".")
    ]
    genres = {file.genre for file in found}
    if len(genres) < 2:
        raise DatasetError(
            f"{folder} holds audio of {len(genres)} genre(s); at least 2 are needed, laid out as genre/track.wav."
        )
    return tuple(found)


def extract(
    folder: Path,
    *,
    params: ModelParams | None = None,
    cache_folder: Path = CACHE_FOLDER,
    n_workers: int | None = None,
    progress: bool = True,
) -> Extracted:
    """Compute the log-mel columns of every file of a folder, on all cores.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.
    params : ModelParams, optional
        Audio and feature parameters.
    cache_folder : Path
        Where features are kept.
    n_workers : int, optional
        Processes; one a core by default.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Extracted
        Columns of the readable files; the others are named with the reason.

    Raises
    ------
    DatasetError
        If the folder is not usable, or fewer than two genres have a readable file.
    """
    params = params or ModelParams()
    gathered = compute_for_folder(
        folder,
        partial(log_mel_columns, params=params),
        recipe=f"{_CACHE_FORMAT} {params.to_dict()}",
        cache_folder=cache_folder,
        n_workers=n_workers,
        progress=progress,
    )
    return Extracted(*gathered)


def compute_for_folder(
    folder: Path, compute: Compute, *, recipe: str, cache_folder: Path, n_workers: int | None, progress: bool
) -> tuple[tuple[str, ...], tuple[AudioFile, ...], list[NDArray[Any]], dict[str, str]]:
    """Compute an array for every file of a folder; at least two genres must have a readable file.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.
    compute, recipe, cache_folder, n_workers, progress
        As for `model.study.datasets.many.compute_all`.

    Returns
    -------
    genres : tuple of str
        Those with a readable file, sorted.
    files : tuple of AudioFile
        The files that could be read.
    arrays : list of np.ndarray
        One a file.
    failures : dict of str to str
        Path of each file that could not be read, and why.

    Raises
    ------
    DatasetError
        If the folder is not usable, or fewer than two genres have a readable file.
    """
    listed = list_audio(folder)
    arrays, failures = compute_all(
        [file.path for file in listed],
        compute,
        recipe=recipe,
        cache_folder=cache_folder,
        n_workers=n_workers,
        progress=progress,
    )
    files = tuple(file for file in listed if file.path in arrays)
    genres = tuple(sorted({file.genre for file in files}))
    if len(genres) < 2:
        raise DatasetError(
            f"Only {len(genres)} genre(s) in {folder} have a readable file ({len(failures)} files failed); "
            "at least 2 are needed."
        )
    return genres, files, [arrays[file.path] for file in files], {str(path): why for path, why in failures.items()}


def log_mel_columns(path: Path, params: ModelParams) -> NDArray[np.float32]:
    """Decode a file and compute its log-mel columns, one every hop, relative to the loudest.

    Parameters
    ----------
    path : Path
        Audio file.
    params : ModelParams
        Audio and feature parameters.

    Returns
    -------
    np.ndarray [shape=(n_columns, n_mels)], float32
        dB in [floor, 0].

    Raises
    ------
    AudioError
        If the file cannot be used.
    """
    from model.audio.decode import decode
    from model.features import LogMel

    log_mel = LogMel(params)
    return log_mel.relative_db(log_mel.mel_power(decode(path).samples))


def split_by_chance(
    extracted: Extracted, *, seed: int, valid_share: float = 0.2, n_columns: int = 387, n_frames: int = 38
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
