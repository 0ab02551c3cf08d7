"""The honest figures of a checkpoint that exists already, so that nothing has to be fitted again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from model.classifier import Classifier
from model.errors import CheckpointError
from model.study.datasets.gtzan import cut_windows
from model.study.recipes.base import Examples, Recipe
from model.study.recipes.protocols import table_metrics


def measure_checkpoint(recipe: Recipe, classifier: Classifier, lists: Mapping[str, Examples]) -> dict[str, Any]:
    """Score the lists with a checkpoint as it is served.

    Parameters
    ----------
    recipe : Recipe
        What it is a checkpoint of.
    classifier : Classifier
        The checkpoint.
    lists : mapping of str to Examples
        Under ``"train"``, ``"valid"`` and ``"test"``.

    Returns
    -------
    dict
        A run for the table. ``valid`` is what the card says of it, or None, where the weights learnt from that list.

    Raises
    ------
    CheckpointError
        If it names other genres.
    """
    card = classifier.card
    if card.genres != lists["test"].genres:
        raise CheckpointError(f"{card.name} names the genres {card.genres}; the lists are of {lists['test'].genres}.")
    found: dict[str, Any] = {}
    began = time.perf_counter()
    n_windows = 0
    learnt_from = card.data.get("trained_on", "train")
    learnt_from_valid = learnt_from != "train"
    for part in ("test",) if learnt_from_valid else ("test", "valid"):
        examples = lists[part]
        windows = cut_windows(
            examples.clips.columns_db,
            n_frames=card.params.input_shape[0],
            per_track=recipe.about.windows_per_track,
        )
        flat = classifier.posteriors(windows.reshape(-1, *windows.shape[2:]))
        found[part] = table_metrics(flat.reshape(*windows.shape[:2], -1), examples)
        n_windows += len(flat)
    seconds = time.perf_counter() - began
    return {
        "seed": card.training.get("seed"),
        "test": found["test"],
        "valid": found.get("valid") or _in_the_form_of(card.figures.get("valid"), found["test"]),
        "n_train": card.data.get("n_tracks", 0) * recipe.about.windows_per_track,
        "n_parameters": card.n_parameters,
        "windows_per_second": round(n_windows / seconds, 1),
        "seconds": round(seconds, 1),
        "checkpoint": {"name": card.name, "version": card.version, "hash": card.short_hash},
        "learnt_from": learnt_from,
    }


def _in_the_form_of(figures: Mapping[str, Any] | None, like: Mapping[str, Any]) -> dict[str, Any] | None:
    """Take the card's valid figures, which a twin that never saw valid gave."""
    return None if figures is None else {key: figures[key] for key in like}
