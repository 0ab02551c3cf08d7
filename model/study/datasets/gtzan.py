"""GTZAN as this project has it: log-mel columns of whole clips, published splits.

The data is never part of the project. It is found through the environment variable ``GTZAN_HOME`` or, without it,
in ``shared/gtzan`` beside the project's folder. Nothing here knows the network.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.genres import GENRES
from model.params import FeatureParams, ModelParams
from model.study.datasets.decibels import load_mfcc_means, range_db, to_decibels

N_COLUMNS: Final = 387  # of a clip of 30 s
N_FRAMES: Final = ModelParams().input_shape[0]
COLUMNS_PER_SECOND: Final = 12.9
WINDOWS_PER_TRACK: Final = 10
_SPLIT_FILES: Final = {
    "train": "train_filtered.txt",
    "valid": "valid_filtered.txt",
    "test": "test_filtered.txt",
    "artist_clean": "test_artist_clean.txt",
}
SPLITS: Final = tuple(_SPLIT_FILES)


@dataclass(frozen=True, eq=False)
class Clips:
    """Log-mel columns of whole clips of one split.

    Attributes
    ----------
    tracks : tuple of str
        Names such as ``blues.00000``.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Index into the genres.
    columns_db : np.ndarray [shape=(n_tracks, n_columns, n_mels)], float32
        dB relative to the clip's maximum, in [-80, 0]; columns lie about 1708 samples apart.
    missing : tuple of str
        Tracks that the split lists and the feature cache lacks.
    """

    tracks: tuple[str, ...]
    labels: NDArray[np.int64]
    columns_db: NDArray[np.float32]
    missing: tuple[str, ...] = ()


def gtzan_home() -> Path:
    """Find the folder that holds GTZAN's features and splits.

    Returns
    -------
    Path
        ``GTZAN_HOME`` if set, else ``../shared/gtzan`` beside the project.

    Raises
    ------
    DatasetError
        If there is no feature cache there.
    """
    named = os.environ.get("GTZAN_HOME")
    folder = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "gtzan"
    if not (folder / "logmel.npz").is_file():
        raise DatasetError(
            f"No logmel.npz in {folder}; set GTZAN_HOME to the folder that holds it, or train from audio with --data."
        )
    return folder


def read_split(name: str, home: Path | None = None) -> tuple[str, ...]:
    """List the tracks of a published fault-filtered split.

    Parameters
    ----------
    name : {"train", "valid", "test", "artist_clean"}
        The list; ``artist_clean`` is the part of ``test`` whose artists appear in neither train nor valid.
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    tuple of str
        Names such as ``blues.00029``, in the order of the list.

    Raises
    ------
    DatasetError
        If the split is unknown or its file is missing.
    """
    if name not in _SPLIT_FILES:
        raise DatasetError(f"There is no split {name!r}; use one of {', '.join(SPLITS)}.")
    path = (home or gtzan_home()) / "splits" / _SPLIT_FILES[name]
    try:
        lines = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise DatasetError(f"The list of the split {name!r} cannot be read ({error}).") from error
    return tuple(Path(line).stem for line in lines)


@cache
def _feature_cache(home: Path) -> tuple[dict[str, int], NDArray[np.uint8]]:
    with np.load(home / "logmel.npz") as archive:
        rows = {str(track): row for row, track in enumerate(archive["track"])}
        stored: NDArray[np.uint8] = archive["logmel"]
    if stored.ndim != 3 or stored.shape[2] != N_COLUMNS:
        raise DatasetError(f"logmel.npz in {home} has shape {stored.shape}; expected (n, n_mels, {N_COLUMNS}).")
    return rows, stored


def load_columns(track: str, home: Path | None = None) -> NDArray[np.float32] | None:
    """Load the log-mel columns of one track.

    Parameters
    ----------
    track : str
        Such as ``blues.00029``.
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    np.ndarray [shape=(n_columns, n_mels)], float32, or None
        dB relative to the clip's maximum, in [-80, 0]; None where the cache lacks the track, as it does jazz.00054.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    rows, stored = _feature_cache(home)
    if track not in rows:
        return None
    means = load_mfcc_means(home)
    if track not in means:
        raise DatasetError(f"The table of GTZAN's features in {home} has no row for {track}; its decibels need one.")
    clip = stored[rows[track]]
    return to_decibels(clip, range_db(clip, means[track]))


def load_clips(split: str, home: Path | None = None) -> Clips:
    """Load the log-mel columns of a split's tracks.

    Parameters
    ----------
    split : str
        As for `read_split`.
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    Clips
        In the order of the list; jazz.00054, of which there are no features, is named in ``missing``.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    home = home or gtzan_home()
    found = {track: load_columns(track, home) for track in read_split(split, home)}
    clips = {track: columns for track, columns in found.items() if columns is not None}
    return Clips(
        tracks=tuple(clips),
        labels=np.array([GENRES.index(track.split(".")[0]) for track in clips], np.int64),
        columns_db=np.stack(list(clips.values())),
        missing=tuple(track for track, columns in found.items() if columns is None),
    )


def first_columns(n_columns: int, *, n_frames: int = N_FRAMES, per_track: int = WINDOWS_PER_TRACK) -> NDArray[np.int64]:
    """Give the first column of each of a clip's windows, which lie evenly from its start to its end.

    Parameters
    ----------
    n_columns : int
        Columns of the clip.
    n_frames : int
        Columns of one window.
    per_track : int
        Windows taken of each clip; ten windows of 3 s tile a clip of 30 s.

    Returns
    -------
    np.ndarray [shape=(per_track,)], int64
        Rising.

    Raises
    ------
    DatasetError
        If the clip is shorter than a window.
    """
    last = n_columns - n_frames
    if last < 0:
        raise DatasetError(f"Clips of {n_columns} columns are shorter than a window of {n_frames}.")
    return np.floor(np.linspace(0, last, per_track)).astype(np.int64)


def cut_windows(
    columns_db: NDArray[np.float32],
    *,
    n_frames: int = N_FRAMES,
    per_track: int = WINDOWS_PER_TRACK,
    floor_db: float = FeatureParams.floor_db,
) -> NDArray[np.float32]:
    """Cut clips into evenly spread windows, each relative to its own maximum.

    Parameters
    ----------
    columns_db : np.ndarray [shape=(n_tracks, n_columns, n_mels)], float32
        Log-mel columns in dB.
    n_frames : int
        Columns of one window.
    per_track : int
        Windows taken of each clip; ten windows of 3 s tile a clip of 30 s.
    floor_db : float
        Lowest level kept, in dB.

    Returns
    -------
    np.ndarray [shape=(n_tracks, per_track, n_frames, n_mels)], float32
        dB in [floor_db, 0].

    Raises
    ------
    DatasetError
        If the clips are shorter than a window.
    """
    starts = first_columns(columns_db.shape[1], n_frames=n_frames, per_track=per_track)
    windows = np.stack([columns_db[:, start : start + n_frames] for start in starts], axis=1)
    return np.asarray(np.maximum(windows - windows.max(axis=(2, 3), keepdims=True), np.float32(floor_db)))
