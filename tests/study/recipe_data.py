"""Small made-up tracks for the tests of the recipes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.study.datasets.gtzan import Clips
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FeatureTable, FitOptions, Recipe, Windows


def tracks(n: int, *, seed: int, n_genres: int = 2, n_columns: int = 80) -> Examples:
    """Tracks of genres that differ in which bands are loud."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % n_genres
    columns = random.uniform(-80, -40, (n, n_columns, 128)).astype(np.float32)
    for row, label in enumerate(labels):
        columns[row, :, 10 * label : 10 * label + 10] += 40
    clips = Clips(tuple(f"genre{label}.{seed}.{row:05}" for row, label in enumerate(labels)), labels, columns)
    names = ("rms_mean", "tempo")
    return Examples(clips, tuple(f"genre{g}" for g in range(n_genres)), FeatureTable(names, random.normal(size=(n, 2))))


def lists(**options: int) -> dict[str, Examples]:
    """Three lists without a track in common."""
    return {part: tracks(n, seed=seed, **options) for seed, (part, n) in enumerate(SIZES.items())}


SIZES = {"train": 20, "valid": 20, "test": 20}


class Memory(Recipe):
    """Knows each track it has heard by heart, and nothing of genres."""

    about = About("memory", "Memory", "the tests", Claim(1.0, "windows it has heard"), 3.0, 5, ("None.",))

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Give every window of a track the same fingerprint, which says nothing of its genre."""
        prints = [np.random.default_rng(list(track.encode())).normal(size=8) for track in examples.clips.tracks]
        return np.repeat(np.array(prints, np.float32)[:, None], self.about.windows_per_track, axis=1)

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> int:
        return n_genres

    def fit(self, model: int, train: Windows, valid: Windows, options: FitOptions) -> tuple[int, Windows]:
        return model, train

    def predict(self, fitted: tuple[int, Windows], values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        n_genres, known = fitted
        distance = np.square(values[:, None] - known.values[None]).sum(axis=-1)
        nearest = np.eye(n_genres, dtype=np.float32)[known.labels[distance.argmin(axis=1)]]
        return np.asarray(nearest * 0.9 + 0.1 / n_genres, np.float32)

    def count_parameters(self, fitted: tuple[int, Windows]) -> int:
        return int(fitted[1].values.size)


RECIPE = Memory()
