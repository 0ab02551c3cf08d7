"""What a process that decodes may use, held by the system itself."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

_MOST_OPEN_FILES: Final = 32


def limit(*, memory_mib: float, cpu_seconds: int) -> None:
    """Let the system hold this process to its bounds: it writes no file, and opens few.

    Parameters
    ----------
    memory_mib : float
        Address space beyond what it has now.
    cpu_seconds : int
        Processor time.
    """
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        memory = _address_space_bytes() + int(memory_mib * 2**20)
        limits = (
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, _MOST_OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        )
        for kind, most in limits:
            with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
                resource.setrlimit(kind, (most, most))


def _address_space_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
