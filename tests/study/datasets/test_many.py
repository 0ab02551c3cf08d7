"""Many files at once: the first array of each process is computed alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.study.datasets.many import compute_all


def when(path: Path) -> NDArray[np.float64]:
    """By whom it was computed, from when to when."""
    begun = time.monotonic()
    time.sleep(0.05)
    return np.array([os.getpid(), begun, time.monotonic()])


def test_the_first_array_of_each_process_is_computed_alone(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.wav" for number in range(16)]
    for path in paths:
        path.write_bytes(path.name.encode())
    arrays, failures = compute_all(paths, when, key="k", cache_folder=tmp_path / "cache", n_workers=2, progress=False)
    assert not failures
    firsts = {pid: (begun, ended) for pid, begun, ended in sorted(map(tuple, arrays.values()), reverse=True)}
    assert len(firsts) == 2
    (_, first_ended), (second_begun, _) = sorted(firsts.values())
    assert first_ended <= second_begun
