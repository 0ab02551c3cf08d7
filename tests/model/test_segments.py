"""Where the music changes: robust to a stray window, whole over short silence, the same at every hop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scorer import State, WindowScore
from model.segments import segments

RATE_HZ = 22_050
WINDOW = 3 * RATE_HZ


def scores(genres: list[int | None], hop: int = RATE_HZ // 2, state: State = State.MUSIC) -> list[WindowScore]:
    """Windows of surely heard genres; None is silence."""
    return [
        WindowScore(
            place,
            place * hop,
            place * hop + WINDOW,
            np.full(3, 1 / 3, np.float32) if genre is None else (0.04 + 0.88 * np.eye(3)[genre]).astype(np.float32),
            State.SILENCE if genre is None else state,
            -20.0,
        )
        for place, genre in enumerate(genres)
    ]


def course(windows: list[WindowScore]) -> list[tuple[float, float, int | None]]:
    return [(each.start_sample / RATE_HZ, each.end_sample / RATE_HZ, each.genre) for each in segments(windows)]


@pytest.mark.parametrize("hop", [RATE_HZ // 2, WINDOW])
@pytest.mark.parametrize(("before", "after"), [(0, 2), (1, 2), (2, 1)])
def test_a_change_is_found_between_the_windows_at_any_hop(hop: int, before: int, after: int) -> None:
    per = 20 * RATE_HZ // hop
    (start, change, first), (again, end, second) = course(scores([before] * per + [after] * per, hop))
    assert (start, first, second) == (0, before, after)
    assert change == again == pytest.approx((per - 0.5) * hop / RATE_HZ + 1.5, abs=0.01)
    assert end == (2 * per - 1) * hop / RATE_HZ + 3


def test_stray_windows_change_nothing() -> None:
    assert [genre for *_, genre in course(scores([0] * 20 + [1, 1] + [0] * 20))] == [0]


def test_a_long_silence_divides_and_a_short_one_does_not() -> None:
    assert len(course(scores([0] * 20 + [None] * 3 + [0] * 20))) == 1
    (_, end, _), (start, *_) = course(scores([0] * 20 + [None] * 20 + [0] * 20))
    assert start - end >= 3


@pytest.mark.parametrize(("n_silent", "n_stretches"), [(1, 1), (2, 2)])
def test_silence_is_long_from_two_windows_on(n_silent: int, n_stretches: int) -> None:
    assert len(course(scores([0] * 9 + [None] * n_silent + [0] * 9, WINDOW))) == n_stretches


@pytest.mark.parametrize("genre", [0, 2])
def test_what_the_network_says_of_silence_does_not_count(genre: int) -> None:
    windows = scores([0] * 20 + [None] * 3 + [2] * 20)
    surely = scores([genre])[0].probabilities
    loud = [replace(window, probabilities=surely) if window.state is State.SILENCE else window for window in windows]
    assert segments(loud) == segments(windows)


def test_edges_are_whole_samples() -> None:
    found = segments(scores([0] * 40 + [1] * 40))
    assert [type(edge) for each in found for edge in (each.start_sample, each.end_sample)] == 4 * [int]


def test_all_silence_has_none_and_an_unsure_stretch_no_genre() -> None:
    assert segments(scores([None] * 5)) == []
    (segment,) = segments(scores([0] * 9, state=State.UNSURE))
    assert (segment.genre, segment.state) == (None, State.UNSURE)


@given(st.lists(st.sampled_from([0, 1, 2, None]), min_size=1, max_size=60))
def test_stretches_are_in_order_and_lie_within_the_track(genres: list[int | None]) -> None:
    windows = scores(genres)
    found = segments(windows)
    edges = [edge for each in found for edge in (each.start_sample, each.end_sample)]
    assert edges == sorted(edges)
    assert all(each.start_sample < each.end_sample for each in found)
    assert not edges or (edges[0] >= 0 and edges[-1] <= windows[-1].end_sample)
    assert bool(found) == any(genre is not None for genre in genres)


def test_a_stretch_is_music_unless_most_of_it_is_unsure() -> None:
    half = [*scores([0, 0], WINDOW), *scores([0, 0, 0, 0], WINDOW, State.UNSURE)[2:]]
    assert [(each.genre, each.state) for each in segments(half)] == [(0, State.MUSIC)]
    more = [*scores([0, 0], WINDOW), *scores([0, 0, 0, 0, 0], WINDOW, State.UNSURE)[2:]]
    assert [(each.genre, each.state) for each in segments(more)] == [(None, State.UNSURE)]
