"""Who plays what in GTZAN: Sturm's index of artists and titles, read where it is; it is no part of this project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from model.errors import DatasetError

INDEX_NAME: Final = "artists.txt"
UNKNOWN: Final = "unknown"
_SEPARATOR: Final = ":::"


@dataclass(frozen=True)
class Recording:
    """Artist and title of a track; ``unknown`` where the index does not know."""

    artist: str
    title: str


def index_of_artists(path: Path) -> dict[str, Recording]:
    """Read the index (Sturm, "The state of the art ten years after a state of the art", 2014).

    Parameters
    ----------
    path : Path
        The file ``artists.txt``.

    Returns
    -------
    dict of str to Recording
        By track, such as ``blues.00000``.

    Raises
    ------
    DatasetError
        If the index is missing or holds no track.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"The index of artists {path} cannot be read ({error}).") from error
    recordings = {}
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        file, *rest = (part.strip() for part in line.split(_SEPARATOR))
        artist, title = (*rest, "", "")[:2]
        recordings[file.removesuffix(".wav")] = Recording(artist or UNKNOWN, title or UNKNOWN)
    if not recordings:
        raise DatasetError(f"The index of artists {path} names no track; expected 'file {_SEPARATOR} artist'.")
    return recordings


@cache
def known_recordings() -> Mapping[str, Recording]:
    """Read, once, the index in the folder named by ``GTZAN_HOME``, or in ``../shared/gtzan`` beside the project.

    Returns
    -------
    dict of str to Recording
        Empty where there is no index.

    Raises
    ------
    DatasetError
        If there is one that cannot be read.
    """
    named = os.environ.get("GTZAN_HOME")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "gtzan"
    path = folder / INDEX_NAME
    return index_of_artists(path) if path.is_file() else {}
