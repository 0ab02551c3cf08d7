"""The network once more as a LiteRT file that tells why: the gradient of a genre's log-odds in the picture it heard.

LiteRT has no gradients of its own, so the backward pass is exported as ordinary operations beside the forward one.
Every layer is written out here with weights that are fixed at export; where TensorFlow's own gradient of an operation
cannot be converted (max pooling, ReLU, slices), it is given in operations that can.
`model.study.training.explainer` checks the result against Keras. TensorFlow is imported only for an export.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import TrainingError

if TYPE_CHECKING:
    import keras

SIGNATURES: Final = ("explain", "embed")
_VECTOR: Final = 32  # numbers that a processor takes at once, at best
_FAR_BELOW: Final = 1e4  # takes a genre out of a sum of exponentials
_VERY_STEEP: Final = 1e10  # makes a step of a slope; comparisons are not among LiteRT's fast operations

Step = Callable[[Any], Any]


def to_explainer(model: keras.Model) -> bytes:
    """Convert a network to a flatbuffer with the signatures ``explain`` and ``embed``.

    ``explain`` takes ``log_mel_db`` (1, n_frames, n_mels), ``genre`` (1, n_genres), 1 for the genre asked for and 0
    elsewhere, and ``temperature`` (1, 1); it gives ``gradient`` (1, n_frames, n_mels), that of the genre's log-odds at
    this temperature, per dB, and ``posterior`` (1, n_genres), before any temperature. ``embed`` takes ``log_mel_db``
    and gives ``embedding`` (1, n_units), what the dense layer passes on.

    Parameters
    ----------
    model : keras.Model
        From `model.study.network.build_network`.

    Returns
    -------
    bytes
        The flatbuffer, in float32.

    Raises
    ------
    TrainingError
        If the network has a layer that is not written out here, or no dense layer before its last.
    """
    import tensorflow as tf

    to_embedding, to_logits = _split(model)
    shape = (1, *model.input_shape[1:])
    n_genres = model.output_shape[-1]

    def embedding_of(log_mel_db: Any) -> Any:
        for step in to_embedding:
            log_mel_db = step(log_mel_db)
        return log_mel_db

    def explain(log_mel_db: Any, genre: Any, temperature: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            tape.watch(log_mel_db)
            logits = embedding_of(log_mel_db)
            for step in to_logits:
                logits = step(logits)
            scaled = logits / temperature
            others = tf.reduce_logsumexp(scaled - _FAR_BELOW * genre, axis=1)
            log_odds = tf.reduce_sum(scaled * genre, axis=1) - others
        return {"gradient": tape.gradient(log_odds, log_mel_db), "posterior": tf.nn.softmax(logits)}

    window = tf.TensorSpec(shape, tf.float32, "log_mel_db")
    module = tf.Module()
    module.explain = tf.function(
        explain,
        input_signature=[
            window,
            tf.TensorSpec((1, n_genres), tf.float32, "genre"),
            tf.TensorSpec((1, 1), tf.float32, "temperature"),
        ],
        autograph=False,  # nothing in it depends on a tensor's value; rewriting its source takes half of the time
    )
    module.embed = tf.function(
        lambda log_mel_db: {"embedding": embedding_of(log_mel_db)}, input_signature=[window], autograph=False
    )
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        signatures = {"explain": module.explain, "embed": module.embed}
        tf.saved_model.save(module, folder, signatures=signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(SIGNATURES))
        flatbuffer: bytes = converter.convert()
    return flatbuffer


def _split(model: keras.Model) -> tuple[list[Step], list[Step]]:
    """Write the layers out: those up to the dense layer's output, and those from there to the logits."""
    names = [layer.name for layer in model.layers]
    if "dense" not in names or type(model.layers[-1]).__name__ != "Softmax":
        raise TrainingError(
            f"The network {model.name} ends with {', '.join(names[-3:])}; an explainer needs a layer named dense, and "
            "Softmax as the last."
        )
    after_dense = names.index("dense") + 1
    steps = [_step(layer) for layer in model.layers[1:-1]]
    return steps[: after_dense - 1], steps[after_dense - 1 :]


def _step(layer: Any) -> Step:
    """Write one layer out in operations whose gradients can be converted."""
    import tensorflow as tf

    weights = layer.get_weights()
    match type(layer).__name__:
        case "Reshape" | "Rescaling" | "BandContrast" | "MeanAndDeviation" | "Dropout" | "GlobalAveragePooling2D":
            return lambda x: layer(x, training=False)
        case "ReLU":
            return _relu
        case "MaxPooling2D":
            return lambda x: _max_pool(x, layer.pool_size)
        case "Conv2D" if layer.padding == "same" and layer.strides == (1, 1):
            kernel, bias = weights
            return lambda x: _convolve(x, kernel) + bias
        case "BatchNormalization":
            gamma, beta, mean, variance = weights
            scale = gamma / np.sqrt(variance + layer.epsilon)
            return lambda x: x * scale + (beta - mean * scale)
        case "Dense" if layer.activation.__name__ in ("relu", "linear"):
            kernel, bias = weights
            is_relu = layer.activation.__name__ == "relu"
            return lambda x: _relu(tf.matmul(x, kernel) + bias) if is_relu else tf.matmul(x, kernel) + bias
        case "NeighbourContrast":
            return lambda x: _with_neighbour_contrast(x, layer.n_bands)
        case "BandCoordinate":
            return _with_band_coordinate
    raise TrainingError(f"The explainer does not know the layer {layer.name} ({type(layer).__name__}) of {layer!r}.")


