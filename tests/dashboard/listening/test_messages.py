"""The messages: exact, complete, and the same in every form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.library.record import TrackRecord
from dashboard.listening import messages
from model.checkpoint import DEFAULT_CHECKPOINT, read_card
from model.scorer import State, WindowScore
from model.segments import Segment
from model.summary import RunningSummary

CARD = read_card(DEFAULT_CHECKPOINT)


def score(probabilities: np.ndarray, index: int = 0, state: State = State.MUSIC) -> WindowScore:
    start = index * 11_025
    return WindowScore(index, start, start + 66_150, probabilities.astype(np.float32), state, -18.2345)


def song(n_samples: int) -> TrackRecord:
    return TrackRecord(
        "0" * 32, "Song", "upload", Path("/secret/a"), Path("/secret/b"), n_samples, "WAV PCM_16", 22_050, 1
    )


@given(st.lists(st.floats(0, 1, width=32), min_size=10, max_size=10))
def test_probabilities_read_back_as_the_same_float32(values: list[float]) -> None:
    probabilities = np.array(values, np.float32)
    running = RunningSummary(10)
    window = score(probabilities)
    read = json.loads(json.dumps(messages.window(window, running.add(window), CARD.genres)))
    assert np.array_equal(np.array(read["p"], np.float32), probabilities)


def test_the_header_tells_how_many_windows_follow() -> None:
    header = messages.header(song(66_150 + 11_025 + 5_000), CARD, hop_samples=11_025)
    assert header["n_windows"] == 3  # two on the grid and one that ends with the track
    assert header["version"] == 1
    assert header["genres"] == list(CARD.genres)
    assert (header["sample_rate"], header["window_samples"]) == (22_050, 66_150)


def test_a_window_tells_its_place_in_samples() -> None:
    running = RunningSummary(10)
    window = score(np.full(10, 0.1), index=2)
    message = messages.window(window, running.add(window), CARD.genres)
    assert (message["start"], message["end"]) == (22_050, 88_200)
    assert message["level_dbfs"] == -18.23


@pytest.mark.parametrize(("state", "named"), [(State.MUSIC, "jazz"), (State.SILENCE, None), (State.UNSURE, None)])
def test_a_window_names_a_genre_only_for_music(state: State, named: str | None) -> None:
    running = RunningSummary(10)
    window = score(np.eye(10)[5], state=state)
    message = messages.window(window, running.add(window), CARD.genres)
    assert (message["genre"], message["so_far"]["genre"]) == (named, named)


def test_the_summary_names_a_genre_only_for_music() -> None:
    for state, named in ((State.MUSIC, "jazz"), (State.SILENCE, None), (State.UNSURE, None)):
        running = RunningSummary(10)
        running.add(score(np.eye(10)[5], state=state))
        assert messages.summary(running.summary, [], CARD.genres)["genre"] == named


def test_the_summary_tells_share_and_stretches_in_samples() -> None:
    running = RunningSummary(10)
    scores = [score(np.eye(10)[genre], index) for index, genre in enumerate((5, 5, 6, 6))]
    for each in scores:
        running.add(each)
    stretches = [Segment(0, 60_000, 5, State.MUSIC), Segment(60_000, 99_225, None, State.UNSURE)]
    message = messages.summary(running.summary, stretches, CARD.genres)
    assert (message["share"][5], message["share"][6]) == (0.5, 0.5)
    assert message["segments"] == [
        {"start": 0, "end": 60_000, "state": "music", "genre": "jazz"},
        {"start": 60_000, "end": 99_225, "state": "unsure", "genre": None},
    ]


def test_a_track_tells_nothing_of_its_file() -> None:
    assert "secret" not in json.dumps(messages.track(song(66_150), 22_050))
