"""What every recipe offers, and what it is given: tracks, windows of them, and how it is to be fitted.

The data has the log-mel columns of each track and the published table of hand-made features, and the sound of few
tracks only; a recipe makes its own features from these, and says in its deviations where its source used the sound.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.params import ModelParams
from model.study.datasets.gtzan import Clips
from model.study.recipes.about import About

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Hand-made features of whole tracks, or of each track's pieces.

    Attributes
    ----------
    names : tuple of str
        What each column holds, as the table's header calls it.
    values : np.ndarray [shape=(n_tracks, n_columns) or (n_tracks, n_pieces, n_columns)], float64
        One row a track, or a piece.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]

    def columns(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Take some columns, in the order asked for.

        Parameters
        ----------
        names : tuple of str
            Their names.

        Returns
        -------
        np.ndarray [shape=(..., len(names))], float64
            The columns.
        """
        return self.values[..., [self.names.index(name) for name in names]]


@dataclass(frozen=True, eq=False)
class Examples:
    """Labelled tracks, before any recipe's own features.

    Attributes
    ----------
    clips : Clips
        Names, genres and log-mel columns.
    genres : tuple of str
        In the order of the labels.
    table : FeatureTable or None
        The published features of the same tracks, row by row; None where there are none, as for a folder of audio.
    pieces : FeatureTable or None
        Features of the ten 3 s pieces of the same tracks; None where they were not asked for or are not there.
    """

    clips: Clips
    genres: tuple[str, ...]
    table: FeatureTable | None = None
    pieces: FeatureTable | None = None


@dataclass(frozen=True, eq=False)
class Windows:
    """A recipe's features of many windows, to learn from or to validate on.

    Attributes
    ----------
    values : np.ndarray [shape=(n_windows, *shape)], float
        Features, as the recipe's `Recipe.features` gave them.
    labels : np.ndarray [shape=(n_windows,)], int64
        Genre of each window's track.
    clips : Clips or None
        The tracks, where the windows are all those of whole tracks, in order; None where windows were drawn by chance.
    stretches : Clips or None
        Where windows were drawn by chance: what `Recipe.stretches` made of those drawn.
    """

    values: NDArray[np.floating[Any]]
    labels: NDArray[np.int64]
    clips: Clips | None = None
    stretches: Clips | None = None


@dataclass(frozen=True)
class FitOptions:
    """How a recipe is to be fitted.

    Attributes
    ----------
    seed : int
        Of everything that is left to chance.
    quick : bool
        One or two steps, to see that everything runs.
    run_folder : Path or None
        Where a recipe whose runs can be resumed keeps its state.
    progress : bool
        Show progress.
    precision : {"float32", "mixed_bfloat16"}
        As in `model.study.training.params.TrainParams`, for recipes that are fitted by it.
    """

    seed: int = 0
    quick: bool = False
    run_folder: Path | None = None
    progress: bool = False
    precision: str = "float32"


@dataclass(frozen=True, eq=False)
class ServableNetwork:
    """A fitted recipe as one network from log-mel to posteriors, its own features being part of the graph.

    Attributes
    ----------
    model : keras.Model
        (n, n_frames, n_mels) dB below each window's maximum in, (n, n_genres) softmax out.
    params : ModelParams
        The window and the log-mel it needs; `ModelParams.input_shape` is the model's.
    """

    model: keras.Model
    params: ModelParams


class Recipe(ABC):
    """A system to be retrained. Has no state: what it learns is the value that `fit` returns.

    Attributes
    ----------
    about : About
        What it is.
    """

    about: About

    @abstractmethod
    def features(self, examples: Examples) -> NDArray[np.floating[Any]]:
        """Make its features.

        Parameters
        ----------
        examples : Examples
            Tracks.

        Returns
        -------
        np.ndarray [shape=(n_tracks, windows_per_track, *shape)], float
            One entry a window, from each track alone: nothing learnt, nothing from other tracks.
        """

    def stretches(self, clips: Clips, drawn: NDArray[np.int64]) -> Clips | None:  # noqa: ARG002
        """Cut the sound of windows drawn by chance, for recipes that learn from windows they cut themselves.

        Parameters
        ----------
        clips : Clips
            Every track.
        drawn : np.ndarray [shape=(n,)], int64
            Rows of the windows that may be learnt from, counted over all tracks; nothing of any other may be taken.

        Returns
        -------
        Clips or None
            None where a recipe takes the windows as they are.
        """
        return None

    @abstractmethod
    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> Any:
        """Make its network or estimator, unfitted.

        Parameters
        ----------
        shape : tuple of int
            Shape of one window's features.
        n_genres : int
            Outputs.
        seed : int
            Of its weights.
        """

    @abstractmethod
    def fit(self, model: Any, train: Windows, valid: Windows, options: FitOptions) -> Any:
        """Fit it.

        Parameters
        ----------
        model : Any
            What `build` made.
        train, valid : Windows
            To learn from (scalers included), and to stop early on.
        options : FitOptions
            Seed and protocol.

        Returns
        -------
        Any
            What `predict` takes.
        """

    @abstractmethod
    def predict(self, fitted: Any, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Score windows.

        Parameters
        ----------
        fitted : Any
            What `fit` returned.
        values : np.ndarray [shape=(n_windows, *shape)], float
            Features.

        Returns
        -------
        np.ndarray [shape=(n_windows, n_genres)], float32
            Posteriors; each row sums to 1.
        """

    @abstractmethod
    def count_parameters(self, fitted: Any) -> int:
        """Count the numbers it has learnt."""

    def to_network(self, fitted: Any) -> ServableNetwork | None:  # noqa: ARG002
        """Give it as one network from log-mel to posteriors, so that the page can score with it.

        Parameters
        ----------
        fitted : Any
            What `fit` returned.

        Returns
        -------
        ServableNetwork or None
            None where its features cannot be computed inside a network.
        """
        return None
