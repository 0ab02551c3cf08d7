"""Posteriors that mean what they say: the temperature divides the logits, the spread is the entropy's share."""

from __future__ import annotations

import numpy as np
import pytest

from model.calibration import is_unsure, spread_of, with_temperature
from model.posteriors import SMALLEST_POSTERIOR


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits.astype(np.float64))
    return raised / raised.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 4.0])
def test_a_temperature_divides_the_logits(temperature: float) -> None:
    logits = np.random.default_rng(0).normal(scale=2, size=(20, 10))
    calibrated = with_temperature(softmax(logits).astype(np.float32), temperature)
    assert calibrated.dtype == np.float32
    np.testing.assert_allclose(calibrated, softmax(logits / temperature), rtol=1e-4)
    np.testing.assert_allclose(calibrated.sum(axis=1), 1, rtol=1e-6)


def test_a_posterior_of_zero_is_not_lost() -> None:
    (low, high) = with_temperature(np.array([[0.0, 1.0]], np.float32), 1.0)[0]
    assert low == pytest.approx(SMALLEST_POSTERIOR, rel=1e-3)
    assert high == pytest.approx(1.0)


def test_the_spread_is_the_entropy_as_a_share_of_the_largest() -> None:
    posteriors = np.random.default_rng(1).dirichlet(np.full(10, 0.5), size=(3, 4)).astype(np.float32)
    entropy = -(posteriors.astype(np.float64) * np.log(np.maximum(posteriors, 1e-30))).sum(axis=-1)
    spread = spread_of(posteriors)
    assert (spread.shape, spread.dtype) == ((3, 4), np.float32)
    np.testing.assert_allclose(spread, entropy / np.log(10), atol=1e-4)


@pytest.mark.parametrize(("n_genres", "expected"), [(1, 0.0), (2, 1.0), (3, 1.0), (10, 1.0)])
def test_genres_all_alike_spread_most_and_a_single_one_not_at_all(n_genres: int, expected: float) -> None:
    assert spread_of(np.full(n_genres, 1 / n_genres, np.float32)) == pytest.approx(expected, abs=1e-6)


def test_a_window_is_unsure_only_above_the_largest_spread() -> None:
    posterior = np.array([0.7, 0.2, 0.1], np.float32)
    spread = float(spread_of(posterior))
    answer = is_unsure(posterior, spread - 1e-3)
    assert answer is True
    assert is_unsure(posterior, spread) is False
    assert is_unsure(posterior, spread + 1e-3) is False
