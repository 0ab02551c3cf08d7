"""The Free Music Archive's data set in its own layout: ``fma_metadata/tracks.csv`` and ``fma_small/000/000002.mp3``.

Source: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: a dataset for music analysis", ISMIR 2017. ``fma_small``
holds 8000 clips of 30 s, 1000 in each of eight genres. The table has a header of two rows (group, then name) and below
it a row that names the index. The data is no part of this project; some of its clips are known to be empty or cut
short; the caller that decodes them reports them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError, ParameterError

SUBSETS: Final = ("small", "medium", "large")
METADATA: Final = Path("fma_metadata") / "tracks.csv"
_NEEDED: Final = {"split": ("set", "split"), "subset": ("set", "subset"), "genre": ("track", "genre_top")}


@dataclass(frozen=True)
class FmaTrack:
    """One clip.

    Attributes
    ----------
    track_id : int
        Its number in the archive.
    genre : str
        Its top genre.
    split : str
        The data set's own division, by artist: ``training``, ``validation`` or ``test``.
    path : Path
        Its MP3.
    """

    track_id: int
    genre: str
    split: str
    path: Path


@dataclass(frozen=True)
class FmaListing:
    """What a folder of FMA holds.

    Attributes
    ----------
    genres : tuple of str
        Sorted.
    tracks : tuple of FmaTrack
        By number; their files are there.
    missing : tuple of Path
        Files that the table lists and the folder lacks.
    """

    genres: tuple[str, ...]
    tracks: tuple[FmaTrack, ...]
    missing: tuple[Path, ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """Index of each track's genre, [shape=(n_tracks,)], int64."""
        return np.array([self.genres.index(track.genre) for track in self.tracks], np.int64)


def clip_path(home: Path, track_id: int, *, subset: str = "small") -> Path:
    """Say where the data set keeps a clip: number 2 of ``small`` is ``fma_small/000/000002.mp3``."""
    name = f"{track_id:06d}"
    return home / f"fma_{subset}" / name[:3] / f"{name}.mp3"


def list_fma(home: Path, *, subset: str = "small") -> FmaListing:
    """List the clips of a subset, by the table and by what is there.

    Parameters
    ----------
    home : Path
        The folder that holds ``fma_metadata`` and ``fma_small``.
    subset : {"small", "medium", "large"}
        Which clips; a larger one includes the smaller in the table, while each has a folder of its own.

    Returns
    -------
    FmaListing
        The clips that have a top genre.

    Raises
    ------
    ParameterError
        If the subset is unknown.
    DatasetError
        If table or folder are missing or laid out otherwise, or clips of fewer than two genres are there.
    """
    if subset not in SUBSETS:
        raise ParameterError(f"There is no subset {subset!r}; use one of {', '.join(SUBSETS)}.")
    folder = home / f"fma_{subset}"
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder; name the one that holds {folder.name} and {METADATA.parent}.")
    included = SUBSETS[: SUBSETS.index(subset) + 1]
    listed = sorted(
        (
            FmaTrack(track_id, row["genre"], row["split"], clip_path(home, track_id, subset=subset))
            for track_id, row in _rows(home / METADATA)
            if row["subset"] in included and row["genre"]
        ),
        key=lambda track: track.track_id,
    )
    there = tuple(track for track in listed if track.path.is_file())
    genres = tuple(sorted({track.genre for track in there}))
    if len(genres) < 2:
        raise DatasetError(
            f"{folder} holds clips of {len(genres)} genre(s), {len(there)} of the {len(listed)} that the table lists; "
            "at least 2 genres are needed. Unpack the archive there."
        )
    return FmaListing(genres, there, tuple(track.path for track in listed if not track.path.is_file()))


def divide_70_30(labels: NDArray[np.int64], *, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide tracks by chance, 70 % to learn from and 30 % to report on, genre by genre.

    An artist's tracks may lie on both sides; `FmaTrack.split` is the data set's own division, which keeps them apart.

    Parameters
    ----------
    labels : np.ndarray [shape=(n_tracks,)], int64
        Genres.
    seed : int
        Of the division.

    Returns
    -------
    train, test : np.ndarray [shape=(n,)], int64
        Rows, in order; every row is in one of them.

    Raises
    ------
    DatasetError
        If a genre has fewer than two tracks.
    """
    random = np.random.default_rng(seed)
    train: list[int] = []
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        if len(rows) < 2:
            raise DatasetError(f"Genre {label} has {len(rows)} track; at least 2 are needed to divide them.")
        train.extend(rows[: min(max(1, round(0.7 * len(rows))), len(rows) - 1)].tolist())
    is_train = np.isin(np.arange(len(labels)), train)
    return np.flatnonzero(is_train), np.flatnonzero(~is_train)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read number, split, subset and genre of each track."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            columns = _columns(path, next(reader, []), next(reader, []))
            for line in reader:
                if line and line[0] != "track_id":
                    yield _track_id(path, line[0]), {key: line[column] for key, column in columns.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path} cannot be read ({error}); unpack fma_metadata.zip there.") from error
    except IndexError as error:
        raise DatasetError(f"{path} has a row that is cut short; unpack fma_metadata.zip again.") from error


def _columns(path: Path, groups: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    header = list(zip(groups, names, strict=False))
    lacking = [" ".join(title) for title in _NEEDED.values() if title not in header]
    if lacking:
        counts = Counter(group for group in groups if group)
        raise DatasetError(
            f"{path} has no column {lacking[0]!r} in its header of two rows (groups found: "
            f"{', '.join(sorted(counts)) or 'none'}); use the tracks.csv of fma_metadata.zip."
        )
    return {key: header.index(title) for key, title in _NEEDED.items()}


def _track_id(path: Path, text: str) -> int:
    if not text.isdecimal():
        raise DatasetError(f"{path} has a row that begins with {text!r}, no track's number; unpack it again.")
    return int(text)
