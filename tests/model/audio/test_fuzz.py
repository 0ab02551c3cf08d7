"""Three hundred damaged files: none crashes the decoder, hangs, or gives anything but sound or an error of its own."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

FOUND = sorted((Path(__file__).parent / "found").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="its limit of memory is set by Unix's resource module")
def test_damaged_files_are_heard_or_refused() -> None:
    from tests.model.audio.fuzz import run

    result = run(300, seed=7)
    assert result["faults"] == {}
    assert sum(result["outcomes"].values()) == 300
    assert result["outcomes"]["heard"] > 50
    assert result["longest_seconds"] < 10
    assert result["peak_memory_mib"] < 600


@pytest.mark.skipif(sys.platform == "win32", reason="its limit of memory is set by Unix's resource module")
def test_what_damage_once_broke_is_heard_or_refused() -> None:
    from tests.model.audio.fuzz import FAULT, limit_memory, outcome_or_fault

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=limit_memory) as alone:
        outcomes = dict(zip(FOUND, alone.map(outcome_or_fault, [path.read_bytes() for path in FOUND]), strict=True))
    assert outcomes
    assert not {path.name: what for path, what in outcomes.items() if what.startswith(FAULT)}
