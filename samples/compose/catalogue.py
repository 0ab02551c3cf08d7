"""The catalogue of the samples: `samples/catalogue.json`, one entry a track."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import soundfile

LICENCE: Final = "CC0-1.0"
_ORIGIN: Final = (
    "Composed in code by this project's authors for this project (samples/compose/{module}.py), played by FluidSynth "
    "with the soundfont FluidR3 GM (MIT licence, Frank Wen and others), mixed and mastered with pedalboard."
)


def entry(
    module: str, title: str, genre: str | None, path: Path, sections: Sequence[tuple[str, float]] = ()
) -> dict[str, Any]:
    """Describe one rendered track.

    Parameters
    ----------
    module : str
        Module of the score, and id of the track.
    title : str
        Title.
    genre : str or None
        What the track is meant to be; None for the medley.
    path : Path
        The rendered file.
    sections : sequence of (str, float)
        Genre and start in seconds of each segment of a medley.

    Returns
    -------
    dict
        JSON-ready values.
    """
    values: dict[str, Any] = {
        "id": module,
        "title": title,
        "genre": genre,
        "file": path.name,
        "duration_seconds": round(soundfile.info(path).duration, 3),
        "licence": LICENCE,
        "origin": _ORIGIN.format(module=module),
    }
    if sections:
        values["sections"] = [{"genre": genre, "start_seconds": start} for genre, start in sections]
    return values


def write(entries: Mapping[str, dict[str, Any]], path: Path) -> None:
    """Write the catalogue; entries of tracks that were not rendered this time stay as they are.

    Parameters
    ----------
    entries : mapping of str to dict
        New entries by id.
    path : Path
        The catalogue.
    """
    known = {item["id"]: item for item in json.loads(path.read_text())} if path.is_file() else {}
    known.update(entries)
    order = [name for name in ("jazz", "reggae", "metal", "medley") if name in known]
    path.write_text(json.dumps([known[name] for name in order], indent=2) + "\n")
