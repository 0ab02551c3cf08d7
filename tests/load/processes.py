"""What a program's processes hold, read from Linux's /proc."""

from __future__ import annotations

import contextlib
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as they are still there."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def resident_mib(pids: list[int]) -> float:
    """Their memory, shared parts counted once a process."""
    return round(sum(_status_kib(pid, "VmRSS:") for pid in pids) / 1024, 1)


def descriptors(pids: list[int]) -> int:
    """Their open files and sockets."""
    n = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            n += sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return n


def threads(pids: list[int]) -> int:
    """Their threads."""
    return sum(_status_kib(pid, "Threads:") for pid in pids)


def _status_kib(pid: int, what: str) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        found = Path(f"/proc/{pid}/status").read_text().partition(what)[2].split()
        return int(found[0]) if found else 0
    return 0
