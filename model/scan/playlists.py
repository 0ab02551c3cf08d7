"""Playlists by genre, the surest tracks first: extended M3U in UTF-8, which every player reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from model.scan.library import ScannedTrack


def write_playlists(tracks: Iterable[ScannedTrack], folder: Path) -> dict[Path, int]:
    """Write a playlist for each genre.

    Parameters
    ----------
    tracks : iterable of ScannedTrack
        Those that are to be in them; tracks without a genre are left out, and files that are gone.
    folder : Path
        Where to; made if need be.

    Returns
    -------
    dict
        Tracks by playlist.
    """
    by_genre: dict[str, list[ScannedTrack]] = {}
    for track in tracks:
        if track.genre is not None and is_there(track.path):
            by_genre.setdefault(track.genre, []).append(track)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for genre, members in sorted(by_genre.items()):
        path = folder / f"{re.sub(r'[^0-9A-Za-z_-]+', '_', genre)}.m3u8"
        lines = ["#EXTM3U", f"#PLAYLIST:{genre}"]
        for track in sorted(members, key=lambda track: -track.probability):
            title = Path(track.path).stem
            lines += [f"#EXTINF:{round(track.duration_seconds or -1)},{title} ({track.probability:.2f})", track.path]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written[path] = len(members)
    return written


def is_there(path: str) -> bool:
    """Tell whether a file still exists; of an address elsewhere it is taken for granted."""
    return "://" in path or Path(path).exists()
