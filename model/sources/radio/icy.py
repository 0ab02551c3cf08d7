"""ICY metadata: between every so many bytes of sound, SHOUTcast and Icecast say what plays."""

from __future__ import annotations

import re
from typing import Final

from model.sources.encoded import Reader

_UNIT_BYTES: Final = 16
_TITLE: Final = re.compile(r"StreamTitle='(.*?)'(?:;|$)", re.DOTALL)
_LONGEST: Final = 200


class IcyReader:
    """Takes the metadata out of the bytes of a station.

    Parameters
    ----------
    reader : Reader
        Gives the bytes.
    interval_bytes : int
        Bytes of sound between two pieces of metadata; 0 where there are none.

    Attributes
    ----------
    title : str or None
        What plays, as it was last said.
    """

    def __init__(self, reader: Reader, interval_bytes: int) -> None:
        self.title: str | None = None
        self._reader = reader
        self._interval = interval_bytes
        self._left = interval_bytes

    def read(self, size: int, /) -> bytes:
        """Read sound; see `Reader`."""
        if not self._interval:
            return self._reader.read(size)
        if not self._left:
            said = self._exactly(_UNIT_BYTES * length[0]) if (length := self._exactly(1)) else b""
            if said:
                self.title = title_in(said) or self.title
            self._left = self._interval
        content = self._reader.read(min(size, self._left))
        self._left -= len(content)
        return content

    def _exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size and (more := self._reader.read(size - len(content))):
            content += more
        return content


def title_in(metadata: bytes) -> str | None:
    """Read what plays out of one piece of metadata.

    Examples
    --------
    >>> title_in(b"StreamTitle='Nina Simone - Sinnerman';StreamUrl='';" + bytes(5))
    'Nina Simone - Sinnerman'
    """
    content = metadata.rstrip(b"\0")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found = _TITLE.search(text)
    return printable(found[1]) or None if found else None


def printable(text: str) -> str:
    """Make a stranger's words fit for one line of any terminal or page."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_LONGEST]
