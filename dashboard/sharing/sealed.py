"""A value with its own checksum, so that a damaged one is known as such; and what made it, so that none is old."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_DIGEST_BYTES: Final = 16
_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_MAKERS: Final = ("model/*.py", "model/audio/*.py", "model/descriptors/*.py", "model/weights/*.json",
                  "dashboard/listening/*.py", "dashboard/api/streams.py")  # fmt: skip


def seal(content: bytes) -> bytes:
    """Put a checksum before a value."""
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest() + content


def unseal(sealed: bytes) -> bytes | None:
    """Take the value out; None if it is not what was sealed."""
    content = sealed[_DIGEST_BYTES:]
    is_whole = hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest() == sealed[:_DIGEST_BYTES]
    return content if is_whole else None


@cache
def maker() -> str:
    """Name the code that makes what is kept: another version finds nothing of this one's, and makes it anew."""
    digest = hashlib.blake2b(digest_size=6)
    for pattern in _MAKERS:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def key_name(key: str) -> str:
    """Shorten a key, of this version of the code, to what a file may be called."""
    return hashlib.blake2b(f"{maker()}/{key}".encode(), digest_size=16).hexdigest()
