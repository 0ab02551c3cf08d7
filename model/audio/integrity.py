"""Does an audio file hold what its header promises? The signs of a truncated file, container by container.

libsndfile shortens a truncated WAV, AIFF, AU or OGG in silence; these checks let the decoder say so instead.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO, Final

_STATED_SIZE: Final = re.compile(r"^\s*(?:data|SSND|Data Size)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
_UNKNOWN_SIZES: Final = (0, 0x7FFFFFFF, 0xFFFFFFFF)  # written by streaming encoders that cannot seek back
_UNKNOWN_FRAMES: Final = 2**62  # libsndfile counts at least this many frames where the length is unknown
_LONGEST_OGG_PAGE: Final = 65_307
_LAST_OGG_PAGE: Final = 0x04


def broken_promise(libsndfile_log: str) -> tuple[int, int] | None:
    """Find a data chunk that is shorter than its header states (WAV, AIFF, AU).

    Parameters
    ----------
    libsndfile_log : str
        What libsndfile noted while it read the header (`SoundFile.extra_info`).

    Returns
    -------
    tuple of int, or None
        Stated and actual size in bytes, if the actual one is smaller.
    """
    for stated, actual in _STATED_SIZE.findall(libsndfile_log):
        if int(stated) not in _UNKNOWN_SIZES and int(stated) > int(actual):
            return int(stated), int(actual)
    return None


def is_unknown_length(n_frames: int) -> bool:
    """Tell whether a number of frames is libsndfile's way to say that the header does not know it."""
    return n_frames >= _UNKNOWN_FRAMES


def ogg_lacks_its_end(stream: BinaryIO) -> bool:
    """Tell whether an Ogg stream stops before the page that is marked as its last (RFC 3533, section 6).

    Parameters
    ----------
    stream : binary file
        Any file; left at its start.

    Returns
    -------
    bool
        False for other formats.
    """
    is_ogg = stream.read(4) == b"OggS"
    is_last = False
    if is_ogg:
        stream.seek(max(0, stream.seek(0, io.SEEK_END) - 2 * _LONGEST_OGG_PAGE))
        tail = stream.read()
        page = tail.rfind(b"OggS")
        is_last = page >= 0 and page + 5 < len(tail) and bool(tail[page + 5] & _LAST_OGG_PAGE)
    stream.seek(0)
    return is_ogg and not is_last


def mp3_states_its_length(stream: BinaryIO) -> bool:
    """Tell whether an MP3 carries a Xing, Info or VBRI header; without one its length is only an estimate.

    Parameters
    ----------
    stream : binary file
        The file; left where it was.

    Returns
    -------
    bool
        True if the stated number of frames can be held against the file.
    """
    position = stream.tell()
    stream.seek(0)
    head = stream.read(65_536)
    stream.seek(position)
    return any(tag in head for tag in (b"Xing", b"Info", b"VBRI"))
