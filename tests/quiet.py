"""Tests that listen in real time have the machine to themselves: no other test runs beside them, on whichever worker.

A browser beside a test that computes on all cores loses stretches of sound, and what is heard is then no longer what
was played. Such tests bear ``@pytest.mark.listens``.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".cache" / "quiet"


@contextmanager
def turn(*, alone: bool, folder: Path = FOLDER) -> Iterator[None]:
    """Hold a turn beside others, or alone, among all processes that use the folder.

    Who waits for a turn alone also holds the gate, so that nobody who comes later goes before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "gate").open("wb") as gate, (folder / "turn").open("wb") as turns:
        fcntl.flock(gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(turns, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(turns, fcntl.LOCK_UN)  # A child forked meanwhile holds the file open, and the lock with it.
