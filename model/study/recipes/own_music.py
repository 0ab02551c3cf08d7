"""A recipe on a folder of your own music, ``genre/track.wav``: any genres, any names.

The tracks are divided by chance, genre by genre; features are kept by content. A recipe that takes its features from a
table of descriptors gets one made of the sound.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.posteriors import product_rule
from model.study.datasets.described import describe_file, describe_folder
from model.study.datasets.division import divide_by_genre
from model.study.datasets.folders import CACHE_FOLDER
from model.study.datasets.gtzan import Clips
from model.study.datasets.sets import from_folder
from model.study.evaluation.metrics import confusion_counts, metrics_of
from model.study.evaluation.report import by_genre
from model.study.recipes.base import Examples, FeatureTable, FitOptions, Recipe, Windows

MOST_VALID: Final = 0.5


@dataclass(frozen=True, eq=False)
class OwnMusic:
    """A folder's tracks, divided.

    Attributes
    ----------
    train, valid : Examples
        To learn from, and to stop early and report on.
    described : dict
        For a card.
    failures : dict of str to str
        Files that could not be read, and why.
    """

    train: Examples
    valid: Examples
    described: dict[str, Any]
    failures: dict[str, str]


@dataclass(frozen=True, eq=False)
class OwnFit:
    """A recipe fitted to one's own music.

    Attributes
    ----------
    fitted : Any
        What the recipe's `fit` returned.
    report : dict
        Figures on the valid tracks, as `model.study.evaluation.plots` draws them.
    """

    fitted: Any
    report: dict[str, Any]


def load_own_music(
    recipe: Recipe,
    folder: Path,
    *,
    seed: int = 0,
    valid_share: float = 0.2,
    cache_folder: Path = CACHE_FOLDER,
    n_workers: int | None = None,
    progress: bool = True,
) -> OwnMusic:
    """Read a folder of genres as a recipe needs it.

    Parameters
    ----------
    recipe : Recipe
        What is to be fitted.
    folder : Path
        Holds ``genre/track.wav``.
    seed : int
        Of the division.
    valid_share : float
        Share of each genre's tracks to report on; above 0, at most a half.
    cache_folder : Path
        Where features are kept.
    n_workers : int, optional
        Processes; one a core by default.
    progress : bool
        Show a progress bar.

    Returns
    -------
    OwnMusic
        Both parts.

    Raises
    ------
    DatasetError
        If the folder is not usable, a genre has fewer than two usable tracks, or the share is out of range.
    """
    if not 0 < valid_share <= MOST_VALID:
        raise DatasetError(f"A share of {valid_share} for valid cannot be; use one above 0, at most {MOST_VALID}.")
    if recipe.about.table_columns:
        return _described(recipe, folder, seed, valid_share, cache_folder, n_workers, progress)
    data = from_folder(
        folder, seed=seed, valid_share=valid_share, cache_folder=cache_folder, n_workers=n_workers, progress=progress
    )
    return OwnMusic(Examples(data.train, data.genres), Examples(data.valid, data.genres), data.described, data.failures)


def fit_own_music(recipe: Recipe, music: OwnMusic, options: FitOptions) -> OwnFit:
    """Fit a recipe and report on the valid tracks.

    Parameters
    ----------
    recipe : Recipe
        What to fit.
    music : OwnMusic
        From `load_own_music`.
    options : FitOptions
        Seed and so on.

    Returns
    -------
    OwnFit
        The fit, and figures; they flatter where the fit stopped early on the same tracks.
    """
    train, valid = (_windows(recipe, part) for part in (music.train, music.valid))
    model = recipe.build(train.values.shape[1:], len(music.train.genres), seed=options.seed)
    fitted = recipe.fit(model, train, valid, options)
    flat = recipe.predict(fitted, valid.values)
    clips = music.valid.clips
    posteriors = flat.reshape(len(clips.tracks), -1, flat.shape[1])
    return OwnFit(fitted, _report(recipe, music, posteriors, options.seed))


def fingerprint(recipe: Recipe, music: OwnMusic, options: FitOptions) -> str:
    """Identify a fit by 16 hexadecimal digits, so that it is not repeated.

    Parameters
    ----------
    recipe : Recipe
        What would be fitted.
    music : OwnMusic
        To what.
    options : FitOptions
        With which seed.
    """
    digest = hashlib.sha256(f"{recipe.about.name} {options.seed} {options.quick} {music.train.genres}".encode())
    for part in (music.train, music.valid):
        digest.update(part.clips.labels.tobytes())
        digest.update(part.clips.columns_db.tobytes())
        if part.table is not None:
            digest.update(part.table.values.tobytes())
    return digest.hexdigest()[:16]


def classify_described(recipe: Recipe, fitted: Any, path: Path) -> NDArray[np.float64]:
    """Score an unlabelled file with a recipe that takes descriptors.

    Parameters
    ----------
    recipe : Recipe
        One that has ``about.table_columns``.
    fitted : Any
        What its `fit` returned.
    path : Path
        The audio file.

    Returns
    -------
    np.ndarray [shape=(n_genres,)], float64
        Posteriors.

    Raises
    ------
    AudioError
        If the file cannot be used.
    """
    names = recipe.about.table_columns
    row = describe_file(path, names=names)
    examples = Examples(_no_columns((path.name,), np.zeros(1, np.int64)), (), FeatureTable(names, row[np.newaxis]))
    values = recipe.features(examples)
    return product_rule(recipe.predict(fitted, values[0]))


def _described(
    recipe: Recipe,
    folder: Path,
    seed: int,
    valid_share: float,
    cache_folder: Path,
    n_workers: int | None,
    progress: bool,
) -> OwnMusic:
    """Make the table of descriptors, and divide its tracks."""
    found = describe_folder(
        folder, names=recipe.about.table_columns, cache_folder=cache_folder, n_workers=n_workers, progress=progress
    )
    train, valid = divide_by_genre(
        found.genres, found.files, range(len(found.files)), seed=seed, valid_share=valid_share
    )

    def part(rows: list[int]) -> Examples:
        tracks = tuple(f"{found.files[row].genre}/{found.files[row].path.name}" for row in rows)
        table = FeatureTable(found.names, found.values[rows])
        return Examples(_no_columns(tracks, found.labels[rows]), found.genres, table)

    described = {
        "source": f"audio files in {folder.name}",
        "split": f"by chance within each genre, {valid_share:.0%} of tracks to valid; artists unknown",
        "trained_on": "train",
        "n_tracks": len(train),
        "n_valid_tracks": len(valid),
        "unreadable": len(found.failures),
    }
    return OwnMusic(part(train), part(valid), described, found.failures)


def _no_columns(tracks: tuple[str, ...], labels: NDArray[np.int64]) -> Clips:
    """Name tracks without their log-mel."""
    return Clips(tracks, labels, np.zeros((len(tracks), 0, 0), np.float32))


def _windows(recipe: Recipe, examples: Examples) -> Windows:
    values = recipe.features(examples)
    labels = np.repeat(examples.clips.labels, values.shape[1])
    return Windows(values.reshape(-1, *values.shape[2:]), labels, examples.clips)


def _report(recipe: Recipe, music: OwnMusic, posteriors: NDArray[np.float32], seed: int) -> dict[str, Any]:
    genres, labels = music.valid.genres, music.valid.clips.labels
    windows, window_labels = posteriors.reshape(-1, len(genres)), np.repeat(labels, posteriors.shape[1])
    tracks = product_rule(posteriors)
    counts = confusion_counts(tracks.argmax(axis=1), labels, len(genres))
    kept = ("track_accuracy", "window_accuracy", "window_log_loss", "n_tracks", "n_windows")
    measured = metrics_of(posteriors, labels, genres)
    return {
        "recipe": recipe.about.name,
        "title": recipe.about.title,
        "data": music.described,
        "seed": seed,
        "genres": list(genres),
        "figures": {name: measured[name] for name in kept},
        "confusion": {"tracks": counts.tolist()},
        "by_genre": by_genre(genres, counts, (tracks, labels), (windows, window_labels)),
        "failures": music.failures,
    }
