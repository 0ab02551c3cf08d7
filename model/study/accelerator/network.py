"""The two-block network in JAX: fresh weights, the forward pass, and the way to and from Keras' weights.

The layers are those of `model.study.network.build_network`, and so are their names; what each is for stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random
from numpy.typing import NDArray

from model.study.network import NetworkParams

Array = Any
Layers = dict[str, dict[str, Array]]
"""Arrays by layer and by name."""

_PRECISION: Final = {"float32": jnp.float32, "mixed_bfloat16": jnp.bfloat16}
_OF_BLOCK: Final = ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")
WEIGHT_PATHS: Final = (
    *(f"{'conv' if name in ('kernel', 'bias') else 'norm'}_{block}/{name}" for block in (1, 2) for name in _OF_BLOCK),
    *(f"{layer}/{name}" for layer in ("dense", "logits") for name in ("kernel", "bias")),
)
"""Paths of the network's weights in the order of Keras' ``get_weights``."""


class Weights(NamedTuple):
    """What is learnt (the heads for tags and embedding included), and the running statistics of the norm layers."""

    learnt: Layers
    statistics: Layers


def fresh_weights(key: Array, network: NetworkParams, *, n_tags: int, n_dimensions: int) -> Weights:
    """Draw the weights that a fit starts from: Glorot and Bengio's uniform ones, as Keras' layers do by default.

    Parameters
    ----------
    key : jax.Array
        Of all chance here.
    network : NetworkParams
        The network's shape.
    n_tags, n_dimensions : int
        Tags, and dimensions of an embedding, to learn beside the genre; 0 for no such head.

    Returns
    -------
    Weights
        Fresh.
    """
    keys = random.split(key, 6)
    n_channels = 1 + network.band_contrast + bool(network.neighbour_contrast) + network.band_coordinate
    one, two = network.filters
    n_pooled = two if network.pooling == "mean" else 2 * two
    learnt: Layers = {
        "conv_1": _kernel_and_bias(keys[0], (*network.kernel_1, n_channels, one)),
        "norm_1": {"gamma": jnp.ones(one), "beta": jnp.zeros(one)},
        "conv_2": _kernel_and_bias(keys[1], (*network.kernel_2, one, two)),
        "norm_2": {"gamma": jnp.ones(two), "beta": jnp.zeros(two)},
        "dense": _kernel_and_bias(keys[2], (n_pooled, network.dense_units)),
        "logits": _kernel_and_bias(keys[3], (network.dense_units, network.n_genres)),
    }
    for name, size, of_head in (("tags", n_tags, keys[4]), ("embedding", n_dimensions, keys[5])):
        if size:
            learnt[name] = _kernel_and_bias(of_head, (network.dense_units, size))
    statistics = {
        f"norm_{block}": {"moving_mean": jnp.zeros(filters), "moving_variance": jnp.ones(filters)}
        for block, filters in enumerate(network.filters, 1)
    }
    return Weights(learnt, statistics)


def forward(
    weights: Weights, windows_db: Array, network: NetworkParams, *, key: Array = None, precision: str = "float32"
) -> tuple[dict[str, Array], Layers]:
    """Compute what the network says of windows.

    Parameters
    ----------
    weights : Weights
        The network's.
    windows_db : jax.Array [shape=(n, n_frames, n_mels)], float32
        dB below each window's maximum.
    network : NetworkParams
        The network's shape.
    key : jax.Array, optional
        Of dropout while fitting, when the norm layers take the batch's statistics; None for inference.
    precision : {"float32", "mixed_bfloat16"}
        What the convolution blocks compute with.

    Returns
    -------
    heads : dict of str to jax.Array [shape=(n, n_outputs)], float32
        ``logits``, and those of the heads that there are.
    statistics : dict
        The norm layers' running statistics after this batch.
    """
    learnt = weights.learnt
    statistics: Layers = {}
    x = _channels(windows_db, network)
    for block, pool in enumerate((network.pool_1, network.pool_2), 1):
        x = _max_pooled(_convolved(x, learnt[f"conv_{block}"], _PRECISION[precision]), pool)
        name = f"norm_{block}"
        x, statistics[name] = _normalised(x, learnt[name], weights.statistics[name], fitting=key is not None)
        x = jax.nn.relu(x)
    x = x.astype(jnp.float32)
    of_blocks, of_dense = (None, None) if key is None else random.split(key)
    x = _pooled(_dropped(of_blocks, x, network.dropout), network.pooling)
    x = jax.nn.relu(_dense(x, learnt["dense"]))
    x = _dropped(of_dense, x, network.dropout)
    return {name: _dense(x, learnt[name]) for name in ("logits", "tags", "embedding") if name in learnt}, statistics


def to_keras(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Give the network's weights by Keras' paths, in the order of ``get_weights``; other heads are left out."""
    return {path: np.asarray(_found(weights, *path.split("/"))) for path in WEIGHT_PATHS}


