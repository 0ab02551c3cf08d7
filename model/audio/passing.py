"""What helps FFmpeg to read in passing, from a pipe or a station, what it would otherwise look back and ahead for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_ID3_HEADER_BYTES: Final = 10
_LONGEST_TAG_BYTES: Final = 16 * 2**20
_FIRST_FRAME_BYTES: Final = 256
_STATES_ITS_SIZE: Final = re.compile(
    rb"\xff[\xe0-\xff].{7,40}?(?:Xing|Info)\0\0\0([\x02\x03\x06\x07\x0a\x0b\x0e\x0f])", re.DOTALL
)
_STATES_FRAMES: Final = 1


def id3_bytes(head: bytes, at: int = 0) -> int:
    """Tell how long the ID3v2 tag is that starts there; 0 where none does."""
    header = head[at : at + _ID3_HEADER_BYTES]
    if len(header) < _ID3_HEADER_BYTES or not header.startswith(b"ID3"):
        return 0
    high, middle, low, lowest = (byte & 0x7F for byte in header[6:])
    return _ID3_HEADER_BYTES + (high << 21 | middle << 14 | low << 7 | lowest)


def of_unknown_size(head: bytes, read: Callable[[int], bytes]) -> bytes:
    """Let an MP3 whose size nobody knows state none.

    FFmpeg compares the size that the first frame states with the file's. Where there is no file it takes the sound for
    several tracks in one, and plays the silence that the encoder added at the end.

    Parameters
    ----------
    head : bytes
        The first bytes.
    read : callable
        Gives so many more, fewer only at the end.

    Returns
    -------
    bytes
        The first bytes, perhaps more of them, changed only in an MP3 that states its size.
    """
    at = 0
    while (n_bytes := id3_bytes(head, at)) and at + n_bytes <= _LONGEST_TAG_BYTES:
        at += n_bytes
        missing = at + _FIRST_FRAME_BYTES - len(head)
        if missing > 0:
            head += read(missing)
    if not (found := _STATES_ITS_SIZE.match(head, at)):
        return head
    place = found.end() + 4 * (found[1][0] & _STATES_FRAMES)
    return head[:place] + bytes(4) + head[place + 4 :]
