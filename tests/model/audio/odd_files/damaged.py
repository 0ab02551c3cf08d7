"""Files that something happened to: cut, put together, padded, mislabelled, overwritten. Made from sane ones."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

Surgery = Callable[[bytes], bytes]


def cut(share: float) -> Surgery:
    return lambda content: content[: round(share * len(content))]


def behind(extra: bytes) -> Surgery:
    return lambda content: content + extra


def before(extra: bytes) -> Surgery:
    return lambda content: extra + content


def junk(n: int, seed: int = 1) -> bytes:
    """Bytes like those of a broken download; never like the head of an MPEG frame."""
    return bytes(np.random.default_rng(seed).integers(1, 200, n, np.uint8))


def overwritten(at: float, n: int, *, fill: bytes = b"") -> Surgery:
    def change(content: bytes) -> bytes:
        place = round(at * len(content))
        return content[:place] + (fill * n if fill else junk(n)) + content[place + n :]

    return change


def without(at: float, n: int) -> Surgery:
    def change(content: bytes) -> bytes:
        place = round(at * len(content))
        return content[:place] + content[place + n :]

    return change


def replaced(old: bytes, new: bytes, *, count: int = 1) -> Surgery:
    return lambda content: content.replace(old, new, count)


def id3(n_padding: int) -> bytes:
    """An ID3v2 tag with a title and padding."""
    body = b"TIT2" + struct.pack(">IH", 5, 0) + b"\x03odd!" + bytes(n_padding)
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


ID3V1: Final = b"TAG" + b"odd".ljust(30, b"\0") + bytes(95)
APE_TAG: Final = (
    b"APETAGEX" + struct.pack("<IIII", 2000, 32 + 13 + 4, 1, 0) + bytes(8)
    + struct.pack("<II", 4, 0) + b"Title\0odd!" + bytes(3)
)  # fmt: skip


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def with_chunk_before(marker: bytes, extra: bytes) -> Surgery:
    def change(content: bytes) -> bytes:
        place = content.index(marker)
        return content[:place] + extra + content[place:]

    return change


def data_size(size: int) -> Surgery:
    """State another size of a WAV's data."""

    def change(content: bytes) -> bytes:
        at = content.index(b"data") + 4
        return content[:at] + struct.pack("<I", size) + content[at + 4 :]

    return change


def riff_size(size: int) -> Surgery:
    return lambda content: content[:4] + struct.pack("<I", size) + content[8:]


def fmt_field(offset: int, form: str, value: int) -> Surgery:
    """Change a field of a WAV's format."""

    def change(content: bytes) -> bytes:
        at = content.index(b"fmt ") + 8 + offset
        field = struct.pack(form, value)
        return content[:at] + field + content[at + len(field) :]

    return change


def flac_total(n: int) -> Surgery:
    """State another number of samples in a FLAC's header."""

    def change(content: bytes) -> bytes:
        at = 4 + 4 + 13
        packed = int.from_bytes(content[at : at + 5], "big") & ~((1 << 36) - 1) | n
        return content[:at] + packed.to_bytes(5, "big") + content[at + 5 :]

    return change


def ogg_without_end(content: bytes) -> bytes:
    """Take the mark of the last page away, and make its checksum anew."""
    at = content.rfind(b"OggS")
    page = bytearray(content[at:])
    page[5] &= ~4
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", ogg_checksum(page))
    return content[:at] + bytes(page)


def ogg_checksum(page: bytes | bytearray) -> int:
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1 ^ (0x04C11DB7 if checksum & 0x80000000 else 0)) & 0xFFFFFFFF
    return checksum


