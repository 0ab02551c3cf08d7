"""What two pretrained networks said of GTZAN's own tracks: MusiCNN's tags, YAMNet's genres and embedding.

MusiCNN was trained on the Million Song Dataset, YAMNet on AudioSet. Of the valid list's tracks opinions are read only
once everything has been chosen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.genres import GENRES
from model.study.datasets.gtzan import gtzan_home
from model.study.datasets.music import TAGGER_SECONDS_APART, YAMNET_SECONDS_APART
from model.study.datasets.opinions import Opinions, joined_opinions


def load_tag_opinions(home: Path | None = None, *, with_valid: bool = False) -> Opinions:
    """Load MusiCNN's tags on the train tracks, and on those of the valid tracks whose audio is there.

    Parameters
    ----------
    home : Path, optional
        GTZAN's folder.
    with_valid : bool
        Whether to load those of the valid tracks too.

    Raises
    ------
    DatasetError
        If a file is missing or no such file.
    """
    home = home or gtzan_home()

    def read(name: str) -> Opinions:
        stored = _read(home / name, ("track", "tag", "taggram"))
        names = tuple(str(tag) for tag in stored["tag"])
        return Opinions(_tracks(stored), names, stored["taggram"], TAGGER_SECONDS_APART)

    train = read("teacher_taggram_train.npz")
    return joined_opinions(train, read("teacher_musicnn_valid.npz")) if with_valid else train


def load_yamnet_opinions(home: Path | None = None, *, with_valid: bool = False) -> tuple[Opinions, Opinions]:
    """Load YAMNet's opinions on the tracks whose audio is there.

    Parameters
    ----------
    home : Path, optional
        GTZAN's folder.
    with_valid : bool
        Whether to load those of the valid tracks too.

    Returns
    -------
    genres : Opinions
        Posterior of a small head, fitted without the track itself.
    embedding : Opinions
        YAMNet's embedding in whitened dimensions.

    Raises
    ------
    DatasetError
        If a file is missing or no such file.
    """
    home = home or gtzan_home()

    def read(name: str) -> tuple[Opinions, Opinions]:
        stored = _read(home / name, ("track", "genre", "yamnet_genres", "yamnet_embedding"))
        if tuple(map(str, stored["genre"])) != GENRES:
            raise DatasetError(f"The genres of {home / name} are {list(stored['genre'])}; expected {list(GENRES)}.")
        embedding = stored["yamnet_embedding"]
        dimensions = tuple(f"dimension {number}" for number in range(embedding.shape[-1]))
        tracks = _tracks(stored)
        return (
            Opinions(tracks, GENRES, stored["yamnet_genres"], YAMNET_SECONDS_APART),
            Opinions(tracks, dimensions, embedding, YAMNET_SECONDS_APART),
        )

    genres, embedding = read("teacher_yamnet_train.npz")
    if with_valid:
        more_genres, more_embedding = read("teacher_yamnet_valid.npz")
        genres, embedding = joined_opinions(genres, more_genres), joined_opinions(embedding, more_embedding)
    return genres, embedding


def _tracks(stored: dict[str, NDArray[Any]]) -> tuple[str, ...]:
    return tuple(str(track) for track in stored["track"])


def _read(path: Path, fields: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    if not path.is_file():
        raise DatasetError(
            f"No {path.name} in {path.parent}; train with --tag-weight 0 --music-per-batch 0 to do without teachers."
        )
    try:
        with np.load(path) as archive:
            return {name: archive[name] for name in fields}
    except (OSError, ValueError, KeyError) as error:
        raise DatasetError(f"{path} is no file of a teacher's opinions ({error}); copy it again.") from error
