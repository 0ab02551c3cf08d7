"""The messages: exact, complete, and the same in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.api.problem import problem_of
from dashboard.library.record import Entry
from dashboard.listening import messages as wire
from model.checkpoint import DEFAULT_CHECKPOINT, read_card
from model.errors import AudioTooShortError
from model.scorer import State, WindowScore
from model.summary import RunningSummary

CARD = read_card(DEFAULT_CHECKPOINT)


def score(probabilities: np.ndarray, index: int = 0, state: State = State.MUSIC) -> WindowScore:
    start = index * 11_025
    return WindowScore(index, start, start + 66_150, probabilities.astype(np.float32), state, -18.2345)


@given(st.lists(st.floats(0, 1, width=32), min_size=10, max_size=10))
def test_probabilities_read_back_as_the_same_float32(values: list[float]) -> None:
    probabilities = np.array(values, np.float32)
    running = RunningSummary(10)
    window = score(probabilities)
    read = json.loads(wire.line(wire.window(window, running.add(window), CARD.genres)))
    assert np.array_equal(np.array(read["p"], np.float32), probabilities)


def test_a_message_is_one_line() -> None:
    problem = problem_of(AudioTooShortError("a\nb\u2028ü lasts 1 s"), "/x")
    written = wire.line(wire.error(problem))
    assert written.count(b"\n") == 1
    assert written.endswith(b"\n")
    assert json.loads(written)["problem"]["detail"] == "a\nb\u2028ü lasts 1 s"


def test_the_header_tells_how_many_windows_follow() -> None:
    header = wire.header("0" * 32, CARD, n_samples=66_150 + 11_025 + 5_000, hop_samples=11_025)
    assert header["n_windows"] == 3  # two on the grid and one that ends with the track
    assert header["version"] == 1
    assert header["genres"] == list(CARD.genres)
    assert (header["sample_rate"], header["window_samples"]) == (22_050, 66_150)


def test_a_window_tells_its_place_in_samples() -> None:
    running = RunningSummary(10)
    window = score(np.full(10, 0.1), index=2)
    message = wire.window(window, running.add(window), CARD.genres)
    assert (message["start"], message["end"]) == (22_050, 88_200)
    assert message["level_dbfs"] == -18.23


@pytest.mark.parametrize(("state", "named"), [(State.MUSIC, "jazz"), (State.SILENCE, None), (State.UNSURE, None)])
def test_a_window_names_a_genre_only_for_music(state: State, named: str | None) -> None:
    running = RunningSummary(10)
    window = score(np.eye(10)[5], state=state)
    message = wire.window(window, running.add(window), CARD.genres)
    assert (message["genre"], message["so_far"]["genre"]) == (named, named)


def test_the_summary_names_a_genre_only_for_music() -> None:
    for state, named in ((State.MUSIC, "jazz"), (State.SILENCE, None), (State.UNSURE, None)):
        running = RunningSummary(10)
        running.add(score(np.eye(10)[5], state=state))
        assert wire.summary(running.summary, CARD.genres)["genre"] == named


def test_a_track_tells_nothing_of_its_file() -> None:
    entry = Entry("0" * 32, "Song", "upload", Path("/secret/a"), Path("/secret/b"), 66_150, "WAV PCM_16")
    assert "secret" not in json.dumps(wire.track(entry, 22_050))


def test_the_table_holds_the_same_numbers() -> None:
    running = RunningSummary(10)
    windows = [score(np.random.default_rng(i).dirichlet(np.ones(10)), index=i) for i in range(3)]
    lines = [wire.line(wire.header("0" * 32, CARD, n_samples=88_200, hop_samples=11_025))]
    lines += [wire.line(wire.window(window, running.add(window), CARD.genres)) for window in windows]
    lines += [wire.line(wire.summary(running.summary, CARD.genres)), wire.line(wire.end())]
    rows = list(csv.DictReader(io.StringIO("".join(wire.csv_rows(lines)))))
    assert [row["index"] for row in rows] == ["0", "1", "2"]
    assert [row["end_seconds"] for row in rows] == ["3.000000", "3.500000", "4.000000"]
    for row, window in zip(rows, windows, strict=True):
        read = np.array([row[genre] for genre in CARD.genres], np.float32)
        assert np.array_equal(read, window.probabilities)


def test_a_table_that_breaks_off_says_so() -> None:
    problem = problem_of(AudioTooShortError('a "b" lasts 1 s'), "/x")
    rows = list(csv.reader(io.StringIO("".join(wire.csv_rows([wire.line(wire.error(problem))])))))
    assert rows == [["", "", "", "error", 'a "b" lasts 1 s']]


def test_numbers_that_json_has_not_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        wire.line({"type": "window", "level_dbfs": float("nan")})  # type: ignore[typeddict-item]
