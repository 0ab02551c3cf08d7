"""The posterior of a track: mean log posterior, so far and whole, without its silence."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.scorer import State, WindowScore
from model.summary import RunningSummary, summarize


def _score(probabilities: list[float], state: State = State.MUSIC) -> WindowScore:
    posterior: NDArray[np.float32] = np.array(probabilities, np.float32)
    return WindowScore(0, 0, 66_150, posterior, state, -20.0)


def test_the_track_posterior_is_the_normalised_geometric_mean_of_its_windows() -> None:
    summary = summarize([_score([0.9, 0.1]), _score([0.6, 0.4])], 2)
    expected = np.sqrt([0.9 * 0.6, 0.1 * 0.4])
    np.testing.assert_allclose(summary.probabilities, expected / expected.sum(), rtol=1e-5)
    assert summary.state is State.MUSIC
    assert summary.n_windows == 2


def test_the_share_is_the_mean_of_the_windows_and_sums_to_one() -> None:
    summary = summarize([_score([0.9, 0.1]), _score([0.0, 1.0]), _score([0.5, 0.5], State.SILENCE)], 2)
    np.testing.assert_allclose(summary.share, [0.45, 0.55], rtol=1e-6)
    assert float(summary.share.sum()) == pytest.approx(1)
    assert summarize([_score([0.5, 0.5], State.SILENCE)], 2).share.tolist() == [0, 0]


def test_silence_does_not_count() -> None:
    music = _score([0.9, 0.1])
    silence = _score([0.5, 0.5], State.SILENCE)
    summary = summarize([silence, music, silence], 2)
    np.testing.assert_allclose(summary.probabilities, [0.9, 0.1], rtol=1e-5)
    assert (summary.n_windows, summary.n_silent) == (3, 2)


def test_a_silent_track_has_no_genre() -> None:
    summary = summarize([_score([0.5, 0.5], State.SILENCE)], 2)
    assert summary.state is State.SILENCE
    np.testing.assert_allclose(summary.probabilities, 0.5)


def test_a_track_is_unsure_when_most_of_its_sounding_windows_are() -> None:
    unsure, music, silence = _score([0.5, 0.5], State.UNSURE), _score([0.9, 0.1]), _score([0.5, 0.5], State.SILENCE)
    assert summarize([unsure, unsure, music, silence], 2).state is State.UNSURE
    assert summarize([unsure, music, silence, silence], 2).state is State.MUSIC


def test_the_summary_so_far_is_the_summary_of_the_windows_so_far() -> None:
    rng = np.random.default_rng(0)
    scores = [_score(list(rng.dirichlet(np.ones(4)))) for _ in range(20)]
    running = RunningSummary(4)
    for n, score in enumerate(scores, start=1):
        np.testing.assert_array_equal(running.add(score).probabilities, summarize(scores[:n], 4).probabilities)


def test_a_posterior_of_zero_does_not_rule_a_genre_out_for_ever() -> None:
    summary = summarize([_score([1.0, 0.0]), _score([0.0, 1.0])], 2)
    assert np.isfinite(summary.probabilities).all()
    assert float(summary.probabilities.sum()) == pytest.approx(1)
