"""How long a file says it is, so that one that was cut off can be told from a whole one."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from model.audio.source import Source

_NEVER_STATES_ITS_LENGTH: Final = ("aac", "ac3", "amr", "dts", "eac3", "gsm", "loas", "mlp", "mpegts", "truehd", "mpeg")
_LEAST_UNKNOWN_BYTES: Final = 0x7F000000  # pipes of SoX and FFmpeg promise this much, or more, for want of better
_MOST_CHUNKS: Final = 1000
_LONGEST_OGG_PAGE: Final = 65_307
_LAST_OGG_PAGE: Final = 0x04
_OGG_HEADER: Final = 27  # bytes, without the table of segments that its last byte counts
_OGG_POLYNOMIAL: Final = 0x04C11DB7


def promised_seconds(container: InputContainer, stream: AudioStream, source: Source) -> float:
    """Tell how long the sound should be, as the header states it.

    Parameters
    ----------
    container, stream : InputContainer, AudioStream
        The opened file and its sound.
    source : Source
        Its bytes; left where they are.

    Returns
    -------
    float
        Seconds; 0 where the header does not know, or only guesses.
    """
    name = container.format.name
    if name in _NEVER_STATES_ITS_LENGTH or (name == "mp3" and not _mp3_states_its_length(source.head)):
        return 0.0
    seconds = 0.0
    if name.startswith("mov") and container.duration:
        seconds = container.duration / av.time_base  # the stream's own does not heed its edit list
    elif stream.duration and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration and not container.streams.video:
        seconds = container.duration / av.time_base
    context = stream.codec_context
    if context.name.startswith("pcm_") and context.format:
        n_bytes = seconds * context.sample_rate * context.layout.nb_channels * context.format.bytes
        if n_bytes >= _LEAST_UNKNOWN_BYTES and (source.n_bytes is None or n_bytes > source.n_bytes):
            return 0.0
    return seconds


def lacks_its_end(source: Source) -> bool:
    """Tell whether an Ogg stream stops before the page that is marked as its last (RFC 3533), or that page is damaged.

    Parameters
    ----------
    source : Source
        The file; left where it was.

    Returns
    -------
    bool
        False for other formats, and where the file cannot seek.
    """
    if source.n_bytes is None or not source.head.startswith(b"OggS"):
        return False
    place = source.tell()
    source.seek(max(0, source.n_bytes - 2 * _LONGEST_OGG_PAGE))
    tail = source.read(2 * _LONGEST_OGG_PAGE)
    source.seek(place)
    last = max(0, tail.rfind(b"OggS"))
    page = tail[last:]
    before = tail.rfind(b"OggS", 0, last)
    is_passed_over = 0 <= before < last < before + _page_bytes(tail[before:])  # the one before has lost bytes
    is_marked = len(page) >= _OGG_HEADER and bool(page[5] & _LAST_OGG_PAGE)
    return is_passed_over or not is_marked or not _is_whole(page)


def _page_bytes(page: bytes) -> int:
    """Tell how long an Ogg page is, as its table of segments has it."""
    n_header = _OGG_HEADER + page[_OGG_HEADER - 1]
    return n_header + sum(page[_OGG_HEADER:n_header])


def _is_whole(page: bytes) -> bool:
    """Tell whether an Ogg page is as it was written: FFmpeg passes over one that is not."""
    page = page[: _page_bytes(page)]
    checksum = 0
    for byte in (*page[:22], 0, 0, 0, 0, *page[26:]):
        checksum = (checksum << 8 & 0xFFFFFFFF) ^ _checksums()[(checksum >> 24) ^ byte]
    return checksum == int.from_bytes(page[22:26], "little")


@cache
def _checksums() -> tuple[int, ...]:
    """Make the table of Ogg's cyclic redundancy check (RFC 3533, section 6)."""
    table = []
    for first in range(256):
        rest = first << 24
        for _ in range(8):
            rest = (rest << 1 & 0xFFFFFFFF) ^ (_OGG_POLYNOMIAL if rest & 0x80000000 else 0)
        table.append(rest)
    return tuple(table)


def wav_share_there(source: Source) -> float:
    """Tell how much is there of the bytes that a WAV promises; FFmpeg shortens its promise to what is there.

    Parameters
    ----------
    source : Source
        The file; left where it was.

    Returns
    -------
    float
        1 where all is there, where the header does not know, and where the file cannot seek.
    """
    if source.n_bytes is None:
        return 1.0
    place = source.tell()
    there = 1.0
    at = 12
    for _ in range(_MOST_CHUNKS):
        source.seek(at)
        header = source.read(8)
        if len(header) < 8:
            break
        size = int.from_bytes(header[4:], "little")
        at += 8
        if header[:4] == b"data":
            if 0 < size < _LEAST_UNKNOWN_BYTES:
                there = min(1.0, (source.n_bytes - at) / size)
            break
        at += size + size % 2
    source.seek(place, io.SEEK_SET)
    return there


def _mp3_states_its_length(head: bytes) -> bool:
    """Tell whether an MP3 carries a Xing, Info or VBRI header; without one its length is only an estimate."""
    return any(tag in head for tag in (b"Xing", b"Info", b"VBRI"))