def _relu(x: Any) -> Any:
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def relu(x: Any) -> tuple[Any, Step]:
        above = tf.nn.relu(x)
        return above, lambda upstream: upstream * tf.minimum(above * _VERY_STEEP**3, 1)

    return relu(x)


def _convolve(x: Any, kernel: NDArray[np.float32]) -> Any:
    """Convolve; where the kernel has a middle, the way back is a plain convolution too, and faster for it."""
    import tensorflow as tf

    back = np.ascontiguousarray(kernel[::-1, ::-1].transpose(0, 1, 3, 2))
    n_bands, n_channels = x.shape[2], x.shape[3]
    n_together = _bands_together(n_bands, n_channels)
    in_blocks = _kernel_for_blocks(back, n_together)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def convolve(x: Any) -> tuple[Any, Step]:
        def gradient(upstream: Any) -> Any:
            blocks = (1, x.shape[1], n_bands // n_together, upstream.shape[3] * n_together)
            return tf.reshape(tf.nn.conv2d(tf.reshape(upstream, blocks), in_blocks, 1, "SAME"), x.shape)

        return tf.nn.conv2d(x, kernel, 1, "SAME"), gradient

    has_middle = kernel.shape[0] % 2 == 1 and kernel.shape[1] % 2 == 1
    return convolve(x) if has_middle else tf.nn.conv2d(x, kernel, 1, "SAME")


def _bands_together(n_bands: int, n_channels: int) -> int:
    """Choose how many neighbouring bands to compute at once, so that the processor's vectors are filled."""
    possible = [n for n in (1, 2, 4) if n_bands % n == 0]
    return next((n for n in possible if n * n_channels % _VECTOR == 0), possible[-1])


def _kernel_for_blocks(kernel: NDArray[np.float32], n_together: int) -> NDArray[np.float32]:
    """Rewrite a convolution's kernel for neighbouring bands that lie together as channels; the sums stay the same."""
    height, width, n_in, n_out = kernel.shape
    reach = -(-(width // 2) // n_together)
    blocks = np.zeros((height, 2 * reach + 1, n_together, n_in, n_together, n_out), np.float32)
    for block in range(2 * reach + 1):
        for source in range(n_together):
            for target in range(n_together):
                place = (block - reach) * n_together + source - target + width // 2
                if 0 <= place < width:
                    blocks[:, block, source, :, target, :] = kernel[:, place]
    return blocks.reshape(height, 2 * reach + 1, n_together * n_in, n_together * n_out)


def _max_pool(x: Any, size: tuple[int, int]) -> Any:
    """Pool as Keras does; the gradient goes to the largest of each pool, shared where several are."""
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def max_pool(x: Any) -> tuple[Any, Step]:
        pooled = tf.nn.max_pool2d(x, size, size, "VALID")
        _, rows, columns, channels = pooled.shape
        height, width = rows * size[0], columns * size[1]
        pools = (rows, size[0], columns, size[1], channels)

        def alone(values: Any) -> Any:
            return tf.reshape(values, (rows, 1, columns, 1, channels))

        def gradient(upstream: Any) -> Any:
            cut = x if x.shape[1:3] == (height, width) else tf.slice(x, (0, 0, 0, 0), (1, height, width, channels))
            below = alone(pooled) - tf.reshape(cut, pools)
            is_largest = tf.nn.relu(1 - below * _VERY_STEEP)
            share_largest = tf.nn.avg_pool2d(tf.reshape(is_largest, cut.shape), size, size, "VALID")
            each = upstream / (share_largest * (size[0] * size[1]))
            shared = tf.reshape(is_largest * alone(each), cut.shape)
            return tf.pad(shared, ((0, 0), (0, x.shape[1] - height), (0, x.shape[2] - width), (0, 0)))

        return pooled, gradient

    return max_pool(x)


def _with_neighbour_contrast(x: Any, n_bands: int) -> Any:
    """Do what the layer NeighbourContrast does, its mean over the bands around as a matrix."""
    import tensorflow as tf

    _, n_frames, n_mels, _ = x.shape
    distance = np.abs(np.subtract.outer(np.arange(n_mels), np.arange(n_mels)))
    is_near = (distance <= n_bands // 2).astype(np.float32)
    level = tf.slice(x, (0, 0, 0, 0), (1, n_frames, n_mels, 1))
    around = tf.linalg.matmul(tf.squeeze(level, 3), is_near / is_near.sum(axis=1), transpose_b=False)
    return tf.concat([x, level - tf.expand_dims(around, 3)], axis=-1)


def _with_band_coordinate(x: Any) -> Any:
    """Do what the layer BandCoordinate does."""
    import tensorflow as tf

    _, n_frames, n_mels, _ = x.shape
    place = np.linspace(-1, 1, n_mels, dtype=np.float32)[np.newaxis, np.newaxis, :, np.newaxis]
    return tf.concat([x, tf.constant(np.broadcast_to(place, (1, n_frames, n_mels, 1)))], axis=-1)
