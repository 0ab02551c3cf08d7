"""The network in JAX is the network in Keras: same weights, same posteriors."""

from __future__ import annotations

import numpy as np
import pytest

from model.study.network import NetworkParams, build_network, predict_tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

jax = pytest.importorskip("jax", reason="JAX is not installed")

from model.study.accelerator.fit import score_tracks  # noqa: E402
from model.study.accelerator.network import WEIGHT_PATHS, fresh_weights, from_keras, to_keras  # noqa: E402

NETWORKS = {
    "shipped form": NetworkParams(n_genres=3, filters=(4, 6), dense_units=8),
    "plain": NetworkParams(
        n_genres=3,
        filters=(2, 3),
        dense_units=4,
        pooling="mean",
        band_coordinate=False,
        band_contrast=False,
        neighbour_contrast=0,
    ),
}


def random_weights(network: NetworkParams) -> dict[str, np.ndarray]:
    """Weights by path, the statistics of the norm layers among them, in Keras' order."""
    random = np.random.default_rng(4)
    found = {}
    for weight in build_network(network).weights:
        values = random.normal(size=weight.shape) * 0.3
        found[weight.path] = (np.exp(values) if "variance" in weight.path else values).astype(np.float32)
    return found


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_both_give_the_same_posteriors(network: NetworkParams) -> None:
    named = random_weights(network)
    keras = build_network(network)
    keras.set_weights(list(named.values()))
    windows_db = -80 * np.random.default_rng(5).random((3, 2, 38, 128), np.float32)
    found = score_tracks(from_keras(named), network, windows_db)
    expected = predict_tracks(keras, windows_db)
    assert expected.std() > 0.01  # not the same for all windows
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_weights_go_to_keras_and_back_in_its_order() -> None:
    network = NETWORKS["shipped form"]
    named = random_weights(network)
    assert tuple(named) == WEIGHT_PATHS
    again = to_keras(from_keras(named))
    assert tuple(again) == WEIGHT_PATHS
    for path, array in named.items():
        np.testing.assert_array_equal(again[path], array)


def test_fresh_weights_are_spread_as_those_of_keras_and_heads_stay_out_of_the_file() -> None:
    network = NetworkParams(filters=(8, 16), dense_units=64)
    fresh = fresh_weights(jax.random.PRNGKey(0), network, n_tags=5, n_dimensions=7)
    assert (fresh.learnt["tags"]["kernel"].shape, fresh.learnt["embedding"]["kernel"].shape) == ((64, 5), (64, 7))
    found = to_keras(fresh)
    for weight in build_network(network).weights:
        array, theirs = found[weight.path], np.asarray(weight)
        assert array.shape == theirs.shape
        if weight.path.endswith("kernel"):
            assert array.std() == pytest.approx(theirs.std(), rel=0.1)
        else:
            np.testing.assert_array_equal(array, theirs)
