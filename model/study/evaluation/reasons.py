"""Ways to tell why, compared on the same windows: what each marks is hidden, and the genre's log-odds are taken anew.

Baehrens et al., "How to explain individual classification decisions", 2010 (gradient); Shrikumar et al., 2016 (gradient
times difference); Sundararajan et al., "Axiomatic attribution for deep networks", 2017 (integrated gradients); Zeiler
and Fergus, "Visualizing and understanding convolutional networks", 2014 (occlusion); Selvaraju et al., 2017 (Grad-CAM).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.explain import Explainer, hide, log_odds, marked, smoothed
from model.study.network import load_network

Picture = NDArray[np.float32]
Way = Callable[[Picture, str], Picture]

SHARE: Final = 0.1
INTEGRATION_STEPS: Final = 16
PATCH: Final = (4, 8)
CONVOLVED: Final = "relu_2"


def compare_ways(folder: Path, windows_db: NDArray[np.float32], *, seed: int) -> dict[str, Any]:
    """Compare all ways on windows of music.

    Parameters
    ----------
    folder : Path
        A checkpoint with its explainer and its Keras file.
    windows_db : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        The windows.
    seed : int
        Of the random tenth.

    Returns
    -------
    dict
        ``fall``: for each way, the best first, the mean fall of the leading genre's log-odds once the tenth that it
        marks is hidden.
    """
    classifier, explainer = Classifier(folder), Explainer(folder)
    ways = _ways(classifier, explainer, folder, seed)
    falls: dict[str, list[float]] = {name: [] for name in ways}
    for window in windows_db:
        posterior = classifier.posteriors(window[np.newaxis])[0]
        index = int(posterior.argmax())
        before = log_odds(posterior, index)
        for name, way in ways.items():
            relevance = way(window, classifier.card.genres[index])
            after = classifier.posteriors(hide(window, marked(relevance, SHARE))[np.newaxis])[0]
            falls[name].append(before - log_odds(after, index))
    return {
        "share_hidden": SHARE,
        "n_windows": len(windows_db),
        "fall": {
            name: round(float(np.mean(falls[name])), 3) for name in sorted(ways, key=lambda name: -np.mean(falls[name]))
        },
    }


def _ways(classifier: Classifier, explainer: Explainer, folder: Path, seed: int) -> dict[str, Way]:
    draws = np.random.default_rng(seed)

    def difference(window: Picture) -> Picture:
        return np.asarray(window - window.mean(axis=0), np.float32)

    def integrated(window: Picture, genre: str) -> Picture:
        start = np.broadcast_to(window.mean(axis=0), window.shape).astype(np.float32)
        steps = (np.arange(INTEGRATION_STEPS) + 0.5) / INTEGRATION_STEPS
        mean = np.mean(
            [explainer.gradient(start + np.float32(step) * (window - start), genre) for step in steps], axis=0
        )
        return np.asarray(mean * (window - start), np.float32)

    def occluded(window: Picture, genre: str) -> Picture:
        index = classifier.card.genres.index(genre)
        before = log_odds(classifier.posteriors(window[np.newaxis])[0], index)
        falls = np.zeros_like(window)
        for frame in range(0, window.shape[0], PATCH[0]):
            for band in range(0, window.shape[1], PATCH[1]):
                mask = np.zeros(window.shape, np.bool_)
                mask[frame : frame + PATCH[0], band : band + PATCH[1]] = True
                hidden = classifier.posteriors(hide(window, mask)[np.newaxis])[0]
                falls[mask] = before - log_odds(hidden, index)
        return falls

    return {
        "gradient times difference, smoothed (kept)": lambda window, genre: smoothed(
            explainer.gradient(window, genre) * difference(window)
        ),
        "gradient times difference": lambda window, genre: explainer.gradient(window, genre) * difference(window),
        "gradient": lambda window, genre: explainer.gradient(window, genre),
        "size of the gradient": lambda window, genre: np.abs(explainer.gradient(window, genre)),
        "gradient times level above -80 dB": lambda window, genre: explainer.gradient(window, genre) * (window + 80),
        f"integrated gradients, {INTEGRATION_STEPS} steps, smoothed": lambda window, genre: smoothed(
            integrated(window, genre)
        ),
        f"occlusion by patches of {PATCH[0]} x {PATCH[1]}": occluded,
        "Grad-CAM of the second block": _grad_cam(folder, classifier.card.temperature),
        "difference alone": lambda window, _: np.abs(difference(window)),
        "the loudest": lambda window, _: window,
        "random": lambda window, _: draws.random(window.shape, np.float32),
    }


def _grad_cam(folder: Path, temperature: float) -> Way:
    import keras
    import tensorflow as tf

    from model.checkpoint import read_card

    card = read_card(folder)
    network = load_network(folder / card.files["keras"].name)
    layers = [layer.name for layer in network.layers].index(CONVOLVED)
    to_maps = keras.Model(network.input, network.layers[layers].output)

    def to_logits(maps: Any) -> Any:
        for layer in network.layers[layers + 1 : -1]:
            maps = layer(maps)  # dropout does nothing outside of training
        return maps

    def way(window: Picture, genre: str) -> Picture:
        index = card.genres.index(genre)
        maps = to_maps(window[np.newaxis], training=False)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            scaled = to_logits(maps)[0] / temperature
            rest = tf.concat((scaled[:index], scaled[index + 1 :]), 0)
            odds = scaled[index] - tf.reduce_logsumexp(rest)
        weights = tf.reduce_mean(tape.gradient(odds, maps), axis=(1, 2), keepdims=True)
        coarse = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1, keepdims=True))
        return np.asarray(tf.image.resize(coarse, window.shape)[0, ..., 0], np.float32)

    return way
