"""What a file is that is not audio, told by its first bytes."""

from __future__ import annotations

import re
from typing import Final

HEAD_BYTES: Final = 4096

_ASF: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_ENCRYPTED: Final = bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e")

_STARTS: Final = (
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file itself; fetch it with git lfs pull"),
    (b"\x00\x05\x16\x07", "macOS metadata of another file (its name begins with ._); choose that other file"),
    (b"PK\x03\x04", "a ZIP archive (or a document in that form); take the audio out of it"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!\x1a\x07", "a RAR archive; take the audio out of it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; take the audio out of it"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"(\xb5/\xfd", "a Zstandard archive; unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Microsoft Office document"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"MThd", "a MIDI file: it holds notes and no sound; render it to audio first"),
    (b"Extended Module: ", "a tracker module (XM): it holds notes and no sound; render it to audio first"),
    (b"IMPM", "a tracker module (IT): it holds notes and no sound; render it to audio first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
    (b"d8:announce", "a torrent; it names files and holds none"),
    (b"bplist00", "an Apple property list"),
    (b"wOFF", "a font"),
    (b"OTTO", "a font"),
)

_TEXTS: Final = (
    (r"#EXTM3U|#EXTINF|#EXT-X-", "a playlist (M3U), which names sound and holds none; choose the sound itself"),
    (r"\[playlist\]", "a playlist (PLS), which names sound and holds none; choose the sound itself"),
    (r"ffconcat version", "a playlist (ffconcat), which names sound and holds none; choose the sound itself"),
    (r"<asx|<\?wpl|<smil", "a playlist, which names sound and holds none; choose the sound itself"),
    (r"<\?xml[^>]*>\s*<playlist", "a playlist (XSPF), which names sound and holds none; choose the sound itself"),
    (r"<\?xml[^>]*>\s*<MPD|<MPD", "a playlist (DASH), which names sound and holds none; choose the sound itself"),
    (r"<!doctype html|<html|<head|<body", "a web page (HTML), perhaps an error page saved in place of the sound"),
    (r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg", "a picture (SVG)"),
    (r"<\?xml", "an XML document"),
    (r"v=0\r?\n", "a session description (SDP), which names a stream and holds no sound"),
    (r"FILE \".*\" (WAVE|MP3|BINARY|AIFF)|REM |PERFORMER ", "a cue sheet, which names sound and holds none"),
)
_TEXT_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), what) for pattern, what in _TEXTS)
_WHOLE_URLS: Final = re.compile(r"\s*((https?|rtsp|mms|file)://\S+\s*)+", re.IGNORECASE)


def not_audio(head: bytes) -> str | None:
    """Recognise files that hold no sound, before a decoder is tried on them.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of the file.

    Returns
    -------
    str or None
        What it is, as a phrase that follows "is", like "not audio but a picture"; None where it may be audio.
    """
    for start, what in _STARTS:
        if head.startswith(start):
            return f"not audio but {what}"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "not audio but a picture (WebP)"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"avif", b"mif1"):
        return "not audio but a picture (HEIF)"
    if head.startswith(_ASF) and _ASF_ENCRYPTED in head:
        return "protected by DRM (WMA); only the shop's own player can decrypt it"
    return _not_audio_text(head)


def describe(head: bytes) -> str:
    """Say what a file is that no decoder could read, as well as its first bytes tell.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of the file.

    Returns
    -------
    str
        A phrase that follows "is".
    """
    if what := not_audio(head):
        return what
    if not head.strip(b"\x00"):
        return "not audio but zero bytes throughout, perhaps a download that failed"
    if head.startswith(b"RIFF") and head[8:16] == b"WAVEfmt " and head[24:28] == bytes(4):
        return "a WAV file that states a sample rate of 0 Hz; export it again"
    if head[4:8] == b"ftyp":
        return "an MP4 or M4A file without its index (moov), cut off before the end; copy or download it again"
    text = _as_text(head)
    if text is not None:
        return f"not audio but {'JSON' if text.startswith(('{', '[')) else 'text'}"
    return "not audio that can be read here"


def _not_audio_text(head: bytes) -> str | None:
    text = _as_text(head)
    if text is None:
        return None
    for pattern, what in _TEXT_PATTERNS:
        if pattern.match(text):
            return f"not audio but {what}"
    if _WHOLE_URLS.fullmatch(text):
        return (
            "not audio but a list of addresses (a playlist), which names sound and holds none; choose the sound itself"
        )
    return None


def _as_text(head: bytes) -> str | None:
    """Read the text, without its byte order mark and leading space, or None where the bytes are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return text.strip() if text.isprintable() or "\ufffd" not in text else None
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return None
    return head.decode("utf-8-sig", errors="replace").strip() or None
