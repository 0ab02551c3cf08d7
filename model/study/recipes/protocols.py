"""The two ways a recipe is measured.

``honest``: the published fault-filtered lists. It learns from train, stops early on valid, is reported on test; no
artist's mastering that it learnt from helps it more than music of others can. A track is decided by the mean log
posterior of its windows.

``leaking``: windows of all tracks, divided by chance 80/10/10, as most published figures were measured. Windows of one
track lie on both sides (and for recipes that take a whole track, other recordings of its artist and its repetitions
do), so the figure says how well a system recognises tracks it has learnt. It is kept only beside such figures.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.study.datasets.gtzan import Clips
from model.study.evaluation.metrics import metrics_of
from model.study.recipes.base import Examples, FitOptions, Recipe, Windows

_SHARES: Final = (0.8, 0.1)  # train, valid; the rest is test
_KEPT: Final = ("track_accuracy", "window_accuracy", "window_log_loss", "n_tracks", "n_windows")
_QUICK_WINDOWS: Final = 64
_TIMED_WINDOWS: Final = 512


@dataclass(frozen=True, eq=False)
class Outcome:
    """One fit and its figures.

    Attributes
    ----------
    fitted : Any
        What `Recipe.fit` returned.
    run : dict
        Figures for the table, ready for JSON.
    """

    fitted: Any
    run: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Division:
    """Windows divided by chance: which go where.

    Attributes
    ----------
    train, valid, test : np.ndarray [shape=(n,)], int64
        Rows of the windows, each in exactly one.
    """

    train: NDArray[np.int64]
    valid: NDArray[np.int64]
    test: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> Division:
        """Read it as a division of some rows."""
        return Division(rows[self.train], rows[self.valid], rows[self.test])


def draw(n: int, most: int | None, *, seed: int) -> NDArray[np.int64]:
    """Draw at most so many of n windows by chance; all of them, in order, where that is no fewer."""
    if most is None or most >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).permutation(n)[:most])


def divide_by_chance(n: int, *, seed: int) -> Division:
    """Divide windows 80/10/10, whatever track they are of.

    Parameters
    ----------
    n : int
        How many there are.
    seed : int
        Of the division.

    Returns
    -------
    Division
        Every window once.

    Raises
    ------
    ParameterError
        If there are too few for three parts.
    """
    if n < 10:
        raise ParameterError(f"{n} windows cannot be divided 80/10/10; give at least 10.")
    shuffled = np.random.default_rng(seed).permutation(n)
    first, second = int(n * _SHARES[0]), int(n * (_SHARES[0] + _SHARES[1]))
    return Division(shuffled[:first], shuffled[first:second], shuffled[second:])


class HonestProtocol:
    """Fits on the train list and reports on test and valid; features are made once for all seeds.

    Parameters
    ----------
    recipe : Recipe
        What to fit.
    lists : mapping of str to Examples
        Under ``"train"``, ``"valid"`` and ``"test"``; no track is in two of them.

    Raises
    ------
    ParameterError
        If a track is in two lists.
    """

    def __init__(self, recipe: Recipe, lists: Mapping[str, Examples]) -> None:
        names = [track for part in ("train", "valid", "test") for track in lists[part].clips.tracks]
        twice = {track for track in names if names.count(track) > 1}
        if twice:
            raise ParameterError(f"{len(twice)} tracks are in two lists, {min(twice)} among them; divide them again.")
        self._recipe = recipe
        self._lists = lists
        self._values = {part: recipe.features(lists[part]) for part in ("train", "valid", "test")}

    def run(self, options: FitOptions) -> Outcome:
        """Fit once and report.

        Parameters
        ----------
        options : FitOptions
            Seed and so on.

        Returns
        -------
        Outcome
            With figures under ``test`` and ``valid``.
        """
        recipe = self._recipe
        train, valid = (_all_windows(self._values[part], self._lists[part].clips) for part in ("train", "valid"))
        if recipe.about.most_windows and recipe.about.most_windows < len(train.labels):
            train = _rows_of(train, draw(len(train.labels), recipe.about.most_windows, seed=options.seed))
        if options.quick:
            train, valid = _some(train), _some(valid)
        began = time.monotonic()
        model = recipe.build(train.values.shape[1:], len(self._lists["train"].genres), seed=options.seed)
        fitted = recipe.fit(model, train, valid, options)
        seconds = time.monotonic() - began
        run = {
            "seed": options.seed,
            **{part: self._figures(fitted, part) for part in ("test", "valid")},
            "n_train": len(train.labels),
            "n_parameters": recipe.count_parameters(fitted),
            "windows_per_second": measure_speed(recipe, fitted, valid.values),
            "seconds": round(seconds, 1),
        }
        return Outcome(fitted, run)

    def _figures(self, fitted: Any, part: str) -> dict[str, Any]:
        values, examples = self._values[part], self._lists[part]
        flat = self._recipe.predict(fitted, values.reshape(-1, *values.shape[2:]))
        return table_metrics(flat.reshape(*values.shape[:2], -1), examples)


class LeakingProtocol:
    """Fits on windows drawn by chance and reports on others of the same tracks; features are made once for all splits.

    Parameters
    ----------
    recipe : Recipe
        What to fit.
    examples : Examples
        Every track.
    """

    def __init__(self, recipe: Recipe, examples: Examples) -> None:
        self._recipe = recipe
        self._clips = examples.clips
        self._n_genres = len(examples.genres)
        values = recipe.features(examples)
        self._track_of = np.repeat(np.arange(len(values)), values.shape[1])
        self._labels = examples.clips.labels[self._track_of]
        self._values = values.reshape(-1, *values.shape[2:])
        self._unit = "windows" if values.shape[1] > 1 else "tracks"

    def run(self, options: FitOptions) -> Outcome:
        """Divide, fit and report.

        Parameters
        ----------
        options : FitOptions
            Its seed also divides the windows.

        Returns
        -------
        Outcome
            With ``accuracy``, in which ``unit`` it counts, and ``heard``: the share of test windows whose track was
            also learnt from.
        """
        recipe = self._recipe
        drawn = draw(len(self._labels), recipe.about.most_windows, seed=options.seed)
        division = divide_by_chance(len(drawn), seed=options.seed).of(drawn)
        train, valid = (Windows(self._values[rows], self._labels[rows]) for rows in (division.train, division.valid))
        train = replace(train, stretches=recipe.stretches(self._clips, division.train))
        if options.quick:
            train, valid = _some(train), _some(valid)
        began = time.monotonic()
        model = recipe.build(train.values.shape[1:], self._n_genres, seed=options.seed)
        fitted = recipe.fit(model, train, valid, options)
        seconds = time.monotonic() - began
        decided = recipe.predict(fitted, self._values[division.test]).argmax(axis=1)
        heard = np.isin(self._track_of[division.test], self._track_of[division.train])
        run = {
            "seed": options.seed,
            "accuracy": float((decided == self._labels[division.test]).mean()),
            "unit": self._unit,
            "heard": float(heard.mean()),
            "n_train": len(train.labels),
            "n_test": len(division.test),
            "n_parameters": recipe.count_parameters(fitted),
            "windows_per_second": measure_speed(recipe, fitted, valid.values),
            "seconds": round(seconds, 1),
        }
        return Outcome(fitted, run)


def table_metrics(posteriors: NDArray[np.float32], examples: Examples) -> dict[str, Any]:
    """Pick the metrics of a list that the table shows.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Window posteriors.
    examples : Examples
        The tracks.

    Returns
    -------
    dict
        Shares between 0 and 1, and counts.
    """
    found = metrics_of(posteriors, examples.clips.labels, examples.genres)
    return {key: found[key] for key in _KEPT}


def measure_speed(recipe: Recipe, fitted: Any, values: NDArray[np.floating[Any]]) -> float:
    """Time how many windows a second a fitted recipe scores, its features being there already.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    fitted : Any
        What its `fit` returned.
    values : np.ndarray [shape=(n_windows, *shape)], float
        Features; at most 512 windows are scored.

    Returns
    -------
    float
        Windows a second, in batches, on this machine.
    """
    some = values[:_TIMED_WINDOWS]
    recipe.predict(fitted, some)  # the first call of a network compiles it
    began = time.perf_counter()
    recipe.predict(fitted, some)
    return round(len(some) / (time.perf_counter() - began), 1)


def _all_windows(values: NDArray[np.floating[Any]], clips: Clips) -> Windows:
    return Windows(values.reshape(-1, *values.shape[2:]), np.repeat(clips.labels, values.shape[1]), clips)


def _some(windows: Windows) -> Windows:
    """Keep few windows, of every genre."""
    rows = np.unique(np.linspace(0, len(windows.labels) - 1, _QUICK_WINDOWS).astype(int))
    return _rows_of(windows, rows)


def _rows_of(windows: Windows, rows: NDArray[np.int64]) -> Windows:
    return replace(windows, values=windows.values[rows], labels=windows.labels[rows])
