"""Music that is not GTZAN, with the opinions of two pretrained networks on each of its windows.

Log-mel columns in the form of GTZAN's cache, a weak genre label for some clips, artists where known, and what MusiCNN
(trained on the Million Song Dataset) and YAMNet (trained on AudioSet) said. The data is never part of the project. It
is found through ``MUSIC_HOME`` or, without it, in the folder ``music`` beside GTZAN's.

Clips of artists of GTZAN's test list are never used. Some of the weakly labelled clips are held out of every fit, with
all other clips of their artists, so that a figure on music that is not GTZAN can be told.
"""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.genres import GENRES
from model.study.datasets.gtzan import Clips, gtzan_home
from model.study.datasets.opinions import Opinions

TAGGER_SECONDS_APART: Final = 0.976
YAMNET_SECONDS_APART: Final = 1.0
_HELD_OUT_PERCENT: Final = 50
_FIELDS: Final = (
    "track",
    "artist",
    "weak_genre",
    "gtzan_artist",
    "span_db",
    "lacks_treble",
    "logmel",
    "taggram",
    "yamnet_genres",
    "yamnet_genres_train",
    "yamnet_embedding",
)
_BETWEEN_NAMES: Final = re.compile(r"\s*(?:[,/;&]|\bfeat\.?\s|\bft\.?\s)\s*", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class OtherMusic:
    """Clips and what their teachers said.

    Attributes
    ----------
    tracks : tuple of str
        Names.
    columns : np.ndarray [shape=(n_clips, n_columns, n_mels)], uint8
        Log-mel columns; 255 is the clip's maximum, 0 lies `span_db` below.
    span_db : np.ndarray [shape=(n_clips,)], float32
        dB from a clip's minimum to its maximum.
    lacks_treble : np.ndarray [shape=(n_clips,)], bool
        Whether the clip comes from a lossy source that cut its treble.
    weak_labels : np.ndarray [shape=(n_clips,)], int64
        Index of the genre its source names, -1 where none.
    tags : Opinions
        MusiCNN's probabilities of 50 tags.
    genres : Opinions
        Posterior of a small head on YAMNet.
    embedding : Opinions
        YAMNet's embedding in whitened dimensions.
    """

    tracks: tuple[str, ...]
    columns: NDArray[np.uint8]
    span_db: NDArray[np.float32]
    lacks_treble: NDArray[np.bool_]
    weak_labels: NDArray[np.int64]
    tags: Opinions
    genres: Opinions
    embedding: Opinions


def music_home() -> Path:
    """Find the folder that holds the other music.

    Returns
    -------
    Path
        ``MUSIC_HOME`` if set, else ``music`` beside GTZAN's folder.

    Raises
    ------
    DatasetError
        If no ``music_1.npz`` is there.
    """
    named = os.environ.get("MUSIC_HOME")
    folder = Path(named) if named else gtzan_home().parent / "music"
    if not (folder / "music_1.npz").is_file():
        raise DatasetError(
            f"No music_1.npz in {folder}; set MUSIC_HOME to the folder that holds it, or train with "
            "--music-per-batch 0 to do without other music."
        )
    return folder


def load_music(tag_names: tuple[str, ...], home: Path | None = None, *, choosing: bool) -> OtherMusic:
    """Load the music to learn from.

    Parameters
    ----------
    tag_names : tuple of str
        Names of the tagger's tags, which GTZAN's folder holds.
    home : Path, optional
        Folder of the music.
    choosing : bool
        True while anything is chosen on GTZAN's valid list: clips of its artists are left out, and the genres are
        those of a head that never saw it.

    Returns
    -------
    OtherMusic
        Without clips of GTZAN's test artists, and without those held out.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    stored = _read(home or music_home())
    keep = ~_of_test_artists(stored) & ~_of_held_artists(stored)
    if choosing:
        keep &= np.array(["valid" not in lists for lists in stored["gtzan_artist"]])
    return _taken(stored, keep, tag_names, "yamnet_genres_train" if choosing else "yamnet_genres")


def load_held_out(tag_names: tuple[str, ...], home: Path | None = None) -> OtherMusic:
    """Load the weakly labelled clips whose artists no fit has heard.

    Parameters
    ----------
    tag_names : tuple of str
        As for `load_music`.
    home : Path, optional
        Folder of the music.

    Returns
    -------
    OtherMusic
        Every clip has a weak label; none of their artists is in a list of GTZAN.

    Raises
    ------
    DatasetError
        If the data is missing or not laid out as expected.
    """
    stored = _read(home or music_home())
    return _taken(stored, _is_held_out(stored), tag_names, "yamnet_genres")


def as_clips(music: OtherMusic) -> Clips:
    """Turn weakly labelled clips into decibels and labels, as GTZAN's lists are; those without a label are left out."""
    rows = np.flatnonzero(music.weak_labels >= 0)
    below = music.columns[rows] / np.float32(255) - np.float32(1)
    columns_db = np.asarray(below * music.span_db[rows][:, None, None], np.float32)
    return Clips(tuple(music.tracks[row] for row in rows), music.weak_labels[rows], columns_db)


@cache
def _read(home: Path) -> dict[str, NDArray[Any]]:
    paths = sorted(home.glob("music_*.npz"))
    if not paths:
        raise DatasetError(f"{home} holds no music_1.npz; copy the music there.")
    parts: list[dict[str, NDArray[Any]]] = []
    for path in paths:
        try:
            with np.load(path) as archive:
                parts.append({name: archive[name] for name in _FIELDS})
        except (OSError, ValueError, KeyError) as error:
            raise DatasetError(f"{path} is no file of the other music ({error}); copy it again.") from error
    whole = {name: np.concatenate([part[name] for part in parts]) for name in _FIELDS}
    unknown = set(whole["weak_genre"].tolist()) - {"", *GENRES}
    if unknown or whole["logmel"].ndim != 3:
        raise DatasetError(
            f"The music in {home} is not laid out as expected (genres {sorted(unknown)}); copy it again."
        )
    return whole


def _names(artist: str) -> list[str]:
    return [name for name in _BETWEEN_NAMES.split(artist.casefold()) if name]


def _of_test_artists(stored: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    return np.array(["test" in lists for lists in stored["gtzan_artist"]])


def _is_held_out(stored: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Half of the artists, drawn by a checksum of the first name, so that the choice depends on nothing else."""
    return np.array(
        [
            bool(genre and not lists and names) and zlib.crc32(names[0].encode()) % 100 < _HELD_OUT_PERCENT
            for genre, lists, names in zip(
                stored["weak_genre"], stored["gtzan_artist"], map(_names, stored["artist"]), strict=True
            )
        ]
    )


def _of_held_artists(stored: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    every = [_names(artist) for artist in stored["artist"]]
    held = {name for names, out in zip(every, _is_held_out(stored), strict=True) if out for name in names}
    return np.array([not held.isdisjoint(names) for names in every])


def _taken(
    stored: dict[str, NDArray[Any]], keep: NDArray[np.bool_], tag_names: tuple[str, ...], genres_field: str
) -> OtherMusic:
    tracks = tuple(str(track) for track in stored["track"][keep])
    embedding = stored["yamnet_embedding"][keep]
    dimensions = tuple(f"dimension {number}" for number in range(embedding.shape[-1]))
    return OtherMusic(
        tracks,
        np.ascontiguousarray(stored["logmel"][keep].transpose(0, 2, 1)),
        stored["span_db"][keep].astype(np.float32),
        stored["lacks_treble"][keep].astype(bool),
        np.array([GENRES.index(genre) if genre else -1 for genre in stored["weak_genre"][keep]], np.int64),
        Opinions(tracks, tag_names, stored["taggram"][keep], TAGGER_SECONDS_APART),
        Opinions(tracks, GENRES, stored[genres_field][keep], YAMNET_SECONDS_APART),
        Opinions(tracks, dimensions, embedding, YAMNET_SECONDS_APART),
    )
