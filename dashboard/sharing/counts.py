"""Who takes part at the moment, and how often who has asked: counted over all workers."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import struct
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from dashboard.sharing.locks import FileLock, try_to_hold

_SLOTS: Final = 2**16
_SLOT: Final = struct.Struct("<QII")
"""Whose it is, the number of its window of time, and how often."""


class FullError(Exception):
    """There is no place left: for this one (`is_own`), or for all."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("no place left")
        self.is_own = is_own


class Counts(Protocol):
    """Counts for all workers."""

    @contextmanager
    def place(self, group: str, who: str, *, most: int, most_of_one: int) -> Iterator[None]:
        """Have one of `most` places in a group, of which one may have so many; raises `FullError`."""

    def hits(self, who: str, seconds: float) -> int:
        """Count one more request of someone; give how many there were in this stretch of time."""


class CountsOfOne:
    """Counts of the only worker, in its memory.

    Parameters
    ----------
    clock : callable, optional
        Gives the time in seconds; it never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, Counter[str]] = {}
        self._hits = HitTable(None, clock)

    @contextmanager
    def place(self, group: str, who: str, *, most: int, most_of_one: int) -> Iterator[None]:
        """Have a place; see `Counts`."""
        with self._lock:
            taken = self._places.setdefault(group, Counter())
            refuse_if_full(taken, who, most=most, most_of_one=most_of_one)
            taken[who] += 1
        try:
            yield
        finally:
            with self._lock:
                taken[who] -= 1
                taken += Counter()  # forgets those at zero

    def hits(self, who: str, seconds: float) -> int:
        """Count a request; see `Counts`."""
        return self._hits.hit(who, seconds)


class CountsOnDisk:
    """Counts of all workers of a host, in files.

    A place is a file that its worker holds locked: where a worker is killed, the system lets go of it, and the place is
    free at once. No clock has a part in it.

    Parameters
    ----------
    folder : Path
        For them alone; made when missing.
    clock : callable, optional
        Gives the time in seconds, the same to all workers; it never goes back.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._entering = FileLock(folder / "lock")
        self._hits = HitTable(folder / "hits", clock)

    @contextmanager
    def place(self, group: str, who: str, *, most: int, most_of_one: int) -> Iterator[None]:
        """Have a place; see `Counts`."""
        with contextlib.ExitStack() as stack:
            with self._entering():
                refuse_if_full(self._taken(group), who, most=most, most_of_one=most_of_one)
                prefix = f"{group}-{short_name(who)}-"
                mine = stack.enter_context(tempfile.NamedTemporaryFile(dir=self._folder, prefix=prefix, suffix=".in"))
                try_to_hold(mine.file)
            yield

    def hits(self, who: str, seconds: float) -> int:
        """Count a request; see `Counts`."""
        return self._hits.hit(who, seconds)

    def _taken(self, group: str) -> Counter[str]:
        """Count those who are still there, by their short names; remove what killed workers left."""
        taken: Counter[str] = Counter()
        for path in self._folder.glob(f"{group}-*.in"):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                if try_to_hold(file):
                    path.unlink()
                else:
                    taken[path.name.split("-")[1]] += 1
        return taken


class HitTable:
    """Counts requests in a table of fixed size, which workers may share; where two names fall together, the later wins.

    Parameters
    ----------
    path : Path or None
        Of the table, if it is shared.
    clock : callable
        Gives the time in seconds.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock: Callable[[], contextlib.AbstractContextManager[object]]
        if path is None:
            self._table = mmap.mmap(-1, _SLOTS * _SLOT.size)
            lock = threading.Lock()
            self._lock = lambda: lock
            return
        with path.open("a+b") as file:
            file.truncate(_SLOTS * _SLOT.size)
            self._table = mmap.mmap(file.fileno(), _SLOTS * _SLOT.size)
        self._lock = FileLock(path.with_suffix(".lock"))

    def hit(self, who: str, seconds: float) -> int:
        """Count one more; give how many there were in this stretch of `seconds`."""
        name = int.from_bytes(hashlib.blake2b(who.encode(), digest_size=8).digest(), "little")
        place = name % _SLOTS * _SLOT.size
        stretch = int(self._clock() / seconds) & 0xFFFFFFFF
        with self._lock():
            known, since, n = _SLOT.unpack_from(self._table, place)
            n = n + 1 if (known, since) == (name, stretch) else 1
            _SLOT.pack_into(self._table, place, name, stretch, min(n, 0xFFFFFFFF))
        return int(n)


def refuse_if_full(taken: Counter[str], who: str, *, most: int, most_of_one: int) -> None:
    """Refuse one more.

    Raises
    ------
    FullError
        If there is no place left.
    """
    if max(taken[who], taken[short_name(who)]) >= most_of_one:
        raise FullError(is_own=True)
    if taken.total() >= most:
        raise FullError(is_own=False)


def short_name(who: str) -> str:
    """Shorten a name to what may stand in a file's name or a key, and tells nothing."""
    return hashlib.blake2b(who.encode(), digest_size=8).hexdigest()
