"""A dense network on hand-made features of 3 s pieces.

The source is a genre service: means over a piece of chroma, RMS, spectral centroid, bandwidth, rolloff, zero-crossing
rate and 20 MFCCs, all by librosa's defaults; Dense 512-256-128-64 with dropout 0.3, 0.3, 0.2 and 0.1; Adam at Keras'
default, sparse categorical cross-entropy (the same as ours of one-hot genres); 4,000 pieces drawn of about 10,000; 83 %
of validation pieces. Epochs, batch size and scaling are not known.

Four recipes: the source's 4,000 pieces, all pieces, one row a whole clip, which the published table has for every track
of GTZAN, and the one that is served: all pieces, and whole clips where there are no pieces, for all ten genres.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.descriptors.window import MEANS
from model.errors import DatasetError
from model.params import ModelParams
from model.study.datasets.pieces_table import PIECES_PER_TRACK
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, ServableNetwork, Windows
from model.study.recipes.keras_fit import KerasFit, KerasRecipe, fit_keras

if TYPE_CHECKING:
    import keras

UNITS: Final = (512, 256, 128, 64)
DROPOUTS: Final = (0.3, 0.3, 0.2, 0.1)
FIT: Final = KerasFit(epochs=200, batch_size=32, patience=20)
N_SOURCE_PIECES: Final = 4000
_UNKNOWN: Final = (
    f"Standardised; batches of {FIT.batch_size}; stopped when the validation loss has not fallen for {FIT.patience} "
    "epochs: the source's scaling, batches and epochs are not known."
)
_FEW_TRACKS: Final = (
    "Pieces of the tracks whose sound could be had: fewer than half of GTZAN, most of them blues, classical, jazz or "
    "rock. All figures are of these tracks only; fewer genres are easier, so they do not compare with those of the "
    "whole list."
)


class FeatureMlp(KerasRecipe):
    """Standardised means of 26 descriptors, four dense layers, softmax.

    Parameters
    ----------
    about : About
        What it is; its `About.takes_pieces` says whether it learns from pieces or from whole clips.
    """

    def __init__(self, about: About) -> None:
        self.about = about

    def features(self, examples: Examples) -> NDArray[np.float64]:
        """Take the 26 means of each piece, or of the whole track where tracks come without pieces.

        Raises
        ------
        DatasetError
            If the tracks come without descriptors.
        """
        if self.about.takes_pieces and examples.pieces is not None:
            return examples.pieces.columns(MEANS)
        if examples.table is None:
            raise DatasetError(
                "The feature MLP needs a table of hand-made features, and these tracks have none; "
                "make one of their sound with model.study.datasets.described.describe_folder."
            )
        return examples.table.columns(MEANS)[:, np.newaxis]

    def to_network(self, fitted: keras.Model) -> ServableNetwork | None:
        """Give the network itself where it learnt from pieces: a window's descriptors are what it takes."""
        return ServableNetwork(fitted, ModelParams(descriptors=MEANS)) if self.about.takes_pieces else None

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build the network; its first layer learns mean and deviation of each feature when it is fitted."""
        import keras

        keras.utils.set_random_seed(seed)
        layers = keras.layers
        row = keras.Input(shape, name="descriptors")
        x = layers.Normalization(name="standardise")(row)
        for number, (units, dropout) in enumerate(zip(UNITS, DROPOUTS, strict=True), 1):
            x = layers.Dense(units, activation="relu", name=f"dense_{number}")(x)
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
        posterior = layers.Dense(n_genres, activation="softmax", name="posterior")(x)
        return keras.Model(row, posterior, name=self.about.name)

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Standardise by what is learnt from, then fit with Adam."""
        model.get_layer("standardise").adapt(np.asarray(train.values, np.float32))
        return fit_keras(model, train, valid, options, FIT)


_PIECES: Final = About(
    name="feature_mlp_4000",
    title="Feature MLP, 4,000 pieces",
    source="a genre service known from its description: hand-made features, a dense network, WAV in, JSON out",
    claim=Claim(0.83, "validation pieces of 3 s of GTZAN, divided by chance, which leaks"),
    window_seconds=3.0,
    windows_per_track=PIECES_PER_TRACK,
    deviations=(_UNKNOWN, _FEW_TRACKS),
    table_columns=MEANS,
    takes_pieces=True,
    most_windows=N_SOURCE_PIECES,
)

SOURCE_PIECES: Final = FeatureMlp(_PIECES)
ALL_PIECES: Final = FeatureMlp(
    replace(
        _PIECES,
        name="feature_mlp_all",
        title="Feature MLP, all pieces",
        deviations=("All pieces, not 4,000 of them.", *_PIECES.deviations),
        most_windows=None,
    )
)
RECIPE: Final = FeatureMlp(
    replace(
        ALL_PIECES.about,
        name="feature_mlp",
        title="Feature MLP",
        deviations=(
            "All pieces, not 4,000 of them; tracks without pieces are learnt from by the means of the whole clip, ten "
            "times over, so that all ten genres are learnt.",
            *_PIECES.deviations,
        ),
        fills_pieces=True,
    )
)
WHOLE_CLIPS: Final = FeatureMlp(
    replace(
        _PIECES,
        name="feature_mlp_clips",
        title="Feature MLP, whole clips",
        window_seconds=30.0,
        windows_per_track=1,
        deviations=(
            "One row a clip of 30 s, which the published table has for every track. The claim was measured on pieces, "
            "which leak; rows of whole clips do so only where a recording or an artist occurs twice.",
            _UNKNOWN,
        ),
        takes_pieces=False,
        most_windows=None,
    )
)
