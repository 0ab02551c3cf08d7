"""What a command prints, whatever the locale: nothing that a terminal cannot show ends a command or spoils its JSON."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def forgiving_output() -> Iterator[None]:
    r"""Escape what the locale's encoding cannot print, and end quietly where the reader has left.

    JSON has escapes of its own, which lose nothing. In everything else, characters beyond the encoding are written as
    ``\xe9`` or ``\u30c4``; so are bytes of a file's name that are no text in the locale.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout)


def _drop(stream: TextIO) -> None:
    """Send what is still to be written nowhere, or Python would complain of it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
