"""How far a scan has come: how many, how fast, how long still."""

from __future__ import annotations

import sys
import time
from collections import deque
from typing import Final, TextIO

_RATE_OVER_SECONDS: Final = 60.0
_TERMINAL_SECONDS: Final = 0.5
_LOG_SECONDS: Final = 10.0


class Progress:
    """Says now and then how far a scan has come: one line that changes in a terminal, a line every 10 s elsewhere.

    Parameters
    ----------
    n_to_do : int
        Files to see to.
    out : text file, optional
        Standard error by default.
    """

    def __init__(self, n_to_do: int, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._n_to_do = n_to_do
        self._n_done = 0
        self._n_failed = 0
        self._is_terminal = self._out.isatty()
        self._recent = deque([(time.monotonic(), 0)])
        self._said_at = time.monotonic()

    def add(self, *, failed: bool) -> None:
        """Count one more file."""
        self._n_done += 1
        self._n_failed += failed
        now = time.monotonic()
        if now - self._said_at >= (_TERMINAL_SECONDS if self._is_terminal else _LOG_SECONDS):
            self._recent.append((now, self._n_done))
            while now - self._recent[0][0] > _RATE_OVER_SECONDS and len(self._recent) > 2:
                self._recent.popleft()
            self._said_at = now
            self._say()

    def end(self) -> None:
        """Leave the line that changed."""
        if self._is_terminal and self._n_done:
            self._say()
            print(file=self._out)

    def line(self) -> str:
        """Word it: ``1,240 of 2,000 tracks, 3 failed; 24.1 tracks/s, 0:31 left``."""
        (then, before), now = self._recent[0], time.monotonic()
        rate = (self._n_done - before) / max(now - then, 1e-9)
        failed = f", {self._n_failed:,} failed" if self._n_failed else ""
        left = f", {clock((self._n_to_do - self._n_done) / rate)} left" if rate else ""
        return f"{self._n_done:,} of {self._n_to_do:,} tracks{failed}; {rate:.1f} tracks/s{left}"

    def _say(self) -> None:
        line = self.line()
        print(f"\r{line:<70}" if self._is_terminal else line, end="" if self._is_terminal else "\n", file=self._out)
        self._out.flush()


def clock(seconds: float) -> str:
    """Write a duration.

    Examples
    --------
    >>> clock(31.4), clock(7384)
    ('0:31', '2:03:04')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
