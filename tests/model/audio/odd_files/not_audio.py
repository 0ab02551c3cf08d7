"""Files that hold no sound, and some that would have another file opened in their name; with what is to be said."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from model.errors import AudioError, EmptyAudioError, UnsupportedAudioError


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("song.mp3", bytes(1000))
    return buffer.getvalue()


_HLS: Final = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5.0,\n"
_LFS: Final = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 12345\n"

NOT_AUDIO: Final[dict[str, tuple[bytes, type[AudioError], str]]] = {
    "empty": (b"", EmptyAudioError, "0 bytes"),
    "hls-file": (_HLS + b"/etc/passwd\n#EXT-X-ENDLIST\n", UnsupportedAudioError, "playlist"),
    "hls-url": (_HLS + b"http://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", UnsupportedAudioError, "playlist"),
    "m3u": (b"\xef\xbb\xbf#EXTM3U\nsong.mp3\n", UnsupportedAudioError, "playlist"),
    "pls": (b"[playlist]\nFile1=http://127.0.0.1:9/\n", UnsupportedAudioError, "playlist"),
    "concat": (b"ffconcat version 1.0\nfile '/etc/passwd'\n", UnsupportedAudioError, "playlist"),
    "dash": (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', UnsupportedAudioError, "playlist"),
    "urls": (b"http://127.0.0.1:9/stream\nhttp://127.0.0.1:9/2\n", UnsupportedAudioError, "playlist"),
    "sdp": (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n", UnsupportedAudioError, "session"),
    "cue": (b'FILE "album.wav" WAVE\n  TRACK 01 AUDIO\n', UnsupportedAudioError, "cue sheet"),
    "html": (b"<!DOCTYPE html><html><body>404</body></html>", UnsupportedAudioError, "web page"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', UnsupportedAudioError, "picture"),
    "json": (b'{"error": "not found"}', UnsupportedAudioError, "JSON"),
    "text": (b"not audio at all " * 50, UnsupportedAudioError, "text"),
    "lfs": (_LFS, UnsupportedAudioError, "Git LFS pointer"),
    "zip": (_zip(), UnsupportedAudioError, "ZIP"),
    "gzip": (gzip.compress(bytes(1000)), UnsupportedAudioError, "gzip"),
    "pdf": (b"%PDF-1.7\n" + bytes(100), UnsupportedAudioError, "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(2000), UnsupportedAudioError, "picture"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(2000), UnsupportedAudioError, "picture"),
    "midi": (b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60", UnsupportedAudioError, "MIDI"),
    "apple-double": (b"\x00\x05\x16\x07\x00\x02\x00\x00" + bytes(100), UnsupportedAudioError, "metadata"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(500), UnsupportedAudioError, "program"),
    "zeros": (bytes(100_000), UnsupportedAudioError, "zero bytes"),
    "noise": (np.random.default_rng(3).bytes(300_000), UnsupportedAudioError, "not audio"),
}
# name: (the sane file it is made from, old bytes, new bytes, what is to be said)
UNUSABLE: Final = {
    "drm.m4p": ("aac.m4a", b"mp4a", b"drms", "DRM"),
    "encrypted.m4a": ("aac.m4a", b"mp4a", b"enca", "DRM"),
    "unknown-coding.m4a": ("alac.m4a", b"alac", b"zzzz", "cannot be decoded"),
}


def make(folder: Path) -> None:
    """Write them all into the folder that holds the sane ones."""
    for name, (content, _, _) in NOT_AUDIO.items():
        (folder / name).write_bytes(content)
    for name, (source, old, new, _) in UNUSABLE.items():
        (folder / name).write_bytes((folder / source).read_bytes().replace(old, new))
    whole = (folder / "aac.m4a").read_bytes()
    (folder / "no-index.m4a").write_bytes(whole[: whole.index(b"moov")])
