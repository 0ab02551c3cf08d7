"""A dense network on hand-made features of the whole clip.

What is known of the source: the means over a 30 s clip of chroma, RMS, spectral centroid, bandwidth, rolloff,
zero-crossing rate and 20 MFCCs; Dense 512-256-128-64 with dropout 0.3, 0.3, 0.2 and 0.1; served as JSON; 83 % claimed.
Optimiser, batch and number of epochs are not known and are our choice.

The features come from the published table or, track by track, from sound (`model.study.descriptors`): the same
numbers, as a test shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, Windows
from model.study.recipes.keras_fit import KerasFit, KerasRecipe, fit_keras

if TYPE_CHECKING:
    import keras

COLUMNS: Final = (
    "chroma_stft_mean",
    "rms_mean",
    "spectral_centroid_mean",
    "spectral_bandwidth_mean",
    "rolloff_mean",
    "zero_crossing_rate_mean",
    *(f"mfcc{number}_mean" for number in range(1, 21)),
)
UNITS: Final = (512, 256, 128, 64)
DROPOUTS: Final = (0.3, 0.3, 0.2, 0.1)
FIT: Final = KerasFit(epochs=200, batch_size=32, patience=20)


class FeatureMlp(KerasRecipe):
    """Standardised means of 26 descriptors, four dense layers, softmax."""

    about = About(
        name="feature_mlp",
        title="Feature MLP",
        source="a genre service known from its description only: hand-made features, a dense network, JSON out",
        claim=Claim(0.83, "GTZAN, windows divided by chance, which leaks"),
        window_seconds=30.0,
        windows_per_track=1,
        deviations=(
            "One row a clip of 30 s, as the published table has them. The claim was measured on windows, which leak; "
            "rows of whole clips do so only where a recording or an artist occurs twice, so they cannot come near it.",
            f"Adam at 0.001, batches of {FIT.batch_size}, stopped when the validation loss has not fallen for "
            f"{FIT.patience} epochs: the source's are not known.",
        ),
        table_columns=COLUMNS,
    )

    def features(self, examples: Examples) -> NDArray[np.float64]:
        """Take the 26 means of each clip from the table.

        Raises
        ------
        DatasetError
            If the tracks come without a table.
        """
        if examples.table is None:
            raise DatasetError(
                "The feature MLP needs a table of hand-made features, and these tracks have none; "
                "make one of their sound with model.study.datasets.described.describe_folder."
            )
        return examples.table.columns(COLUMNS)[:, np.newaxis]

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
        """Standardise by the train tracks, then fit with Adam."""
        model.get_layer("standardise").adapt(np.asarray(train.values, np.float32))
        return fit_keras(model, train, valid, options, FIT)


RECIPE: Final = FeatureMlp()
