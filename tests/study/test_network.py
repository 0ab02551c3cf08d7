"""The network has the shape it promises, and refuses shapes that cannot be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.errors import CheckpointError, ParameterError
from model.study.network import NetworkParams, build_network, count_parameters, load_network, predict

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

SMALL = NetworkParams(n_genres=3, filters=(4, 8), dense_units=16)


def _windows(n: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-80, 0, (n, 38, 128)).astype(np.float32)


def test_the_default_network_has_at_most_half_a_million_parameters() -> None:
    model = build_network()
    assert model.output_shape == (None, 10)
    assert count_parameters(model) <= 500_000


def test_posteriors_sum_to_one_and_do_not_depend_on_the_batch() -> None:
    model = build_network(SMALL)
    windows = _windows(5)
    together = predict(model, windows)
    assert together.shape == (5, 3)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(predict(model, windows, batch_size=2), together, atol=1e-6)
    assert predict(model, windows[:0]).shape == (0, 3)


@pytest.mark.parametrize("pooling", ["mean", "mean_deviation"])
def test_a_saved_network_scores_as_before(tmp_path: Path, pooling: str) -> None:
    model = build_network(NetworkParams(n_genres=3, filters=(4, 8), dense_units=16, pooling=pooling))
    path = tmp_path / "model.keras"
    model.save(path)
    np.testing.assert_allclose(predict(load_network(path), _windows(3)), predict(model, _windows(3)), atol=1e-6)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(b"not a network")
    with pytest.raises(CheckpointError, match="not a Keras network"):
        load_network(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_genres": 1}, "at least 2"),
        ({"dropout": 1.0}, "below 1"),
        ({"pooling": "median"}, "median"),
        ({"neighbour_contrast": 4}, "odd number"),
        ({"kernel_1": (0, 3)}, "at least 1"),
    ],
)
def test_impossible_shapes_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        NetworkParams(**changes)  # type: ignore[arg-type]


def test_bfloat16_changes_how_it_is_computed_and_nothing_that_is_kept() -> None:
    mixed, plain = build_network(SMALL, precision="mixed_bfloat16"), build_network(SMALL)
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    plain.set_weights(mixed.get_weights())
    scored = predict(mixed, _windows(4))
    assert scored.dtype == np.float32
    difference = np.abs(scored - predict(plain, _windows(4))).max()
    assert 0 < difference < 0.02


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ParameterError, match="float16"):
        build_network(SMALL, precision="float16")


def test_pools_larger_than_the_input_are_refused() -> None:
    with pytest.raises(ParameterError, match="leave nothing"):
        build_network(NetworkParams(pool_1=(20, 4), pool_2=(2, 2)))


def test_importing_the_network_module_does_not_import_keras() -> None:
    code = "import sys, model.study.cli.train, model.study.training.fit; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
