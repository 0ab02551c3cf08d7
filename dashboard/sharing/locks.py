"""Locks between the processes of a host. The system lets go of one when its holder ends, however it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where one process serves
    fcntl = None  # type: ignore[assignment]


class FileLock:
    """Lets one thread of one process at a time work.

    Parameters
    ----------
    path : Path
        A file that stands for what is locked; made when missing, never removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for one's turn, and have it."""
        with self._threads, self._path.open("ab") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)  # closing the file lets go of it
            yield


def try_to_hold(file: IO[bytes]) -> bool:
    """Take hold of an open file until it is closed; False if another process, or another opening, holds it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