def from_middle_of_frame(content: bytes) -> bytes:
    return content[len(content) // 10 + 7 :]


# name: (the sane file it is made from, what happens to it)
DAMAGED: Final[dict[str, tuple[str, Surgery]]] = {
    "junk-before.mp3": ("no-xing.mp3", before(junk(1000))),
    "zeros-before.mp3": ("cbr.mp3", before(bytes(5000))),
    "long-id3.mp3": ("cbr.mp3", before(id3(100_000))),
    "two-id3.mp3": ("cbr.mp3", before(id3(10) + id3(2000))),
    "id3-then-zeros.mp3": ("no-xing.mp3", before(id3(10) + bytes(3000))),
    "ape-tag.mp3": ("cbr.mp3", behind(APE_TAG + ID3V1)),
    "id3v1-behind.mp3": ("vbr-no-xing.mp3", behind(ID3V1)),
    "junk-behind.mp3": ("cbr.mp3", behind(junk(3000))),
    "cut.mp3": ("cbr.mp3", cut(0.8)),
    "cut-no-xing.mp3": ("no-xing.mp3", cut(0.8)),
    "mid-frame.mp3": ("no-xing.mp3", from_middle_of_frame),
    "overwritten.mp3": ("cbr.mp3", overwritten(0.5, 800)),
    "zeroed.mp3": ("cbr.mp3", overwritten(0.5, 2000, fill=b"\0")),
    "lost-part.mp3": ("no-xing.mp3", without(0.4, 1234)),
    "junk-before.aac": ("adts.aac", before(junk(700))),
    "cut.aac": ("adts.aac", cut(0.8)),
    "overwritten.aac": ("adts.aac", overwritten(0.5, 500)),
    "id3.aac": ("adts.aac", before(id3(100))),
    "cut.m4a": ("faststart.m4a", cut(0.8)),
    "cut-fragment.mp4": ("fragmented.mp4", cut(0.83)),
    "junk-behind.m4a": ("aac.m4a", behind(junk(3000))),
    "no-end.ogg": ("vorbis.ogg", ogg_without_end),
    "cut.ogg": ("vorbis.ogg", cut(0.8)),
    "junk-before.ogg": ("vorbis.ogg", before(junk(600))),
    "id3-before.ogg": ("vorbis.ogg", before(id3(300))),
    "id3v1-behind.ogg": ("vorbis.ogg", behind(ID3V1)),
    "overwritten.ogg": ("vorbis.ogg", overwritten(0.6, 300)),
    "lost-part.ogg": ("vorbis.ogg", without(0.85, 3000)),
    "cut.opus": ("opus.opus", cut(0.8)),
    "no-end.opus": ("opus.opus", ogg_without_end),
    "id3-before.flac": ("16.flac", before(id3(500))),
    "id3v1-behind.flac": ("16.flac", behind(ID3V1)),
    "junk-behind.flac": ("16.flac", behind(junk(5000))),
    "cut.flac": ("16.flac", cut(0.8)),
    "no-total.flac": ("16.flac", flac_total(0)),
    "high-total.flac": ("16.flac", flac_total(10_000_000)),
    "overwritten.flac": ("16.flac", overwritten(0.5, 500)),
    "endless.wav": ("source.wav", data_size(0xFFFFFFFF)),
    "no-size.wav": ("source.wav", data_size(0)),
    "sox-size.wav": ("source.wav", data_size(0x7FFFF000)),
    "cut.wav": ("source.wav", cut(0.8)),
    "odd-cut.wav": ("source.wav", lambda content: content[:-3]),
    "zero-riff.wav": ("source.wav", riff_size(0)),
    "wrong-riff.wav": ("source.wav", riff_size(1234)),
    "long-list.wav": ("source.wav", with_chunk_before(b"data", chunk(b"LIST", bytes(20_000)))),
    "junk-first.wav": ("source.wav", with_chunk_before(b"fmt ", chunk(b"JUNK", bytes(5001)))),
    "bext.wav": ("source.wav", with_chunk_before(b"fmt ", chunk(b"bext", bytes(602)))),
    "id3-behind.wav": ("source.wav", behind(chunk(b"id3 ", id3(100)))),
    "junk-behind.wav": ("source.wav", behind(junk(999))),
    "wrong-byte-rate.wav": ("source.wav", fmt_field(8, "<I", 1)),
    "id3-before.wav": ("source.wav", before(id3(200))),
    "cut.aiff": ("s16.aiff", cut(0.8)),
    "cut.au": ("s16.au", cut(0.8)),
    "cut.caf": ("s16.caf", cut(0.8)),
    "cut.mka": ("vorbis.mka", cut(0.8)),
    "cut.webm": ("opus.webm", cut(0.8)),
    "overwritten.mka": ("mp3.mka", overwritten(0.85, 300)),
    "cut.wma": ("v2.wma", cut(0.8)),
    "cut.avi": ("video.avi", cut(0.8)),
    "cut.flv": ("mp3.flv", cut(0.8)),
    "cut.ts": ("aac.ts", cut(0.8)),
    "cut.ac3": ("stereo.ac3", cut(0.8)),
    "cut.wv": ("s16.wv", cut(0.8)),
    "cut.tta": ("s16.tta", cut(0.8)),
    "overwritten.wv": ("s16.wv", overwritten(0.5, 400)),
}
# name: the sane files that are put together, as `cat` does
JOINED: Final = {
    "joined.mp3": ("cbr.mp3", "cbr.mp3"),
    "joined-no-xing.mp3": ("no-xing.mp3", "vbr-no-xing.mp3"),
    "joined-rates.mp3": ("no-xing.mp3", "mpeg2-24k.mp3"),
    "joined-channels.mp3": ("no-xing.mp3", "mono-8k.mp3", "no-xing.mp3"),
    "joined.aac": ("adts.aac", "adts.aac"),
    "joined-rates.aac": ("adts.aac", "adts-mono.aac"),
    "joined.ac3": ("stereo.ac3", "six.ac3"),
    "chained.ogg": ("vorbis.ogg", "vorbis.ogg"),
    "chained.opus": ("opus.opus", "opus.opus"),
    "joined.wav": ("source.wav", "source.wav"),
}


def make(folder: Path) -> None:
    """Write them all into the folder that holds the sane ones."""
    for name, (source, surgery) in DAMAGED.items():
        (folder / name).write_bytes(surgery((folder / source).read_bytes()))
    for name, sources in JOINED.items():
        (folder / name).write_bytes(b"".join((folder / source).read_bytes() for source in sources))
