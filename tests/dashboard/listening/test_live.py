"""Listening live: the scores of the file for any chunking, shed windows, gaps, places and coming back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from dashboard.errors import BusyError
from dashboard.listening.hearing import Ear, Heard, Hearing, Shed
from dashboard.listening.live import Live, LiveSession
from dashboard.settings import Settings
from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.errors import ParameterError
from model.scorer import Scorer, WindowScore
from model.sources.block import Block
from model.sources.follow import Gap
from tests.sounds import RATE_HZ, chord, encoded

INT16 = (chord(4.6, rate_hz=48_000, level=0.5) * 32_767).astype("<i2")
PCM = INT16.tobytes()


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


@pytest.fixture(scope="module")
def filed(scorer: Scorer) -> list[WindowScore]:
    track = decode(encoded(INT16, rate_hz=48_000, subtype="PCM_16"))
    return list(Analyzer(scorer, hop_seconds=0.5).analyze(track))


def ear(scorer: Scorer, name: str = "one", hop_seconds: float = 0.5) -> Ear:
    return Ear(name, scorer, hop_seconds)


def session(scorer: Scorer, *, backlog_seconds: float = 60.0, at: int = 0) -> LiveSession:
    return LiveSession(Hearing([ear(scorer)], backlog_seconds=backlog_seconds), rate_hz=48_000, at=at)


@tried(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_live_scores_are_those_of_the_file(scorer: Scorer, filed: list[WindowScore], data: st.DataObject) -> None:
    listening = session(scorer)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(PCM)), max_size=30)))
    heard = []
    for start, end in zip([0, *cuts], [*cuts, len(PCM)], strict=True):
        assert listening.feed(PCM[start:end]) is None
        if data.draw(st.booleans()):
            heard += listening.hearing.scores()
    listening.finish()
    heard += listening.hearing.scores()
    assert [each.score.end_sample for each in heard] == [score.end_sample for score in filed]
    for each, score in zip(heard, filed, strict=True):
        np.testing.assert_allclose(each.score.probabilities, score.probabilities, atol=1e-4)
    assert heard[-1].so_far.n_windows == len(filed)


def test_two_models_hear_one_sound(scorer: Scorer, filed: list[WindowScore]) -> None:
    hearing = Hearing([ear(scorer), ear(scorer, "two", 1.0)], backlog_seconds=60)
    listening = LiveSession(hearing, rate_hz=48_000)
    listening.feed(PCM)
    listening.finish()
    heard = list(hearing.scores())
    assert [each.ear.name for each in heard] == ["one"] * len(filed) + ["two"] * 3
    assert all(isinstance(each, Heard) and each.arrived <= time.time() for each in heard)


def test_too_great_a_backlog_sheds_the_oldest_windows_and_says_so(scorer: Scorer) -> None:
    hearing = Hearing([ear(scorer)], backlog_seconds=1.0)
    hearing.take(Block(0, chord(8.0)))
    assert hearing.backlog_samples == 5 * RATE_HZ
    shed, *heard = hearing.scores()
    assert isinstance(shed, Shed)
    assert (shed.first, shed.last) == (0, 7)
    assert [each.score.index for each in heard] == [8, 9, 10]
    assert heard[-1].so_far.n_windows == 3
    assert hearing.backlog_samples == 0


def test_a_gap_is_told_and_windows_start_anew_behind_it(scorer: Scorer) -> None:
    listening = session(scorer)
    listening.feed(PCM)
    listening.skip(24_000)
    listening.skip(24_000)
    listening.feed(PCM)
    told = list(listening.hearing.scores())
    first, second = (place for place, each in enumerate(told) if isinstance(each, Gap))
    assert second == first + 1
    assert told[first] == Gap(round(4.6 * RATE_HZ), round(5.1 * RATE_HZ))
    assert told[second] == Gap(round(5.1 * RATE_HZ), round(5.6 * RATE_HZ))
    before, behind = (
        [each.score for each in part if isinstance(each, Heard)] for part in (told[:first], told[second:])
    )
    assert before[-1].end_sample == round(4.6 * RATE_HZ)  # what the stretch ended with
    assert behind[0].start_sample == round(5.6 * RATE_HZ)
    assert listening.n_samples == 2 * len(INT16) + 48_000


def test_what_is_told_is_in_order_of_time_wherever_sound_is_missing(scorer: Scorer) -> None:
    listening = LiveSession(Hearing([ear(scorer)], backlog_seconds=60), rate_hz=48_000)
    ends = []
    for n_bytes, n_missing in ((2 * 149_000, 7_001), (2 * 160_013, 31_000), (2 * 3_000, 500), (2 * 150_000, 0)):
        listening.feed((2 * PCM)[:n_bytes])
        listening.skip(n_missing)
        for each in listening.hearing.scores():
            assert not isinstance(each, Shed)
            ends.append(each.end_sample if isinstance(each, Gap) else each.score.end_sample)
    assert len(ends) >= 8
    assert ends == sorted(ends)


def test_a_session_may_go_on_at_a_later_place(scorer: Scorer) -> None:
    listening = session(scorer, at=96_000)
    listening.feed(PCM)
    first = next(iter(listening.hearing.scores()))
    assert isinstance(first, Heard)
    assert first.score.start_sample == 2 * RATE_HZ
    assert listening.seconds == pytest.approx(4.6)


def test_a_stream_never_goes_back(scorer: Scorer) -> None:
    with pytest.raises(ParameterError):
        session(scorer).skip(-1)


@pytest.fixture
def limits() -> Settings:
    return replace(Settings(), live_sessions=3, live_visitor_sessions=2, live_resume_seconds=0.2)


def test_places_are_limited_for_each_visitor_and_in_all(limits: Settings) -> None:
    live = Live(limits)
    with live.place("ann"), live.place("ann"):
        with pytest.raises(BusyError, match="You listen to 2 sounds already"), live.place("ann"):
            pass
        with live.place("bob"), pytest.raises(BusyError, match="3 sounds are listened to"), live.place("eve"):
            pass
        with live.place("eve"):
            assert live.n_listening == 3
    assert live.n_listening == 0


def test_listening_live_can_be_turned_off(limits: Settings) -> None:
    with pytest.raises(BusyError, match="turned off"), Live(replace(limits, live_sessions=0)).place("ann"):
        pass


def test_only_its_listener_may_come_back_to_a_session(limits: Settings, scorer: Scorer) -> None:
    live, listening, given_up = Live(limits), session(scorer), []
    live.park(listening, "ann", lambda: given_up.append("ann"))
    assert live.resume(listening.id, "bob") is None
    assert live.resume(listening.id, "ann") is listening
    assert live.resume(listening.id, "ann") is None
    time.sleep(0.3)
    assert given_up == []


def test_a_session_to_which_nobody_comes_back_is_given_up(limits: Settings, scorer: Scorer) -> None:
    live, listening, given_up = Live(limits), session(scorer), []
    live.park(listening, "ann", lambda: given_up.append("ann"))
    time.sleep(0.4)
    assert given_up == ["ann"]
    assert live.resume(listening.id, "ann") is None


def test_closing_gives_up_those_who_are_away_and_lets_nobody_in(limits: Settings, scorer: Scorer) -> None:
    live, given_up = Live(replace(limits, live_resume_seconds=60)), []
    live.park(session(scorer), "ann", lambda: given_up.append("ann"))
    live.close()
    assert given_up == ["ann"]
    with pytest.raises(BusyError, match="being stopped"), live.place("bob"):
        pass
