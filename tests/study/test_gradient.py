"""The exported gradient is Keras' own, whatever the network's shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import read_card
from model.errors import TrainingError
from model.explain import EXPLAINER, Explainer, has_explainer
from model.study.gradient import to_explainer
from model.study.network import NetworkParams, build_network
from model.study.training.explainer import add_explainer, check_explainer
from model.study.training.export import LabelledWindows, Provenance, export_checkpoint

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

SMALL = {"n_genres": 3, "filters": (4, 8), "dense_units": 16}
WINDOWS = np.random.default_rng(0).uniform(-80, 0, (12, 38, 128)).astype(np.float32)


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"pooling": "mean", "band_contrast": False, "neighbour_contrast": 0, "band_coordinate": False},
        {"kernel_1": (2, 4), "pool_2": (3, 2), "neighbour_contrast": 5},
        {"filters": (6, 5), "kernel_2": (5, 11), "pool_1": (1, 3)},
    ],
)
def test_the_exported_gradient_is_that_of_keras(shape: dict) -> None:
    model = build_network(NetworkParams(**{**SMALL, **shape}))
    found = check_explainer(model, to_explainer(model), WINDOWS, temperature=1.3)
    assert found["posterior"] < 1e-5
    assert found["gradient"] < 1e-4


def test_an_explainer_of_other_weights_is_refused() -> None:
    model, other = build_network(NetworkParams(**SMALL)), build_network(NetworkParams(**SMALL))
    with pytest.raises(TrainingError, match="explainer and Keras differ"):
        check_explainer(model, to_explainer(other), WINDOWS[:3], temperature=1.0)


def test_a_network_with_a_layer_that_is_not_known_is_refused() -> None:
    import keras

    window = keras.Input((38, 128))
    x = keras.layers.LSTM(4, name="memory")(window)
    x = keras.layers.Dense(4, activation="relu", name="dense")(x)
    model = keras.Model(window, keras.layers.Softmax()(keras.layers.Dense(3, name="logits")(x)))
    with pytest.raises(TrainingError, match=r"does not know the layer memory \(LSTM\)"):
        to_explainer(model)
    with pytest.raises(TrainingError, match="needs a layer named dense"):
        to_explainer(keras.Model(window, keras.layers.LSTM(3)(window)))


def test_a_checkpoint_is_given_its_explainer_and_its_card_what_hiding_does(tmp_path: Path) -> None:
    model = build_network(NetworkParams(**SMALL))
    valid = LabelledWindows(WINDOWS.reshape(6, 2, 38, 128), np.arange(6) % 3)
    provenance = Provenance("tiny", "0.0.1", ("high", "low", "middle"), {"source": "random numbers"}, {"seed": 3})
    assert not has_explainer(export_checkpoint(model, tmp_path, provenance, valid=valid))
    card = add_explainer(tmp_path, WINDOWS, windows_name="random numbers")
    assert read_card(tmp_path) == card
    assert card.files[EXPLAINER].name == "explain.tflite"
    assert card.figures["explanation"]["n_windows"] == 12
    assert card.figures["explanation"]["fall"]["marked"] > card.figures["explanation"]["fall"]["random"]
    assert Explainer(tmp_path).explain(WINDOWS[0], "low").genre == "low"
