"""A scanned library as plain values: which tracks there are, which of them are asked for, and what they come to."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.scan.rows import PROBABILITY, genres_of
from model.scan.store import read_rows

_READ: Final = ("revision", "duration_seconds", "state", "genre", "second_genre", "error")
_MUSIC: Final = "music"


@dataclass(frozen=True)
class ScannedTrack:
    """A track of the library.

    Attributes
    ----------
    path : str
        Its file.
    revision : str or None
        The storage's word for its content when it was scanned.
    duration_seconds : float or None
        Its length; None where it could not be heard, as the next two.
    state, genre : str or None
        What was heard; a genre only where the state is music.
    second_genre : str or None
        The second most probable one.
    probability, second_probability : float
        Of the most probable genre, whatever the state, and of the second.
    error : str or None
        Why it could not be heard.
    """

    path: str
    revision: str | None
    duration_seconds: float | None
    state: str | None
    genre: str | None
    second_genre: str | None
    probability: float
    second_probability: float
    error: str | None

    @property
    def margin(self) -> float:
        """How far the most probable genre is ahead of the second."""
        return self.probability - self.second_probability


@dataclass(frozen=True)
class Filter:
    """Which tracks are asked for; each part that is given must hold.

    Attributes
    ----------
    genres : tuple of str
        One of these genres.
    state : str, optional
        This state; ``error`` for what could not be heard.
    least, most : float
        The probability of the most probable genre lies between these.
    path : str, optional
        A pattern that the whole path fits, with ``*`` and ``?``.
    """

    genres: tuple[str, ...] = ()
    state: str | None = None
    least: float = 0.0
    most: float = 1.0
    path: str | None = None

    def takes(self, track: ScannedTrack) -> bool:
        """Tell whether a track is asked for."""
        return (
            (not self.genres or track.genre in self.genres)
            and (self.state is None or self.state == (track.state or "error"))
            and (track.error is not None or self.least <= track.probability <= self.most)
            and (self.path is None or fnmatchcase(track.path, self.path))
        )


def read_library(folder: Path) -> tuple[tuple[str, ...], list[ScannedTrack]]:
    """Read a table of tracks.

    Parameters
    ----------
    folder : Path
        What ``scan`` wrote.

    Returns
    -------
    tuple
        The model's genres, and the tracks in the order of their paths.

    Raises
    ------
    ParameterError
        If there is no such table.
    """
    table = read_rows(folder, _READ)
    genres = genres_of(table.schema)
    ranked = np.sort(_probabilities(table, genres), axis=1)[:, ::-1]
    seconds = ranked[:, 1] if len(genres) > 1 else np.zeros(len(table))
    columns = {name: table.column(name).to_pylist() for name in ("path", *_READ)}
    columns |= {"probability": ranked[:, 0].tolist(), "second_probability": seconds.tolist()}
    tracks = [ScannedTrack(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    return genres, sorted(tracks, key=lambda track: track.path)


def _probabilities(table: pa.Table, genres: Sequence[str]) -> NDArray[np.float64]:
    """Stack the probabilities, shape (n_tracks, n_genres); zeros where nothing was heard."""
    columns = [table.column(PROBABILITY + genre).fill_null(0.0).to_numpy() for genre in genres]
    return np.stack(columns, axis=1).astype(np.float64)


@dataclass(frozen=True)
class Overview:
    """What some tracks come to.

    Attributes
    ----------
    n_tracks : int
        All of them.
    hours : float
        Of what could be heard.
    states : dict
        Tracks by state; ``error`` for what could not be heard.
    genres : dict
        Tracks by genre, where the state is music; every genre of the model, the most frequent first.
    folders : dict
        Genres by folder, the largest folders first; under None, what is not music in it.
    surest, divided : list of ScannedTrack
        The music whose genre is most probable, and whose two most probable genres are closest.
    errors : list of ScannedTrack
        What could not be heard.
    """

    n_tracks: int
    hours: float
    states: dict[str, int]
    genres: dict[str, int]
    folders: dict[str, Counter[str | None]]
    surest: list[ScannedTrack]
    divided: list[ScannedTrack]
    errors: list[ScannedTrack]

    @property
    def unsure_share(self) -> float:
        """Share of what holds sound that no genre stands out in; 0 where nothing holds sound."""
        n_unsure = self.states.get("unsure", 0)
        return n_unsure / max(1, n_unsure + self.states.get(_MUSIC, 0))


def overview_of(genres: Sequence[str], tracks: Sequence[ScannedTrack], *, n_named: int = 8) -> Overview:
    """Sum up some tracks.

    Parameters
    ----------
    genres : sequence of str
        The model's.
    tracks : sequence of ScannedTrack
        The tracks.
    n_named : int
        How many of the surest, of the most divided and of the errors to name.

    Returns
    -------
    Overview
        What they come to.
    """
    music = [track for track in tracks if track.genre is not None]
    counted = Counter(track.genre for track in music)
    folders: dict[str, Counter[str | None]] = {}
    for track, folder in zip(tracks, folders_of([track.path for track in tracks]), strict=True):
        folders.setdefault(folder, Counter())[track.genre] += 1
    return Overview(
        n_tracks=len(tracks),
        hours=sum(track.duration_seconds or 0 for track in tracks) / 3600,
        states=dict(Counter(track.state or "error" for track in tracks)),
        genres={genre: counted[genre] for genre in sorted(genres, key=lambda genre: -counted[genre])},
        folders=dict(sorted(folders.items(), key=lambda item: -item[1].total())),
        surest=sorted(music, key=lambda track: -track.probability)[:n_named],
        divided=sorted(music, key=lambda track: track.margin)[:n_named],
        errors=[track for track in tracks if track.error is not None][:n_named],
    )


def folders_of(paths: Sequence[str]) -> list[str]:
    """Name the folder of each path just below the one that holds them all; that one is ``.``.

    Examples
    --------
    >>> folders_of(["/music/abba/gold/1.mp3", "/music/abba/2.mp3", "/music/bach/3.mp3", "/music/4.mp3"])
    ['abba', 'abba', 'bach', '.']
    """
    parents = [PurePosixPath(path.replace(os.sep, "/")).parent.parts for path in paths]
    n_common = sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, zip(*parents, strict=False)))
    return [parts[n_common] if len(parts) > n_common else "." for parts in parents]
