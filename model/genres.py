"""The ten genres of GTZAN, in the order of the network's outputs."""

from __future__ import annotations

from typing import Final

GENRES: Final[tuple[str, ...]] = (
    "blues",
    "classical",
    "country",
    "disco",
    "hiphop",
    "jazz",
    "metal",
    "pop",
    "reggae",
    "rock",
)
