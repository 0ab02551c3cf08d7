"""Training data from a folder of audio: ``genre/track.wav``, with any genre names.

Features are extracted on all cores and kept in a cache whose key is the content of the file and the parameters, so
a changed file or parameter is computed again and nothing else is. A file that cannot be read is reported by name
and skipped.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.datasets.gtzan import Clips
from model.errors import DatasetError, GenreError
from model.params import ModelParams

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
    from tqdm import tqdm

    params = params or ModelParams()
    listed = list_audio(folder)
    cache_folder.mkdir(parents=True, exist_ok=True)
    files, columns, failures = [], [], {}
    with ProcessPoolExecutor(min(n_workers or os.cpu_count() or 1, len(listed))) as pool:
        results = pool.map(_columns_or_reason, ((file.path, params, cache_folder) for file in listed), chunksize=4)
        with tqdm(total=len(listed), desc="features", unit="track", disable=not progress) as bar:
            for file, result in zip(listed, results, strict=True):
                bar.update()
                if isinstance(result, str):
                    failures[str(file.path)] = result
                    bar.write(f"skipped {file.path}: {result}") if progress else None
                else:
                    files.append(file)
                    columns.append(result)
    genres = tuple(sorted({file.genre for file in files}))
    if len(genres) < 2:
        raise DatasetError(
            f"Only {len(genres)} genre(s) in {folder} have a readable file ({len(failures)} files failed); "
            "at least 2 are needed."
        )
    return Extracted(genres, tuple(files), columns, failures)


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
    from model.audio import decode
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
    random = np.random.default_rng(seed)
    sides: tuple[list[int], list[int]] = ([], [])
    for genre in extracted.genres:
        rows = [
            row
            for row, file in enumerate(extracted.files)
            if file.genre == genre and len(extracted.columns_db[row]) >= n_frames
        ]
        if len(rows) < 2:
            raise DatasetError(f"Genre {genre!r} has {len(rows)} usable track(s); at least 2 are needed.")
        shuffled = random.permutation(rows).tolist()
        n_valid = min(max(1, round(valid_share * len(rows))), len(rows) - 1)
        sides[1].extend(shuffled[:n_valid])
        sides[0].extend(shuffled[n_valid:])
    train, valid = (_as_clips(extracted, sorted(side), n_columns) for side in sides)
    return train, valid


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


def _columns_or_reason(task: tuple[Path, ModelParams, Path]) -> NDArray[np.float32] | str:
    """Compute or recall one file's columns; in a worker process, where an error must come back as words."""
    path, params, cache_folder = task
    try:
        cached = cache_folder / f"{_key(path, params)}.npy"
        if cached.exists():
            recalled: NDArray[np.float32] = np.load(cached)
            return recalled
        columns = log_mel_columns(path, params)
        part = cached.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as stream:
            np.save(stream, columns)
        part.replace(cached)
    except (GenreError, OSError) as error:
        return str(error)
    return columns


def _key(path: Path, params: ModelParams) -> str:
    digest = hashlib.sha256(path.read_bytes())
    digest.update(f"{_CACHE_FORMAT} {params.to_dict()}".encode())
    return digest.hexdigest()
