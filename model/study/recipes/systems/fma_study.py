"""Three networks of a study on the Free Music Archive's eight genres.

What is known of the source: fma_small, a 70/30 split by chance, scikit-learn's StandardScaler; a dense network on the
means of 80 MFCCs (48.3 %), a Conv1D network on 80 x 2500 MFCCs (44 %), and a Conv2D network of four layers on
mel-spectrograms of 96 x 1366 (42 %; the form of Choi, Fazekas and Sandler, "Automatic tagging using deep convolutional
neural networks", ISMIR 2016). Numbers of units and filters, kernels, pools and optimiser are not known and are our
choice.

Here the three are retrained on GTZAN's log-mel columns, for the table; `model.study.recipes.fma_sound` runs them on the
data set itself, where someone has it, on features as fine as the source's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, Windows
from model.study.recipes.cepstra import cepstra
from model.study.recipes.keras_fit import KerasFit, KerasRecipe, fit_keras

if TYPE_CHECKING:
    import keras

N_MFCC: Final = 80
N_MELS: Final = 96
FIT: Final = KerasFit(epochs=100, batch_size=32, patience=10)
_SAMPLE_RATE_HZ: Final = 22_050
_FLOOR_DB: Final = -80.0
_SOURCE: Final = "a student study of fma_small known from its description only"
_OUR_CHOICE: Final = "Units, filters, kernels, pools, Adam at 0.001, batches of 32 are our choice, not the source's."
_OTHER_DATA: Final = "Ten genres of GTZAN in place of eight of FMA: the figures do not compare, the networks do."
_COARSE: Final = "387 columns 77 ms apart in place of {}: the data has no finer. Level relative to the clip's maximum."


class FmaStudy(KerasRecipe):
    """One network of the study; hears the whole clip at once.

    Parameters
    ----------
    about : About
        What it is.
    columns : {"mean_mfcc", "mfcc", "mel"}
        Its features.
    """

    def __init__(self, about: About, columns: str) -> None:
        self.about = about
        self.columns = columns

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Make the clip's features of its log-mel columns: means (80,), MFCCs (387, 80) or mel (387, 96)."""
        clips = examples.clips.columns_db
        if self.columns == "mel":
            return to_fewer_bands(clips, N_MELS)[:, np.newaxis]
        coefficients = cepstra(clips, N_MFCC)
        if self.columns == "mean_mfcc":
            return np.asarray(coefficients.mean(axis=1))[:, np.newaxis]
        return coefficients[:, np.newaxis]

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build the network; its first layer learns each coefficient's or band's mean and deviation in the fit."""
        import keras

        keras.utils.set_random_seed(seed)
        clip = keras.Input(shape, name=self.columns)
        x = keras.layers.Normalization(axis=-1, name="standardise")(clip)
        x = {"mean_mfcc": _dense, "mfcc": _conv_1d, "mel": _conv_2d}[self.columns](x)
        posterior = keras.layers.Dense(n_genres, activation="softmax", name="posterior")(x)
        return keras.Model(clip, posterior, name=self.about.name)

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Standardise by the train clips, as StandardScaler does, then fit with Adam."""
        model.get_layer("standardise").adapt(np.asarray(train.values, np.float32))
        return fit_keras(model, train, valid, options, FIT)


def to_fewer_bands(columns_db: NDArray[np.float32], n_bands: int) -> NDArray[np.float32]:
    """Make log-mel columns of fewer bands.

    Parameters
    ----------
    columns_db : np.ndarray [shape=(n_tracks, n_columns, n_mels)], float32
        dB below each clip's maximum.
    n_bands : int
        Bands wanted.

    Returns
    -------
    np.ndarray [shape=(n_tracks, n_columns, n_bands)], float32
        dB below each clip's new maximum, at least -80.
    """
    from model.study.recipes.systems.mfcc_hpss import bands_to_bands

    to_few = bands_to_bands(columns_db.shape[-1], n_bands, _SAMPLE_RATE_HZ)
    fewer = np.empty((*columns_db.shape[:2], n_bands), np.float32)
    for clip, row in zip(columns_db, fewer, strict=True):
        level = 10 * np.log10(np.maximum(10 ** (clip / 10) @ to_few, np.finfo(np.float32).tiny))
        row[:] = np.maximum(level - level.max(), _FLOOR_DB)
    return fewer


def _dense(x: Any) -> Any:
    import keras

    for number, units in enumerate((256, 128, 64), 1):
        x = keras.layers.Dense(units, activation="relu", name=f"dense_{number}")(x)
        x = keras.layers.Dropout(0.3, name=f"dropout_{number}")(x)
    return x


def _conv_1d(x: Any) -> Any:
    import keras

    for number, filters in enumerate((64, 128, 128), 1):
        x = keras.layers.Conv1D(filters, 5, padding="same", activation="relu", name=f"conv_{number}")(x)
        x = keras.layers.MaxPooling1D(4, name=f"pool_{number}")(x)
    x = keras.layers.GlobalAveragePooling1D(name="global_pool")(x)
    x = keras.layers.Dropout(0.3, name="dropout")(x)
    return keras.layers.Dense(64, activation="relu", name="dense")(x)


def _conv_2d(x: Any) -> Any:
    """Four convolutions, the first with a stride of 2, each pooled and normalised."""
    import keras

    layers = keras.layers
    x = layers.Reshape((*x.shape[1:], 1))(x)
    pools = ((2, 1), (4, 4), (3, 3), (3, 3))
    for number, (filters, pool) in enumerate(zip((16, 32, 64, 64), pools, strict=True), 1):
        stride = 2 if number == 1 else 1
        x = layers.Conv2D(filters, 3, strides=stride, padding="same", name=f"conv_{number}")(x)
        x = layers.MaxPooling2D(pool, name=f"pool_{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
    x = layers.GlobalAveragePooling2D(name="global_pool")(x)
    return layers.Dropout(0.3, name="dropout")(x)


def _about(name: str, title: str, accuracy: float, *more: str) -> About:
    return About(
        name=name,
        title=title,
        source=_SOURCE,
        claim=Claim(accuracy, "fma_small, eight genres, 70/30 by chance"),
        window_seconds=30.0,
        windows_per_track=1,
        deviations=(_OTHER_DATA, *more, _OUR_CHOICE),
    )


DNN: Final = FmaStudy(
    _about(
        "fma_dnn",
        "FMA study: DNN on 80 mean MFCC",
        0.483,
        "Means over 387 columns 77 ms apart; level relative to the clip's maximum.",
    ),
    "mean_mfcc",
)
CONV_1D: Final = FmaStudy(
    _about("fma_conv1d", "FMA study: Conv1D on MFCC", 0.44, _COARSE.format("2500 columns 12 ms apart")), "mfcc"
)
CONV_2D: Final = FmaStudy(
    _about("fma_conv2d", "FMA study: four-layer Conv2D on mel", 0.42, _COARSE.format("1366 columns 21 ms apart")), "mel"
)