def from_keras(arrays: Mapping[str, NDArray[np.float32]]) -> Weights:
    """Take the network's weights by Keras' paths."""
    weights = Weights({}, {})
    for path in WEIGHT_PATHS:
        layer, name = path.split("/")
        part = weights.statistics if name.startswith("moving") else weights.learnt
        part.setdefault(layer, {})[name] = jnp.asarray(arrays[path])
    return weights


def _found(weights: Weights, layer: str, name: str) -> Array:
    return (weights.statistics if name.startswith("moving") else weights.learnt)[layer][name]


def _kernel_and_bias(key: Array, shape: tuple[int, ...]) -> dict[str, Array]:
    field = int(np.prod(shape[:-2]))
    largest = float(np.sqrt(6 / (field * shape[-2] + field * shape[-1])))
    return {"kernel": random.uniform(key, shape, minval=-largest, maxval=largest), "bias": jnp.zeros(shape[-1])}


def _channels(windows_db: Array, network: NetworkParams) -> Array:
    level = (windows_db / 40 + 1)[..., None]  # -80..0 dB -> -1..1
    channels = [level]
    if network.band_contrast:
        channels.append(level - level.mean(axis=1, keepdims=True))
    if network.neighbour_contrast:
        channels.append(level - _around(level, network.neighbour_contrast))
    if network.band_coordinate:
        place = jnp.linspace(-1, 1, level.shape[2])[None, None, :, None]
        channels.append(jnp.broadcast_to(place, level.shape))
    return jnp.concatenate(channels, axis=-1)


def _around(level: Array, n_bands: int) -> Array:
    """Mean over the bands around each band; over fewer at the edges."""
    one = np.ones((1, 1, level.shape[2], 1), np.float32)
    total, count = (
        lax.reduce_window(x, 0.0, lax.add, (1, 1, n_bands, 1), (1, 1, 1, 1), "SAME") for x in (level, jnp.asarray(one))
    )
    return total / count


def _convolved(x: Array, layer: dict[str, Array], dtype: Any) -> Array:
    kernel = layer["kernel"].astype(dtype)
    x = lax.conv_general_dilated(x.astype(dtype), kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return x + layer["bias"].astype(dtype)


def _max_pooled(x: Array, pool: tuple[int, int]) -> Array:
    n, n_frames, n_bands, n_filters = x.shape
    frames, bands = pool
    x = x[:, : n_frames // frames * frames, : n_bands // bands * bands]
    return x.reshape(n, n_frames // frames, frames, n_bands // bands, bands, n_filters).max(axis=(2, 4))


def _normalised(
    x: Array, layer: dict[str, Array], running: dict[str, Array], *, fitting: bool
) -> tuple[Array, dict[str, Array]]:
    mean, variance, after = running["moving_mean"], running["moving_variance"], running
    if fitting:
        wide = x.astype(jnp.float32)
        mean = wide.mean(axis=(0, 1, 2))
        variance = jnp.square(wide - mean).mean(axis=(0, 1, 2))
        after = {
            "moving_mean": 0.9 * running["moving_mean"] + 0.1 * mean,
            "moving_variance": 0.9 * running["moving_variance"] + 0.1 * variance,
        }
    scale = layer["gamma"] * lax.rsqrt(variance + 1e-5)
    return (x.astype(jnp.float32) * scale + (layer["beta"] - mean * scale)).astype(x.dtype), after


def _dropped(key: Array, x: Array, share: float) -> Array:
    if key is None or not share:
        return x
    return jnp.where(random.uniform(key, x.shape) < 1 - share, x / (1 - share), 0)


def _pooled(x: Array, pooling: str) -> Array:
    mean = x.mean(axis=(1, 2), keepdims=True)
    if pooling == "mean":
        return mean[:, 0, 0]
    deviation = jnp.sqrt(jnp.square(x - mean).mean(axis=(1, 2)) + 1e-4)
    return jnp.concatenate([mean[:, 0, 0], deviation], axis=-1)


def _dense(x: Array, layer: dict[str, Array]) -> Array:
    return x @ layer["kernel"] + layer["bias"]
