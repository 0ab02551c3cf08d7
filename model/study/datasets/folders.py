"""Training data from a folder of audio: ``genre/track.wav``, with any genre names.

Features are extracted on all cores and kept in a cache whose key is the content of the file and the parameters, so
a changed file or parameter is computed again and nothing else is. A file that cannot be read is reported by name
and skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.params import ModelParams
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
        key=f"{_CACHE_FORMAT} {params.to_dict()}",
        cache_folder=cache_folder,
        n_workers=n_workers,
        progress=progress,
    )
    return Extracted(*gathered)


def compute_for_folder(
    folder: Path, compute: Compute, *, key: str, cache_folder: Path, n_workers: int | None, progress: bool
) -> tuple[tuple[str, ...], tuple[AudioFile, ...], list[NDArray[Any]], dict[str, str]]:
    """Compute an array for every file of a folder; at least two genres must have a readable file.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.
    compute, key, cache_folder, n_workers, progress
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
        key=key,
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
