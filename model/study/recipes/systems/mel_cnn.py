"""A small CNN on 5 s mel-spectrograms: its first attempt, its final form, and the form that did unexpectedly well.

The source: 26 overlapping 5 s pieces of each GTZAN clip, one a second; librosa's default mel-spectrogram, 128 x 216, in
dB, divided by the largest entry of the data; sparse categorical cross-entropy (the same as ours of one-hot genres),
Adam. Layers, penalties, dropout and stopping are the source's own and stand in `FIRST_ATTEMPT`, `RECIPE`
and `TWO_BY_TWO`. Its batch size is not known; 32 is Keras' default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

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
_SPAN_DB: Final = 80.0
_SOURCE: Final = "a student project known from its description: 5 s mel-spectrograms, a small CNN"
_COMMON: Final = ("64 columns 77 ms apart in place of 216 columns 23 ms apart: the data has no finer ones.",)
_SCALED: Final = (
    "dB below the window's maximum, -80 to 0, mapped to 0 to 1; the source divided absolute dB by the largest entry: "
    "the data has lost the absolute level.",
)
_UNSCALED: Final = (
    "'Powers that were not standardised' is taken to mean dB that are not divided by the largest entry (here dB below "
    "the window's maximum): with powers not in dB the source's own network fell to 60 %.",
)


@dataclass(frozen=True)
class Block:
    """One convolution with what follows it.

    Attributes
    ----------
    filters, kernel : int
        How many, and the side of the square kernels.
    l1, l2 : float
        Penalties on the kernels.
    bias_l2, activity_l2 : float
        Penalties on the biases and on the outputs.
    pool : int
        Side of the max pool; 1 for none.
    dropout : float
        Share dropped after the pool.
    """

    filters: int
    kernel: int = 3
    l1: float = 0.0
    l2: float = 0.0
    bias_l2: float = 0.0
    activity_l2: float = 0.0
    pool: int = 2
    dropout: float = 0.0


class MelCnn(KerasRecipe):
    """Convolutions, flatten, softmax on a 5 s mel-spectrogram.

    Parameters
    ----------
    about : About
        What it is.
    blocks : tuple of Block
        Its convolutions; the dropout of the last one follows the flattening.
    settings : KerasFit
        How it is fitted.
    is_scaled : bool
        Whether dB are mapped to 0 to 1 first.
    """

    def __init__(self, about: About, blocks: tuple[Block, ...], settings: KerasFit, *, is_scaled: bool = True) -> None:
        self.about = about
        self.blocks = blocks
        self.settings = settings
        self.is_scaled = is_scaled

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Cut windows of 64 columns about 1 s apart, each relative to its own maximum; the network scales them."""
        n_frames = PARAMS.input_shape[0]
        return cut_windows(examples.clips.columns_db, n_frames=n_frames, per_track=self.about.windows_per_track)

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build the network."""
        import keras

        keras.utils.set_random_seed(seed)
        layers = keras.layers
        window = keras.Input(shape, name="log_mel_db")
        x = layers.Reshape((*shape, 1))(window)
        if self.is_scaled:
            x = layers.Rescaling(1 / _SPAN_DB, offset=1, name="scale")(x)
        for number, block in enumerate(self.blocks, 1):
            x = layers.Conv2D(
                block.filters,
                block.kernel,
                activation="relu",
                kernel_regularizer=_penalty(block.l1, block.l2),
                bias_regularizer=_penalty(0.0, block.bias_l2),
                activity_regularizer=_penalty(0.0, block.activity_l2),
                name=f"conv_{number}",
            )(x)
            if block.pool > 1:
                x = layers.MaxPooling2D(block.pool, name=f"pool_{number}")(x)
            if number == len(self.blocks):
                x = layers.Flatten(name="flatten")(x)
            x = layers.Dropout(block.dropout, name=f"dropout_{number}")(x)
        return keras.Model(
            window, layers.Dense(n_genres, activation="softmax", name="posterior")(x), name=self.about.name
        )

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Fit with Adam, as long as the source did."""
        return fit_keras(model, train, valid, options, self.settings)

    def to_network(self, fitted: keras.Model) -> ServableNetwork:
        """Give the network itself: it takes log-mel as it is."""
        return ServableNetwork(fitted, PARAMS)


def _penalty(l1: float, l2: float) -> Any:
    import keras

    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None


def _about(name: str, title: str, accuracy: float | None, *deviations: str) -> About:
    measured = "GTZAN, overlapping 5 s windows divided by chance, which leaks"
    return About(
        name=name,
        title=title,
        source=_SOURCE,
        claim=Claim(accuracy, measured if accuracy else "the source says that it overfitted, and states no figure"),
        window_seconds=PARAMS.audio.window_seconds,
        windows_per_track=WINDOWS_PER_CLIP,
        deviations=(*_COMMON, *deviations),
    )


RECIPE: Final = MelCnn(
    _about("mel_cnn", "5 s mel CNN", 0.80, *_SCALED),
    (Block(32, l1=0.01, l2=0.01, bias_l2=0.01, activity_l2=0.01, dropout=0.5),),
    KerasFit(epochs=100, patience=5),
)
FIRST_ATTEMPT: Final = MelCnn(
    _about("mel_cnn_first", "5 s mel CNN, first attempt", None, *_SCALED),
    (Block(28, l2=0.01, dropout=0.2), Block(14, l2=0.02, dropout=0.2)),
    KerasFit(epochs=10, patience=10, keep_best=False),
)
TWO_BY_TWO: Final = MelCnn(
    _about("mel_cnn_2x2", "5 s mel CNN, 2 x 2 kernels, no pool", 0.80, *_UNSCALED),
    (Block(16, kernel=2, l2=0.1, pool=1, dropout=0.6),),
    KerasFit(epochs=10, patience=3),
    is_scaled=False,
)
