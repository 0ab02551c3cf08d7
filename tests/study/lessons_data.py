"""Small made music with opinions, laid out as the real files are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.genres import GENRES
from model.study.datasets.music import TAGGER_SECONDS_APART, YAMNET_SECONDS_APART, OtherMusic
from model.study.datasets.opinions import Opinions

TAGS = ("loud", "slow", "sung")


def sure_of(labels: np.ndarray, n_windows: int) -> np.ndarray:
    """Posteriors of ten genres that are 0.91 for the given one."""
    sharp = np.eye(len(GENRES))[labels] * 0.9 + 0.01
    return np.repeat(sharp[:, None], n_windows, axis=1).astype(np.float16)


def tags_of(labels: np.ndarray, n_windows: int, seed: int) -> np.ndarray:
    """Tag probabilities that tell even genres from odd ones."""
    random = np.random.default_rng(seed)
    loud = np.where(labels % 2 == 0, 0.9, 0.1)[:, None, None]
    return np.clip(loud + random.normal(0, 0.02, (len(labels), n_windows, len(TAGS))), 0, 1).astype(np.float16)


def other_music(n: int, *, seed: int = 0) -> OtherMusic:
    """Clips of genres 0, 1, 0, 1 and so on; every fourth lacks treble, every other has a weak label."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    tracks = tuple(f"music.{row}" for row in range(n))
    return OtherMusic(
        tracks,
        random.integers(0, 256, (n, 60, 128), np.uint8),
        np.full(n, 60, np.float32),
        np.arange(n) % 4 == 0,
        np.where(np.arange(n) % 4 < 2, labels, -1),
        Opinions(tracks, TAGS, tags_of(labels, 5, seed), TAGGER_SECONDS_APART),
        Opinions(tracks, GENRES, sure_of(labels, 5), YAMNET_SECONDS_APART),
        Opinions(tracks, ("one", "two"), random.normal(size=(n, 5, 2)), YAMNET_SECONDS_APART),
    )


def write_music(folder: Path, artists: list[str], genres: list[str], lists: list[str]) -> None:
    """Write two files of other music, half of the clips in each."""
    n = len(artists)
    random = np.random.default_rng(0)
    labels = np.array([GENRES.index(genre) if genre else 0 for genre in genres])
    whole = {
        "track": np.array([f"music.{row}" for row in range(n)]),
        "artist": np.array(artists),
        "weak_genre": np.array(genres),
        "gtzan_artist": np.array(lists),
        "span_db": np.full(n, 70, np.float32),
        "lacks_treble": np.zeros(n, bool),
        "logmel": random.integers(0, 256, (n, 128, 50), np.uint8),
        "taggram": tags_of(labels, 4, 0),
        "yamnet_genres": sure_of(labels, 4),
        "yamnet_genres_train": sure_of((labels + 1) % 10, 4),
        "yamnet_embedding": random.normal(size=(n, 4, 6)).astype(np.float16),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(np.array_split(np.arange(n), 2), 1):
        np.savez(folder / f"music_{number}.npz", **{name: values[rows] for name, values in whole.items()})
