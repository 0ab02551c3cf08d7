"""Posteriors: one floor, one product rule, one log loss."""

from __future__ import annotations

import numpy as np
import pytest

from model.posteriors import SMALLEST_POSTERIOR, log_loss, log_posteriors, normalised, product_rule


def test_a_tracks_posterior_is_the_normalised_geometric_mean() -> None:
    posteriors = np.array([[[0.9, 0.1], [0.4, 0.6]]], np.float32)
    expected = np.sqrt([0.9 * 0.4, 0.1 * 0.6])
    np.testing.assert_allclose(product_rule(posteriors)[0], expected / expected.sum(), rtol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_posterior_of_zero_counts_as_the_smallest(kind: type) -> None:
    logs = log_posteriors(np.array([0.0, 1.0], kind))
    assert logs.dtype == kind
    np.testing.assert_allclose(logs, [np.log(SMALLEST_POSTERIOR), 0], rtol=1e-6)
    assert np.isfinite(product_rule(np.array([[1.0, 0.0], [0.0, 1.0]]))).all()


def test_the_log_loss_is_the_mean_over_the_true_genres() -> None:
    posteriors = np.array([[0.9, 0.1], [0.4, 0.6]])
    assert log_loss(posteriors, np.array([0, 1])) == pytest.approx(-(np.log(0.9) + np.log(0.6)) / 2)
    assert log_loss(posteriors[::-1], np.array([1, 0])) == pytest.approx(-(np.log(0.9) + np.log(0.6)) / 2)


def test_each_row_is_normalised_by_itself_however_large_its_logarithms() -> None:
    logs = np.array([[[1000.0, 999.0], [-1000.0, -1001.0]], [[0.0, 0.0], [3.0, 1.0]]])
    expected = [[[0.731059, 0.268941], [0.731059, 0.268941]], [[0.5, 0.5], [0.880797, 0.119203]]]
    np.testing.assert_allclose(normalised(logs), expected, atol=1e-6)


def test_the_product_rule_counts_in_double_precision() -> None:
    many = np.random.default_rng(0).dirichlet(np.ones(10), size=20_000).astype(np.float32)
    product = product_rule(many)
    assert product.dtype == np.float64
    np.testing.assert_allclose(product, product_rule(many.astype(np.float64)), rtol=1e-12)
