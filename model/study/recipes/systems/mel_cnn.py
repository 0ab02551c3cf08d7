"""A small CNN on 5 s mel-spectrograms, its first attempt, and its 2 x 2 variant.

What is known of the source: 26 overlapping 5 s windows of each GTZAN clip, a mel-spectrogram of 128 x 216 in dB scaled
to 0-1, one convolution of 32 filters with L1 and L2 penalties, max pooling, dropout 0.5, flatten, early stopping with
patience 5; 80 % claimed. Its first attempt had two layers; a variant with 2 x 2 kernels did unexpectedly well. Kernel
and pool sizes, penalties, optimiser and batch size are not known and are our choice: Keras tutorials' usual ones, with
pools of 4 x 4 so that the flattened map stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.params import AudioParams, ModelParams
from model.study.datasets.gtzan import cut_windows
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, ServableNetwork, Windows
from model.study.recipes.keras_fit import KerasFit, KerasRecipe, fit_keras

if TYPE_CHECKING:
    import keras

PARAMS: Final = ModelParams(AudioParams(window_samples=110_250))  # 5 s, 64 columns
WINDOWS_PER_CLIP: Final = 26
FIT: Final = KerasFit(epochs=60, batch_size=32, patience=5)
_SPAN_DB: Final = 80.0
_SOURCE: Final = "a student project known from its description only: 5 s mel-spectrograms, a small CNN"
_COMMON: Final = (
    "64 columns 77 ms apart in place of 216 columns 23 ms apart: the data has no finer ones.",
    "Scaled by the fixed span of 80 dB below the window's maximum, not by its own minimum.",
    "Kernel and pool sizes, penalties, Adam at 0.001 and batches of 32 are our choice: the source's are not known.",
)


@dataclass(frozen=True)
class Shape:
    """The network's shape.

    Attributes
    ----------
    filters : tuple of int
        Of each convolution.
    kernel, pool : int
        Side of the square kernels and pools.
    penalty : float
        Weight of the L1 and of the L2 penalty on the kernels; 0 for none.
    dropout : float
        Share of activations dropped before the flattening.
    """

    filters: tuple[int, ...] = (32,)
    kernel: int = 3
    pool: int = 4
    penalty: float = 1e-3
    dropout: float = 0.5


class MelCnn(KerasRecipe):
    """Convolution, pool, flatten, softmax on a 5 s mel-spectrogram.

    Parameters
    ----------
    about : About
        What it is.
    shape : Shape
        Its network.
    """

    def __init__(self, about: About, shape: Shape) -> None:
        self.about = about
        self.shape = shape

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Cut windows of 64 columns about 1 s apart, each relative to its own maximum; the network scales them."""
        n_frames = PARAMS.input_shape[0]
        return cut_windows(examples.clips.columns_db, n_frames=n_frames, per_track=self.about.windows_per_track)

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build the network."""
        import keras

        keras.utils.set_random_seed(seed)
        layers, own = keras.layers, self.shape
        penalty = keras.regularizers.L1L2(own.penalty, own.penalty) if own.penalty else None
        window = keras.Input(shape, name="log_mel_db")
        x = layers.Reshape((*shape, 1))(window)
        x = layers.Rescaling(1 / _SPAN_DB, offset=1, name="scale")(x)  # -80..0 dB -> 0..1
        for number, filters in enumerate(own.filters, 1):
            x = layers.Conv2D(
                filters, own.kernel, activation="relu", kernel_regularizer=penalty, name=f"conv_{number}"
            )(x)
            x = layers.MaxPooling2D(own.pool, name=f"pool_{number}")(x)
        x = layers.Dropout(own.dropout, name="dropout")(x)
        x = layers.Flatten(name="flatten")(x)
        return keras.Model(
            window, layers.Dense(n_genres, activation="softmax", name="posterior")(x), name=self.about.name
        )

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Fit with Adam; stop when the validation loss has not fallen for 5 epochs."""
        return fit_keras(model, train, valid, options, FIT)

    def to_network(self, fitted: keras.Model) -> ServableNetwork:
        """Give the network itself: it takes log-mel as it is."""
        return ServableNetwork(fitted, PARAMS)


def _about(name: str, title: str, accuracy: float | None, more: tuple[str, ...]) -> About:
    measured = "GTZAN, overlapping 5 s windows divided by chance, which leaks"
    return About(
        name=name,
        title=title,
        source=_SOURCE,
        claim=Claim(accuracy, measured if accuracy else "no figure is known"),
        window_seconds=PARAMS.audio.window_seconds,
        windows_per_track=WINDOWS_PER_CLIP,
        deviations=(*_COMMON, *more),
    )


RECIPE: Final = MelCnn(_about("mel_cnn", "5 s mel CNN", 0.80, ()), Shape())
FIRST_ATTEMPT: Final = MelCnn(
    _about(
        "mel_cnn_first",
        "5 s mel CNN, first attempt",
        None,
        ("Two convolutions of 32 and 64 filters without penalties: only their number is known.",),
    ),
    Shape(filters=(32, 64), pool=2, penalty=0.0),
)
TWO_BY_TWO: Final = MelCnn(
    _about("mel_cnn_2x2", "5 s mel CNN, 2 x 2 kernels", None, ("Taken to mean the kernels, not the pools.",)),
    Shape(kernel=2),
)
