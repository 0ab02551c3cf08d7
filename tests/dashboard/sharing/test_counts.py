"""Places and hits: counted over threads, workers and what a killed worker leaves."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.serving.server import available_kind
from dashboard.settings import PROJECT_FOLDER
from dashboard.sharing.counts import Counts, CountsOfOne, CountsOnDisk, FullError

HOLD_PLACES = """
import contextlib, sys, time
from pathlib import Path
from dashboard.sharing.counts import CountsOnDisk
with contextlib.ExitStack() as stack:
    for who in ("ann", "bob"):
        stack.enter_context(CountsOnDisk(Path(sys.argv[1])).place("live", who, most=9, most_of_one=1))
    print(CountsOnDisk(Path(sys.argv[1])).hits("ann", 1e9), flush=True)
    time.sleep(60)
"""

needs_locks = pytest.mark.skipif(available_kind() != "gunicorn", reason="only gunicorn has several workers")


@pytest.fixture(params=["one", pytest.param("disk", marks=needs_locks)])
def counts(request: pytest.FixtureRequest, tmp_path: Path) -> Counts:
    return CountsOfOne() if request.param == "one" else CountsOnDisk(tmp_path / "counts")


@pytest.fixture
def other_worker(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A worker that holds a place for Ann and one for Bob, and has counted a hit of Ann's."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_PLACES, str(tmp_path / "counts")],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    yield process
    process.kill()
    process.communicate()


def test_places_are_limited_for_one_and_for_all(counts: Counts) -> None:
    with counts.place("live", "ann", most=3, most_of_one=2), counts.place("live", "ann", most=3, most_of_one=2):
        with pytest.raises(FullError) as refused, counts.place("live", "ann", most=3, most_of_one=2):
            pass
        assert refused.value.is_own
        with counts.place("live", "bob", most=3, most_of_one=2):
            with pytest.raises(FullError) as refused, counts.place("live", "eve", most=3, most_of_one=2):
                pass
            assert not refused.value.is_own
            with counts.place("other", "eve", most=1, most_of_one=1):
                pass
        with counts.place("live", "eve", most=3, most_of_one=2):
            pass
    with counts.place("live", "ann", most=1, most_of_one=1):
        pass


def test_hits_are_counted_within_a_stretch_of_time(tmp_path: Path) -> None:
    now = [1000.0]
    for counts in (CountsOfOne(lambda: now[0]), CountsOnDisk(tmp_path / "counts", lambda: now[0])):
        assert [counts.hits("ann", 60.0) for _ in range(3)] == [1, 2, 3]
        assert counts.hits("bob", 60.0) == 1
        now[0] += 60.0
        assert counts.hits("ann", 60.0) == 1


@needs_locks
def test_workers_count_together_and_a_killed_one_holds_no_place(
    tmp_path: Path, other_worker: subprocess.Popen[str]
) -> None:
    counts = CountsOnDisk(tmp_path / "counts")
    with pytest.raises(FullError) as refused, counts.place("live", "ann", most=9, most_of_one=1):
        pass
    assert refused.value.is_own
    with pytest.raises(FullError) as refused, counts.place("live", "eve", most=2, most_of_one=1):
        pass
    assert not refused.value.is_own
    assert counts.hits("ann", 1e9) == 2
    other_worker.kill()
    other_worker.wait()
    with contextlib.ExitStack() as stack:
        for who in ("ann", "bob"):
            stack.enter_context(counts.place("live", who, most=2, most_of_one=1))
    assert not list((tmp_path / "counts").glob("*.in"))
