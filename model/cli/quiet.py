"""Keep the native libraries' chatter off a command's standard error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_native_start() -> Iterator[None]:
    """Drop what native code writes to standard error meanwhile.

    LiteRT greets the first interpreter of a process with an INFO line that no option turns off. Python's own errors
    are raised as ever. Use it in a process that does nothing else at that moment.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
