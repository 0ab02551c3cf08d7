"""Windows: integer samples, every sample heard, and any chunking of a stream equal to the whole."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import ParameterError
from model.params import AudioParams
from model.windows import Windower, hop_from_seconds, window_starts


def _windows(
    samples: np.ndarray, cuts: list[int], window_samples: int, hop_samples: int
) -> list[tuple[int, int, int, bytes]]:
    windower = Windower(window_samples=window_samples, hop_samples=hop_samples)
    windows = [w for chunk in np.split(samples, cuts) for w in windower.feed(chunk)]
    windows += windower.finish()
    return [(w.index, w.start_sample, w.end_sample, w.samples.tobytes()) for w in windows]


@given(st.data())
def test_any_chunking_of_a_stream_gives_the_windows_of_the_whole(data: st.DataObject) -> None:
    window_samples = data.draw(st.integers(1, 40))
    hop_samples = data.draw(st.integers(1, window_samples))
    samples = np.arange(data.draw(st.integers(0, 300)), dtype=np.float32)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(samples)), max_size=12)))
    whole = _windows(samples, [], window_samples, hop_samples)
    assert _windows(samples, cuts, window_samples, hop_samples) == whole
    assert [w[1] for w in whole] == window_starts(len(samples), window_samples=window_samples, hop_samples=hop_samples)
    for _, start, end, content in whole:
        assert content == samples[start:end].tobytes()


@given(st.integers(0, 500), st.integers(1, 40), st.data())
def test_all_of_a_track_is_heard_but_less_than_a_tenth_of_a_hop(
    n_samples: int, window_samples: int, data: st.DataObject
) -> None:
    hop_samples = data.draw(st.integers(1, window_samples))
    starts = window_starts(n_samples, window_samples=window_samples, hop_samples=hop_samples)
    heard = {s for start in starts for s in range(start, start + window_samples)}
    if n_samples < window_samples:
        assert not heard
    else:
        assert heard == set(range(len(heard)))
        assert 10 * (n_samples - len(heard)) < hop_samples


@pytest.mark.parametrize(("rest_samples", "starts"), [(0, [0]), (10, [0]), (11, [0, 11])])
def test_a_rest_counts_from_a_tenth_of_a_hop_on(rest_samples: int, starts: list[int]) -> None:
    assert list(window_starts(110 + rest_samples, window_samples=110, hop_samples=110)) == starts


def test_the_last_window_ends_with_the_track() -> None:
    assert window_starts(100, window_samples=30, hop_samples=30) == [0, 30, 60, 70]
    assert window_starts(90, window_samples=30, hop_samples=30) == [0, 30, 60]
    assert window_starts(92, window_samples=30, hop_samples=30) == [0, 30, 60]
    assert window_starts(29, window_samples=30, hop_samples=30) == []


def test_a_windower_keeps_no_more_than_it_needs() -> None:
    windower = Windower(window_samples=100, hop_samples=10)
    just_made = len(pickle.dumps(windower))
    for _ in range(50):
        list(windower.feed(np.zeros(33, np.float32)))
        assert len(pickle.dumps(windower)) < just_made + 133 * 4 + 50  # 133 samples and a few numbers


def test_a_finished_windower_starts_afresh() -> None:
    windower = Windower(window_samples=10, hop_samples=5)
    first = [w.start_sample for w in windower.feed(np.zeros(23))] + [w.start_sample for w in windower.finish()]
    again = [w.start_sample for w in windower.feed(np.zeros(23))] + [w.start_sample for w in windower.finish()]
    assert first == again == [0, 5, 10, 13]


@pytest.mark.parametrize("hop_seconds", [0.0, -1.0, 0.09, 3.01, float("nan")])
def test_a_hop_out_of_range_is_named_with_its_limits(hop_seconds: float) -> None:
    with pytest.raises(ParameterError, match=r"use 0\.1 to 3\.0 s"):
        hop_from_seconds(hop_seconds, AudioParams())


def test_a_hop_is_rounded_to_samples() -> None:
    assert hop_from_seconds(0.5, AudioParams()) == 11_025
    assert hop_from_seconds(1 / 3, AudioParams()) == 7_350


@pytest.mark.parametrize("hop_samples", [0, 11])
def test_a_windower_refuses_a_hop_that_would_skip_or_stand_still(hop_samples: int) -> None:
    with pytest.raises(ParameterError, match="1 to 10"):
        Windower(window_samples=10, hop_samples=hop_samples)


def test_stereo_is_refused() -> None:
    windower = Windower(window_samples=10, hop_samples=5)
    with pytest.raises(ParameterError, match=r"\(5, 2\)"):
        list(windower.feed(np.zeros((5, 2))))


@pytest.mark.parametrize("hop_seconds", [0.1, 3.0])
def test_the_shortest_and_the_longest_hop_are_allowed(hop_seconds: float) -> None:
    assert hop_from_seconds(hop_seconds, AudioParams()) == round(22_050 * hop_seconds)


def test_windows_are_numbered_from_0_and_hold_float32_whatever_is_fed() -> None:
    windower = Windower(window_samples=30, hop_samples=10)
    fed = np.arange(65, dtype=np.float64)
    windows = [*windower.feed(fed), *windower.finish()]
    assert [window.index for window in windows] == [0, 1, 2, 3, 4]
    assert [(window.start_sample, window.end_sample) for window in windows] == [
        *((start, start + 30) for start in (0, 10, 20, 30, 35)),
    ]
    for window in windows:
        assert window.samples.dtype == np.float32
        np.testing.assert_array_equal(window.samples, fed[window.start_sample : window.end_sample])
