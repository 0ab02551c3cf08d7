"""Work that only a few may do at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dashboard.errors import BusyError

_PATIENCE_SECONDS: Final = 30.0


class Turns:
    """Lets a few work at a time, and the others wait for a while.

    Parameters
    ----------
    n : int
        How many.
    """

    def __init__(self, n: int) -> None:
        self._free = threading.BoundedSemaphore(n)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for one's turn, and have it.

        Raises
        ------
        BusyError
            If it does not come within half a minute.
        """
        if not self._free.acquire(timeout=_PATIENCE_SECONDS):
            raise BusyError("Too many tracks are being worked on at this moment; try again in a few seconds.")
        try:
            yield
        finally:
            self._free.release()
