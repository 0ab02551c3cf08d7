"""The systems this project descends from, each retrained here: one file each, one table of them.

A recipe says where its features, its network and its settings come from, and offers ``features``, ``build``, ``fit``
and ``predict`` (`model.study.recipes.base.Recipe`). All go through the same tracks, splits and report
(`model.study.recipes.protocols`, ``python -m model compare``). A recipe that ships does so as an exported checkpoint. A
recipe's module is imported when it is asked for, TensorFlow when a network is built.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from model.errors import ParameterError

if TYPE_CHECKING:
    from model.study.recipes.base import Recipe

RECIPES: Final[dict[str, str]] = {  # name: module and attribute; the order is that of the table
    "two_block": "model.study.recipes.systems.two_block:RECIPE",
    "mfcc_hpss": "model.study.recipes.systems.mfcc_hpss:RECIPE",
    "feature_mlp": "model.study.recipes.systems.feature_mlp:RECIPE",
    "feature_mlp_4000": "model.study.recipes.systems.feature_mlp:SOURCE_PIECES",
    "feature_mlp_all": "model.study.recipes.systems.feature_mlp:ALL_PIECES",
    "feature_mlp_clips": "model.study.recipes.systems.feature_mlp:WHOLE_CLIPS",
    "mel_cnn": "model.study.recipes.systems.mel_cnn:RECIPE",
    "mel_cnn_first": "model.study.recipes.systems.mel_cnn:FIRST_ATTEMPT",
    "mel_cnn_2x2": "model.study.recipes.systems.mel_cnn:TWO_BY_TWO",
    "mfcc_logreg": "model.study.recipes.systems.mfcc_logreg:RECIPE",
    "mfcc_logreg_files": "model.study.recipes.systems.mfcc_logreg:WHOLE_FILES",
    "fma_dnn": "model.study.recipes.systems.fma_study:DNN",
    "fma_conv1d": "model.study.recipes.systems.fma_study:CONV_1D",
    "fma_conv2d": "model.study.recipes.systems.fma_study:CONV_2D",
}


def recipe(name: str) -> Recipe:
    """Find a recipe.

    Parameters
    ----------
    name : str
        One of `RECIPES`.

    Returns
    -------
    Recipe
        The recipe of that name.

    Raises
    ------
    ParameterError
        If there is none of that name.
    """
    if name not in RECIPES:
        raise ParameterError(f"There is no recipe {name!r}; use one of {', '.join(RECIPES)}.")
    module, attribute = RECIPES[name].split(":")
    found: Recipe = getattr(importlib.import_module(module), attribute)
    return found
