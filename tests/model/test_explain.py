"""Explanations say what the network would do: hide what they mark, and the genre loses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.analyzer import Analyzer
from model.audio.decode import decode
from model.audio.track import Track
from model.checkpoint import DEFAULT_CHECKPOINT
from model.classifier import Classifier
from model.errors import ExplanationError, ParameterError
from model.explain import Explainer, hide, log_odds, marked, smoothed
from model.scorer import Scorer
from tests.checkpoints import tiny_checkpoint
from tests.sounds import chord

SAMPLES = ("jazz", "reggae", "metal", "medley")


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(Scorer(Classifier()), hop_seconds=3.0)


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(DEFAULT_CHECKPOINT)


@pytest.fixture(scope="module")
def logmels(analyzer: Analyzer) -> list[np.ndarray]:
    """Windows of all samples, three seconds apart."""
    tracks = [decode(f"samples/{name}.ogg") for name in SAMPLES]
    n = analyzer.params.window_samples
    return [
        analyzer.scorer.log_mel(track.samples[start : start + n])
        for track in tracks
        for start in range(0, len(track.samples) - n, n)
    ]


def test_the_probability_is_the_classifiers(analyzer: Analyzer, explainer: Explainer, logmels: list) -> None:
    card = analyzer.scorer.classifier.card
    posterior = analyzer.scorer.classifier.posteriors(logmels[0][np.newaxis])[0]
    for index, genre in enumerate(card.genres):
        told = explainer.explain(logmels[0], genre)
        assert told.probability == pytest.approx(posterior[index], abs=1e-5)
        assert told.log_odds == pytest.approx(log_odds(posterior, index), abs=1e-3)
    assert explainer.explain(logmels[0]).genre == card.genres[int(posterior.argmax())]


def test_the_relevance_is_what_the_log_odds_lose_on_the_way_to_the_means(explainer: Explainer, logmels: list) -> None:
    for logmel in logmels[:5]:
        told = explainer.explain(logmel, "rock")
        step = 1e-3
        nearer = logmel + step * (logmel.mean(axis=0) - logmel)
        lost = (told.log_odds - explainer.explain(nearer, "rock").log_odds) / step
        assert told.relevance.sum() == pytest.approx(lost, abs=0.05 * float(np.abs(told.relevance).sum()))


def test_hiding_what_is_marked_counts_for_more_than_chance_and_loudness(
    analyzer: Analyzer, explainer: Explainer, logmels: list
) -> None:
    draws = np.random.default_rng(0)
    falls = []
    for logmel in logmels:
        told = explainer.explain(logmel)
        index = explainer.card.genres.index(told.genre)
        values = (told.relevance, draws.random(logmel.shape, np.float32), logmel, -told.relevance)
        hidden = np.stack([hide(logmel, marked(value)) for value in values])
        falls.append([told.log_odds - log_odds(p, index) for p in analyzer.scorer.classifier.posteriors(hidden)])
    for_it, random, loudest, against = np.mean(falls, axis=0)
    assert for_it >= 3 * abs(random)
    assert for_it > loudest
    assert against < 0 < for_it


def test_the_card_tells_how_well_explanations_hold(explainer: Explainer) -> None:
    told = explainer.card.figures["explanation"]
    assert told["n_windows"] == 1970
    assert told["marked_to_random"] >= 3
    assert told["marked_to_loudest"] > 1


def test_a_window_of_a_track_is_the_one_that_was_scored(analyzer: Analyzer) -> None:
    track = Track(chord(10.0), 22_050, "chord")
    scores = list(analyzer.analyze(track))
    for score in scores:
        window = analyzer.window(track, score.index)
        assert (window.start_sample, window.end_sample) == (score.start_sample, score.end_sample)
        assert analyzer.explain(track, score.index).probability == pytest.approx(score.probabilities.max(), abs=1e-5)
    assert analyzer.window_heard_by(track, 6.2).index == analyzer.window_heard_by(track, 6.0).index == 1
    assert analyzer.window_heard_by(track, 99.0).index == len(scores) - 1
    with pytest.raises(ParameterError, match="chord has no window 4; at a hop of 3 s "):
        analyzer.window(track, 4)
    with pytest.raises(ParameterError, match=r"By 2\.9 s no window of chord has ended; ask for 3 s"):
        analyzer.window_heard_by(track, 2.9)


def test_what_cannot_be_explained_is_refused(analyzer: Analyzer, explainer: Explainer, tmp_path: Path) -> None:
    logmel = np.zeros((38, 128), np.float32)
    with pytest.raises(ParameterError, match="no genre 'polka'"):
        explainer.explain(logmel, "polka")
    with pytest.raises(ParameterError, match=r"shape \(37, 128\)"):
        explainer.explain(logmel[1:])
    with pytest.raises(ExplanationError, match="is silence"):
        analyzer.explain(Track(np.zeros(70_000, np.float32), 22_050, "nothing"), 0)
    with pytest.raises(ExplanationError, match="tiny has no explainer"):
        Explainer(tiny_checkpoint(tmp_path, ("a", "b")))


def test_exactly_the_share_asked_for_is_marked() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert marked(values, 0.25).sum() == 3
    assert marked(values, 0.25).reshape(-1)[-3:].all()
    assert marked(np.zeros((3, 4), np.float32), 0.5).sum() == 6
    assert (marked(values, 0).sum(), marked(values, 1).sum()) == (0, 12)
    with pytest.raises(ParameterError, match=r"share of 1\.5"):
        marked(values, 1.5)


def test_what_is_hidden_takes_its_bands_mean_and_the_rest_stays() -> None:
    logmel = np.array([[0, -10], [-20, -30]], np.float32)
    mask = np.array([[True, False], [False, True]])
    np.testing.assert_array_equal(hide(logmel, mask), [[-10, -10], [-20, -20]])


def test_smoothing_keeps_the_sum_and_the_place() -> None:
    values = np.zeros((38, 128), np.float32)
    values[0, 0], values[20, 60] = 1, 2
    smooth = smoothed(values)
    assert smooth.sum() == pytest.approx(3, rel=1e-5)
    assert np.unravel_index(smooth[10:].argmax(), (28, 128)) == (10, 60)


def test_smoothing_is_a_gaussian_in_time_and_in_frequency() -> None:
    values = np.zeros((38, 128), np.float32)
    values[20, 60] = 1
    away = np.arange(38)[:, None] - 20, np.arange(128)[None] - 60
    expected = np.exp(-0.5 * (away[0] / 1.0) ** 2) * np.exp(-0.5 * (away[1] / 2.0) ** 2)
    expected[(abs(away[0]) > 3) | (abs(away[1]) > 6)] = 0
    np.testing.assert_allclose(smoothed(values), expected / expected.sum(), atol=1e-6)


def test_the_genre_that_is_asked_about_is_the_one_explained(analyzer: Analyzer) -> None:
    track = Track(chord(4.0), 22_050, "chord")
    leading, other = analyzer.explain(track, 0), analyzer.explain(track, 0, "metal")
    assert other.genre == "metal" != leading.genre


def test_the_embedding_is_what_the_dense_layer_passes_on(explainer: Explainer, logmels: list) -> None:
    embedding = explainer.embed(logmels[0])
    assert embedding.shape == (512,)
    assert embedding.min() >= 0 < embedding.max()
