"""The two-block network, in Keras.

Two convolution blocks, global pooling, a dense layer, softmax. Its input is a window's log-mel in dB as
`model.features.LogMel` gives it; the scaling is part of the network, so nothing between the features and the
network can be forgotten. Keras is imported only when a network is built, loaded or exported; serving uses the
exported LiteRT file (`model.classifier`).
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import CheckpointError, ParameterError
from model.params import ModelParams

if TYPE_CHECKING:
    import keras

POOLINGS: Final = ("mean", "mean_deviation")
PRECISIONS: Final = ("float32", "mixed_bfloat16")


@dataclass(frozen=True)
class NetworkParams:
    """The shape of the two-block network.

    Attributes
    ----------
    n_genres : int
        Outputs.
    filters : tuple of int
        Filters of the first and of the second convolution.
    kernel_1, kernel_2 : tuple of int
        Kernel sizes, (frames, bands).
    pool_1, pool_2 : tuple of int
        Max-pooling sizes after each block, (frames, bands).
    dropout : float
        Share of activations dropped after the second block and after the dense layer, 0 to below 1.
    dense_units : int
        Units of the dense layer.
    pooling : {"mean", "mean_deviation"}
        What the global pooling keeps of each feature map.
    band_coordinate : bool
        Give the first convolution a channel with the band's position (-1 lowest, 1 highest); global pooling
        would otherwise forget where in the spectrum something sounded.
    band_contrast : bool
        Give the first convolution a channel with each band's level above its own mean over the window, which no
        equaliser changes.
    neighbour_contrast : int
        Give the first convolution a channel with each band's level above the mean of this many bands around it (an odd
        number), which shows tones and hides the slow course of the spectrum; 0 for none.
    """

    n_genres: int = 10
    filters: tuple[int, int] = (48, 192)
    kernel_1: tuple[int, int] = (3, 7)
    kernel_2: tuple[int, int] = (3, 9)
    pool_1: tuple[int, int] = (3, 4)
    pool_2: tuple[int, int] = (2, 2)
    dropout: float = 0.2
    dense_units: int = 512
    pooling: str = "mean_deviation"
    band_coordinate: bool = True
    band_contrast: bool = True
    neighbour_contrast: int = 17

    def __post_init__(self) -> None:
        if self.n_genres < 2:
            raise ParameterError(f"n_genres is {self.n_genres}; a classifier needs at least 2.")
        if not 0 <= self.dropout < 1:
            raise ParameterError(f"dropout is {self.dropout}; use 0 to below 1.")
        if self.pooling not in POOLINGS:
            raise ParameterError(f"pooling is {self.pooling!r}; use one of {', '.join(POOLINGS)}.")
        if self.neighbour_contrast < 0 or (self.neighbour_contrast and self.neighbour_contrast % 2 == 0):
            raise ParameterError(f"neighbour_contrast is {self.neighbour_contrast}; use an odd number of bands, or 0.")
        sizes = (*self.filters, *self.kernel_1, *self.kernel_2, *self.pool_1, *self.pool_2, self.dense_units)
        if min(sizes) < 1:
            raise ParameterError(f"A size of the network is {min(sizes)}; all must be at least 1.")

    def to_dict(self) -> dict[str, Any]:
        """Give the parameters as plain values, for the card."""
        return asdict(self)


@cache
def _layers() -> dict[str, type[keras.layers.Layer]]:
    """Define the layers that Keras lacks; done once, at first use, because it imports Keras."""
    import keras

    @keras.saving.register_keras_serializable(package="genre")
    class BandCoordinate(keras.layers.Layer):  # type: ignore[misc]
        """Append a channel that holds each band's place, -1 for the lowest to 1 for the highest."""

        def call(self, inputs: Any) -> Any:
            place = np.linspace(-1, 1, inputs.shape[2], dtype=np.float32)[None, None, :, None]
            return keras.ops.concatenate([inputs, inputs[..., :1] * 0 + place], axis=-1)

    @keras.saving.register_keras_serializable(package="genre")
    class BandContrast(keras.layers.Layer):  # type: ignore[misc]
        """Append a channel that holds each band's level above its own mean over the frames."""

        def call(self, inputs: Any) -> Any:
            mean = keras.ops.mean(inputs, axis=1, keepdims=True)
            return keras.ops.concatenate([inputs, inputs - mean], axis=-1)

    @keras.saving.register_keras_serializable(package="genre")
    class NeighbourContrast(keras.layers.Layer):  # type: ignore[misc]
        """Append a channel that holds the first channel's level above its mean over the bands around."""

        def __init__(self, n_bands: int = 17, **options: Any) -> None:
            super().__init__(**options)
            self.n_bands = n_bands

        def call(self, inputs: Any) -> Any:
            level = inputs[..., :1]
            around = keras.ops.average_pool(level, (1, self.n_bands), strides=1, padding="same")
            return keras.ops.concatenate([inputs, level - around], axis=-1)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "n_bands": self.n_bands}

    @keras.saving.register_keras_serializable(package="genre")
    class MeanAndDeviation(keras.layers.Layer):  # type: ignore[misc]
        """Pool each feature map to its mean and its standard deviation over frames and bands."""

        def call(self, inputs: Any) -> Any:
            mean = keras.ops.mean(inputs, axis=(1, 2), keepdims=True)
            variance = keras.ops.mean(keras.ops.square(inputs - mean), axis=(1, 2))
            deviation = keras.ops.sqrt(variance + 1e-4)
            return keras.ops.concatenate([keras.ops.squeeze(mean, axis=(1, 2)), deviation], axis=-1)

    return {layer.__name__: layer for layer in (BandCoordinate, BandContrast, NeighbourContrast, MeanAndDeviation)}


