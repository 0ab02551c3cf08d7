"""Three networks of a study on the Free Music Archive's eight genres.

The source: fma_small, a 70/30 division by chance, scikit-learn's StandardScaler, librosa's MFCCs, Keras.

- DNN: means of 80 MFCCs; two Dense of 256 with dropout 0.5 each; 88,584 trainable parameters; 100 epochs.
- Conv1D: 80 MFCCs x 2500 values, convolved along the coefficients: two blocks of Conv1D (32 and 64 filters, kernel 3
  without padding, L2 penalty), pool of 2, batch normalisation, dropout 0.15; 255,656 trainable parameters; 50 epochs.
- Conv2D: 96 mel bands x 1366; four blocks (32, 64, 64, 32 filters) of the same pattern; 2,796,648 trainable parameters;
  50 epochs.

Counts are for eight genres and the source's shapes; a test holds them. Here the three are retrained on GTZAN's log-mel
columns, for the table; `model.study.recipes.fma_sound` runs them on fma_small itself, on features as fine as the
source's.
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
L2_PENALTY: Final = 0.01
CONV_2D_POOLS: Final = ((1, 6), (1, 2), (1, 1), (1, 1))  # (bands, columns)
_SAMPLE_RATE_HZ: Final = 22_050
_FLOOR_DB: Final = -80.0
_SOURCE: Final = "a student study of fma_small known from its description"
_OTHER_DATA: Final = "Ten genres of GTZAN in place of eight of FMA: the figures do not compare, the networks do."
_COARSE: Final = "387 columns 77 ms apart in place of {}: the data has no finer. Level relative to the clip's maximum."
_FIT: Final = "Adam at 0.001 and batches of 32, Keras' defaults: the source's are not known."
_L2: Final = f"An L2 penalty of {L2_PENALTY}, Keras' default: the source's is not known."


class FmaStudy(KerasRecipe):
    """One network of the study; takes the whole clip at once.

    Parameters
    ----------
    about : About
        What it is.
    columns : {"mean_mfcc", "mfcc", "mel"}
        Its features.
    epochs : int
        How long it is fitted; the source stopped no earlier.
    """

    def __init__(self, about: About, columns: str, epochs: int) -> None:
        self.about = about
        self.columns = columns
        self.settings = KerasFit(epochs=epochs, patience=epochs, keep_best=False)

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
        return fit_keras(model, train, valid, options, self.settings)


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

    for number in (1, 2):
        x = keras.layers.Dense(256, activation="relu", name=f"dense_{number}")(x)
        x = keras.layers.Dropout(0.5, name=f"dropout_{number}")(x)
    return x


def _conv_1d(x: Any) -> Any:
    """Convolve along the coefficients; the columns are the channels."""
    import keras

    layers = keras.layers
    x = layers.Permute((2, 1), name="coefficients_first")(x)
    for number, filters in enumerate((32, 64), 1):
        penalty = keras.regularizers.L2(L2_PENALTY)
        x = layers.Conv1D(filters, 3, activation="relu", kernel_regularizer=penalty, name=f"conv_{number}")(x)
        x = layers.MaxPooling1D(2, name=f"pool_{number}")(x)
        x = layers.BatchNormalization(name=f"norm_{number}")(x)
        x = layers.Dropout(0.15, name=f"dropout_{number}")(x)
    return layers.Flatten(name="flatten")(x)


def _conv_2d(x: Any) -> Any:
    import keras

    layers = keras.layers
    x = layers.Permute((2, 1), name="bands_first")(x)
    x = layers.Reshape((*x.shape[1:], 1))(x)
    for number, (filters, pool) in enumerate(zip((32, 64, 64, 32), CONV_2D_POOLS, strict=True), 1):
        penalty = keras.regularizers.L2(L2_PENALTY)
        x = layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_regularizer=penalty, name=f"conv_{number}"
        )(x)
        if max(pool) > 1:
            x = layers.MaxPooling2D(pool, name=f"pool_{number}")(x)
        x = layers.BatchNormalization(name=f"norm_{number}")(x)
        x = layers.Dropout(0.15, name=f"dropout_{number}")(x)
    return layers.Flatten(name="flatten")(x)


def _about(name: str, title: str, accuracy: float, *more: str) -> About:
    return About(
        name=name,
        title=title,
        source=_SOURCE,
        claim=Claim(accuracy, "validation tracks of fma_small, eight genres, 70/30 by chance", on_gtzan=False),
        window_seconds=30.0,
        windows_per_track=1,
        deviations=(_OTHER_DATA, *more, _FIT),
    )


DNN: Final = FmaStudy(
    _about(
        "fma_dnn",
        "FMA study: DNN on 80 mean MFCC",
        0.483,
        "Means over 387 columns 77 ms apart; level relative to the clip's maximum.",
    ),
    "mean_mfcc",
    epochs=100,
)
CONV_1D: Final = FmaStudy(
    _about("fma_conv1d", "FMA study: Conv1D on MFCC", 0.44, _COARSE.format("2500 columns 12 ms apart"), _L2),
    "mfcc",
    epochs=50,
)
CONV_2D: Final = FmaStudy(
    _about(
        "fma_conv2d",
        "FMA study: four-block Conv2D on mel",
        0.42,
        _COARSE.format("1366 columns 21 ms apart"),
        _L2,
        "Pools of 1 x 6 and 1 x 2 in the first two blocks and none in the others, convolutions padded: 2,851,688 "
        "trainable parameters in place of 2,796,648. No pools of up to 6 x 6 give the source's count; a pool in each "
        "block leaves at most 2,172,776.",
    ),
    "mel",
    epochs=50,
)
