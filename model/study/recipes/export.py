"""From a fitted recipe to a checkpoint like the shipped one, which the page, the service and the command line can load.

Everything between the window's log-mel and the posterior is inside the network, so nothing of the recipe is needed to
score with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.checkpoint import Card
from model.errors import TrainingError
from model.params import ModelParams
from model.study.datasets.gtzan import cut_windows
from model.study.recipes.base import Examples, Recipe
from model.study.training.export import LabelledWindows, Provenance, export_checkpoint

if TYPE_CHECKING:
    import keras


def export_recipe(
    recipe: Recipe,
    fitted: Any,
    folder: Path,
    lists: Mapping[str, Examples],
    *,
    version: str,
    training: Mapping[str, Any],
    described: Mapping[str, Any] | None = None,
) -> Card:
    """Write a fitted recipe as a checkpoint.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    fitted : Any
        What its `fit` returned under the honest protocol.
    folder : Path
        Where to write.
    lists : mapping of str to Examples
        Under ``"train"``, ``"valid"`` and ``"test"``: valid gives temperature and rule of `unsure`, test the figures;
        without a test list the card states those of valid.
    version : str
        For the card.
    training : mapping
        For the card: seed, command and so on.
    described : mapping, optional
        For the card: what it learnt from; GTZAN's lists by default.

    Returns
    -------
    Card
        The card written.

    Raises
    ------
    TrainingError
        If the recipe's features cannot be computed inside a network, or the exported files disagree.
    """
    network = recipe.to_network(fitted)
    if network is None:
        raise TrainingError(
            f"{recipe.about.title} cannot be exported: its features cannot be computed inside a network. "
            "Leave out --export."
        )
    about = recipe.about
    return export_checkpoint(
        _without_optimizer(network.model),
        folder,
        Provenance(
            about.name,
            version,
            lists["train"].genres,
            described or _gtzan(lists),
            {**training, "recipe": about.name, "title": about.title, "system": about.source},
        ),
        valid=_labelled(recipe, lists["valid"], network.params),
        test=_labelled(recipe, lists["test"], network.params) if "test" in lists else None,
        artist_clean=_artist_clean(lists),
        params=network.params,
    )


def _gtzan(lists: Mapping[str, Examples]) -> dict[str, Any]:
    train = lists["train"].clips
    return {
        "source": "GTZAN (Tzanetakis and Cook, 2002), log-mel features",
        "split": "published fault-filtered lists (Kereliuk, Sturm and Larsen, 2015)",
        "trained_on": "train",
        "n_tracks": len(train.tracks),
        "n_valid_tracks": len(lists["valid"].clips.tracks),
        "without_features": list(train.missing),
        "teachers": "none",
    }


def _without_optimizer(model: keras.Model) -> keras.Model:
    """Copy a network without what its fit leaves behind, which would be saved with it and is twice its size."""
    bare = type(model).from_config(model.get_config())  # keras.models.clone_model would copy the optimiser too
    bare.set_weights(model.get_weights())
    for layer in bare.layers:
        if hasattr(layer, "finalize_state"):  # a Normalization computes with copies of its weights
            layer.finalize_state()
    return bare


def _labelled(recipe: Recipe, examples: Examples, params: ModelParams) -> LabelledWindows:
    if params.descriptors:
        return LabelledWindows(np.asarray(recipe.features(examples), np.float32), examples.clips.labels)
    per_track = recipe.about.windows_per_track
    windows = cut_windows(examples.clips.columns_db, n_frames=params.input_shape[0], per_track=per_track)
    return LabelledWindows(windows, examples.clips.labels)


def _artist_clean(lists: Mapping[str, Examples]) -> tuple[int, ...]:
    """Find the rows of the test list that are by artists of neither other list, where such a list is given."""
    if "artist_clean" not in lists:
        return ()
    clean = set(lists["artist_clean"].clips.tracks)
    return tuple(row for row, track in enumerate(lists["test"].clips.tracks) if track in clean)