def build_network(
    network: NetworkParams | None = None, params: ModelParams | None = None, *, precision: str = "float32"
) -> keras.Model:
    """Build the network with fresh weights.

    Parameters
    ----------
    network : NetworkParams, optional
        Its shape.
    params : ModelParams, optional
        What fixes the input's shape.
    precision : {"float32", "mixed_bfloat16"}
        What the convolution blocks compute with; their weights, and all other layers, are float32 in any case.

    Returns
    -------
    keras.Model
        (n, n_frames, n_mels) float32 dB in, (n, n_genres) softmax out. The layers ``embedding`` (dense, after
        dropout) and ``logits`` are there for training.

    Raises
    ------
    ParameterError
        If the pools leave nothing of the input, or the precision is unknown.
    """
    import keras

    if precision not in PRECISIONS:
        raise ParameterError(f"precision is {precision!r}; use one of {', '.join(PRECISIONS)}.")
    network = network or NetworkParams()
    n_frames, n_mels = (params or ModelParams()).input_shape
    shortest = (network.pool_1[0] * network.pool_2[0], network.pool_1[1] * network.pool_2[1])
    if shortest[0] > n_frames or shortest[1] > n_mels:
        raise ParameterError(f"Pools of {shortest} in all leave nothing of an input of {(n_frames, n_mels)}.")
    own = _layers()
    layers = keras.layers

    window = keras.Input((n_frames, n_mels), name="log_mel_db")
    x = layers.Reshape((n_frames, n_mels, 1))(window)
    x = layers.Rescaling(1 / 40, offset=1, name="scale")(x)  # -80..0 dB -> -1..1
    if network.band_contrast:
        x = own["BandContrast"](name="band_contrast")(x)
    if network.neighbour_contrast:
        x = own["NeighbourContrast"](network.neighbour_contrast, name="neighbour_contrast")(x)
    if network.band_coordinate:
        x = own["BandCoordinate"](name="band_coordinate")(x)
    blocks = zip(network.filters, (network.kernel_1, network.kernel_2), (network.pool_1, network.pool_2), strict=True)
    for number, (filters, kernel, pool) in enumerate(blocks, 1):
        x = layers.Conv2D(filters, kernel, padding="same", dtype=precision, name=f"conv_{number}")(x)
        x = layers.MaxPooling2D(pool, dtype=precision, name=f"pool_{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, dtype=precision, name=f"norm_{number}")(x)
        x = layers.ReLU(dtype=precision, name=f"relu_{number}")(x)
    x = layers.Dropout(network.dropout, name="dropout")(x)
    if network.pooling == "mean":
        x = layers.GlobalAveragePooling2D(name="global_pool")(x)
    else:
        x = own["MeanAndDeviation"](name="global_pool")(x)
    x = layers.Dense(network.dense_units, activation="relu", name="dense")(x)
    x = layers.Dropout(network.dropout, name="embedding")(x)
    logits = layers.Dense(network.n_genres, name="logits")(x)
    return keras.Model(window, layers.Softmax(name="posterior")(logits), name="two_block")


def load_network(path: Path) -> keras.Model:
    """Load a network that was saved as ``.keras``.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CheckpointError
        If the file is missing or no network.
    """
    import keras

    _layers()
    try:
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} is not a Keras network that can be loaded ({error}).") from error


def count_parameters(model: keras.Model) -> int:
    """Count the network's weights, those of batch normalisation included."""
    return int(model.count_params())


def to_litert(model: keras.Model, *, eight_bit: bool = False) -> bytes:
    """Convert a network to a LiteRT flatbuffer, of float32 by default, that takes one window at a time.

    Parameters
    ----------
    model : keras.Model
        From `build_network`.
    eight_bit : bool
        Round weights, and each window's activations, to 8 bits.

    Returns
    -------
    bytes
        Input (1, n_frames, n_mels), output (1, n_genres).
    """
    import keras
    import tensorflow as tf

    window = keras.Input(batch_shape=(1, *model.input_shape[1:]), dtype="float32", name="log_mel_db")
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(window, model(window, training=False)))
    converter.optimizations = [tf.lite.Optimize.DEFAULT] if eight_bit else []
    with contextlib.redirect_stdout(io.StringIO()):  # the converter prints its tensors, whatever is asked of it
        flatbuffer: bytes = converter.convert()
    return flatbuffer


def predict(model: keras.Model, windows: NDArray[np.float32], *, batch_size: int = 256) -> NDArray[np.float32]:
    """Score windows with the Keras network.

    Parameters
    ----------
    model : keras.Model
        From `build_network` or `load_network`.
    windows : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        dB below each window's maximum.
    batch_size : int
        Windows scored at a time.

    Returns
    -------
    np.ndarray [shape=(n_windows, n_genres)], float32
        Softmax posteriors, before any temperature.
    """
    batches = [
        np.asarray(model(windows[first : first + batch_size], training=False))
        for first in range(0, len(windows), batch_size)
    ]
    return np.concatenate(batches) if batches else np.zeros((0, model.output_shape[-1]), np.float32)


def predict_tracks(model: keras.Model, windows_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """Score the windows of tracks.

    Parameters
    ----------
    model : keras.Model
        From `build_network` or `load_network`.
    windows_db : np.ndarray [shape=(n_tracks, n_windows, n_frames, n_mels)], float32
        As `model.study.datasets.gtzan.cut_windows` cuts them.

    Returns
    -------
    np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Softmax posteriors, before any temperature.
    """
    n_tracks, n_windows = windows_db.shape[:2]
    flat = windows_db.reshape(n_tracks * n_windows, *windows_db.shape[2:])
    return predict(model, flat).reshape(n_tracks, n_windows, -1)
