"""Adds to a checkpoint what tells why, and enters in its card how well that holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Card, WeightsFile, read_card, read_weights, sha256, write_card
from model.classifier import Classifier
from model.errors import TrainingError
from model.explain import EXPLAINER, Explainer
from model.study.evaluation.explanations import hiding
from model.study.gradient import to_explainer
from model.study.network import load_network

if TYPE_CHECKING:
    import keras

EXPLAINER_FILE: Final = "explain.tflite"
LARGEST_POSTERIOR_DIFFERENCE: Final = 1e-4
LARGEST_GRADIENT_DIFFERENCE: Final = 1e-3
_N_CHECKED: Final = 50


def add_explainer(folder: Path, windows_db: NDArray[np.float32], *, windows_name: str, seed: int = 0) -> Card:
    """Write the explainer of a checkpoint and enter it in the card; an earlier one is replaced.

    Parameters
    ----------
    folder : Path
        The checkpoint, with its Keras file.
    windows_db : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        Windows of music: some are used to hold the explainer against Keras, all to measure what hiding does.
    windows_name : str
        Which windows these are, for the card.
    seed : int
        Of the random tenths.

    Returns
    -------
    Card
        The card, as written.

    Raises
    ------
    TrainingError
        If the network has a layer that no explainer knows, or explainer and Keras disagree.
    CheckpointError
        If the checkpoint's parts do not belong together.
    """
    card = read_card(folder)
    read_weights(folder, card, "keras")
    model = load_network(folder / card.files["keras"].name)
    content = to_explainer(model)
    spread_out = np.linspace(0, len(windows_db) - 1, min(_N_CHECKED, len(windows_db))).astype(int)
    differences = check_explainer(model, content, windows_db[spread_out], temperature=card.temperature)
    card = replace(card, files={**card.files, EXPLAINER: WeightsFile(EXPLAINER_FILE, sha256(content))})
    (folder / EXPLAINER_FILE).write_bytes(content)
    write_card(folder, card)
    measured = hiding(Classifier(folder), Explainer(folder), windows_db, seed=seed)
    explanation = {"windows": windows_name, **measured, "median_gradient_difference": differences["gradient"]}
    card = replace(card, figures={**card.figures, "explanation": explanation})
    write_card(folder, card)
    return card


def check_explainer(
    model: keras.Model, flatbuffer: bytes, windows_db: NDArray[np.float32], *, temperature: float
) -> dict[str, float]:
    """Hold an explainer against Keras: posterior, and gradient of each window's leading genre.

    Parameters
    ----------
    model : keras.Model
        The network.
    flatbuffer : bytes
        What `to_explainer` made of it.
    windows_db : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        Windows to ask about.
    temperature : float
        Of the log-odds.

    Returns
    -------
    dict
        ``posterior``, the largest absolute difference; ``gradient``, the median over the windows of the summed
        difference as a share of the summed gradient. (The median, because where two cells tie within a pool they share
        the gradient here, and one of them has it all in Keras; few windows have such cells.)

    Raises
    ------
    TrainingError
        If one of them is too large.
    """
    import keras
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    explain = Interpreter(model_content=flatbuffer, num_threads=1).get_signature_runner("explain")
    to_logits = keras.Model(model.input, model.layers[-1].input)
    posterior_differences, gradient_differences = [], []
    for window in windows_db:
        picture = tf.constant(window[np.newaxis])
        with tf.GradientTape() as tape:
            tape.watch(picture)
            scaled = to_logits(picture, training=False)[0] / temperature
            leading = int(np.argmax(scaled))
            log_odds = scaled[leading] - tf.reduce_logsumexp(tf.concat((scaled[:leading], scaled[leading + 1 :]), 0))
        gradient = tape.gradient(log_odds, picture).numpy()
        genre = np.eye(len(scaled), dtype=np.float32)[leading : leading + 1]
        answer = explain(
            log_mel_db=window[np.newaxis], genre=genre, temperature=np.full((1, 1), temperature, np.float32)
        )
        posterior = np.asarray(model(picture, training=False))
        posterior_differences.append(np.abs(answer["posterior"] - posterior).max())
        difference = np.abs(answer["gradient"] - gradient).sum()
        gradient_differences.append(difference / max(np.abs(gradient).sum(), 1e-30))
    found = {"posterior": float(max(posterior_differences)), "gradient": float(np.median(gradient_differences))}
    if found["posterior"] > LARGEST_POSTERIOR_DIFFERENCE or found["gradient"] > LARGEST_GRADIENT_DIFFERENCE:
        raise TrainingError(
            f"The explainer and Keras differ by {found['posterior']:.1e} in a posterior (at most "
            f"{LARGEST_POSTERIOR_DIFFERENCE:.0e}) and by {found['gradient']:.1e} in a gradient (at most "
            f"{LARGEST_GRADIENT_DIFFERENCE:.0e}). Nothing was written; report the network's parameters as a bug."
        )
    return found
