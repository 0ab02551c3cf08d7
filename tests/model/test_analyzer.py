"""One core: a stream in any chunks gives exactly the windows and the scores of the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.analyzer import Analyzer
from model.audio.decode import decode, decode_blocks
from model.audio.track import Track
from model.classifier import Classifier
from model.errors import AudioTooShortError, ParameterError
from model.result import classify, classify_blocks
from model.scorer import Scorer, State, WindowScore
from tests.sounds import RATE_HZ, chord, encoded

SAMPLES_FOLDER = Path(__file__).parents[2] / "samples"
SOUND = np.concatenate([chord(4.3), np.zeros(RATE_HZ * 4, np.float32), chord(2.0, level=0.02)])


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


def _plain(scores: list[WindowScore]) -> list[tuple[int, int, int, str, float, bytes]]:
    return [
        (s.index, s.start_sample, s.end_sample, s.state.value, s.level_dbfs, s.probabilities.tobytes()) for s in scores
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_chunking_of_a_stream_scores_exactly_as_the_whole_file(scorer: Scorer, data: st.DataObject) -> None:
    analyzer = Analyzer(scorer, hop_seconds=data.draw(st.sampled_from([0.5, 0.7, 3.0])))
    samples = SOUND[: data.draw(st.integers(0, len(SOUND)))]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(samples)), max_size=30)))
    streamed = [score for chunk in np.split(samples, cuts) for score in analyzer.feed(chunk)] + analyzer.finish()
    assert _plain(streamed) == _plain(list(analyzer.analyze(Track(samples, RATE_HZ))))


def test_a_window_scores_the_same_alone_and_in_its_track(scorer: Scorer) -> None:
    analyzer = Analyzer(scorer, hop_seconds=0.5)
    for score in analyzer.analyze(Track(SOUND, RATE_HZ)):
        alone = Track(SOUND[score.start_sample : score.end_sample], RATE_HZ)
        (again,) = analyzer.analyze(alone)
        assert again.probabilities.tobytes() == score.probabilities.tobytes()


def test_what_was_played_before_does_not_matter_after_a_reset(scorer: Scorer) -> None:
    analyzer = Analyzer(scorer, hop_seconds=3.0)
    fresh = _plain(analyzer.feed(SOUND[: 66_150 * 2]))
    analyzer.reset()
    analyzer.feed(chord(1.0))
    analyzer.reset()
    assert _plain(analyzer.feed(SOUND[: 66_150 * 2])) == fresh


def test_gain_of_minus_30_db_changes_scores_by_less_than_a_thousandth(scorer: Scorer) -> None:
    analyzer = Analyzer(scorer, hop_seconds=1.0)
    sound = chord(8.0, level=0.5)
    quiet = (sound * 10 ** (-30 / 20)).astype(np.float32)
    for loud_score, quiet_score in zip(
        analyzer.analyze(Track(sound, RATE_HZ)), analyzer.analyze(Track(quiet, RATE_HZ)), strict=True
    ):
        np.testing.assert_allclose(loud_score.probabilities, quiet_score.probabilities, atol=1e-3)


def test_silence_is_a_state_and_never_a_genre(scorer: Scorer) -> None:
    hiss = (np.random.default_rng(0).standard_normal(66_150) * 10 ** (-70 / 20)).astype(np.float32)
    for sound in (np.zeros(66_150, np.float32), hiss):
        (score,) = Analyzer(scorer).analyze(Track(sound, RATE_HZ))
        assert score.state is State.SILENCE
        np.testing.assert_allclose(score.probabilities, 0.1)


def test_posteriors_are_probabilities(scorer: Scorer) -> None:
    for score in Analyzer(scorer).analyze(Track(SOUND, RATE_HZ)):
        assert score.probabilities.dtype == np.float32
        assert score.probabilities.shape == (10,)
        assert score.probabilities.min() >= 0
        assert float(score.probabilities.sum()) == pytest.approx(1, abs=1e-5)


def test_a_track_at_another_rate_is_refused(scorer: Scorer) -> None:
    with pytest.raises(ParameterError, match=r"44100 Hz.*22050 Hz"):
        next(Analyzer(scorer).analyze(Track(SOUND, 44_100)))


def test_a_reader_who_leaves_early_leaves_nothing_behind(scorer: Scorer) -> None:
    analyzer = Analyzer(scorer, hop_seconds=0.1)
    scores = analyzer.analyze(Track(SOUND, RATE_HZ))
    next(scores)
    scores.close()  # type: ignore[attr-defined]
    assert len(list(analyzer.analyze(Track(SOUND, RATE_HZ)))) > 50


@pytest.mark.parametrize("rate_hz", [22_050, 44_100])
def test_a_file_scored_while_it_is_decoded_gives_the_result_of_the_whole_track(scorer: Scorer, rate_hz: int) -> None:
    content = encoded(np.stack([chord(10.7, rate_hz=rate_hz)] * 2, axis=1), rate_hz=rate_hz)
    analyzer = Analyzer(scorer, hop_seconds=1.0)
    whole = classify(analyzer, decode(content, name="chord"))
    assert classify_blocks(analyzer, decode_blocks(content, name="chord"), name="chord") == whole
    with pytest.raises(AudioTooShortError, match=r"1\.00 s"):
        classify_blocks(analyzer, decode_blocks(encoded(chord(1.0))), name="short")


@pytest.mark.parametrize("offset", [0.005, 0.05])
def test_an_offset_that_nobody_hears_changes_no_verdict(scorer: Scorer, offset: float) -> None:
    analyzer = Analyzer(scorer, hop_seconds=3.0)
    track = decode(SAMPLES_FOLDER / "medley.ogg")
    shifted = Track(track.samples + np.float32(offset), RATE_HZ)
    pairs = list(zip(analyzer.analyze(track), analyzer.analyze(shifted), strict=True))
    changed = [a.state != b.state or a.probabilities.argmax() != b.probabilities.argmax() for a, b in pairs]
    assert len(changed) > 20
    assert not any(changed)
