"""Playlists of radio stations: M3U and PLS that name one stream, or several of which the first is taken."""

from __future__ import annotations

import re
from typing import Final

from model.errors import RadioError

LARGEST_BYTES: Final = 64 * 2**10

_TYPES: Final = {
    "audio/x-mpegurl",
    "audio/mpegurl",
    "application/x-mpegurl",
    "application/mpegurl",
    "application/vnd.apple.mpegurl",
    "application/vnd.apple.mpegurl.audio",
    "audio/x-scpls",
    "audio/scpls",
    "application/pls+xml",
}
_ENDINGS: Final = (".m3u", ".m3u8", ".pls")
_PLS_ENTRY: Final = re.compile(r"^\s*File\d*\s*=\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_SEGMENTS: Final = "#EXT-X-"


def is_playlist(content_type: str, path: str) -> bool:
    """Tell whether an answer is a playlist, by its type, or by its name where the type says nothing."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _TYPES or (not kind.startswith(("audio/", "application/ogg")) and path.lower().endswith(_ENDINGS))


def entry(content: bytes) -> str:
    r"""Give the first address that a playlist names.

    Parameters
    ----------
    content : bytes
        The playlist.

    Returns
    -------
    str
        As written there, perhaps relative to the playlist's own.

    Raises
    ------
    RadioError
        If it names none, or names pieces of sound (HLS).

    Examples
    --------
    >>> entry(b"[playlist]\nFile1=http://radio.example:8000/live\nTitle1=Live\n")
    'http://radio.example:8000/live'
    """
    text = content.decode("utf-8-sig", errors="replace")
    if _SEGMENTS in text:
        raise RadioError(
            "This station sends HLS, a playlist of short files, which cannot be listened to here; most stations also "
            "have an address for MP3, AAC or Ogg."
        )
    if text.lstrip().lower().startswith("[playlist]"):
        named = _PLS_ENTRY.findall(text)
    else:
        lines = (line.strip() for line in text.splitlines())
        named = [line for line in lines if line and not line.startswith("#")]
    if not named:
        raise RadioError("The playlist at this address names no station.")
    return str(named[0])
