"""The sample tracks, read from ``samples/catalogue.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from dashboard.errors import CatalogueError
from dashboard.library.record import Section, TrackRecord, format_label, resampled_length, track_id
from model.audio.decode import probe
from model.checkpoint import sha256
from model.errors import AudioError
from model.params import AudioParams

CATALOGUE_NAME: Final = "catalogue.json"


def read_catalogue(folder: Path, sounds_folder: Path, params: AudioParams) -> tuple[TrackRecord, ...]:
    """Read the samples.

    Parameters
    ----------
    folder : Path
        Holds the catalogue and its files.
    sounds_folder : Path
        Where their sound will be kept for playing.
    params : AudioParams
        The model's rate.

    Returns
    -------
    tuple of TrackRecord
        In the catalogue's order.

    Raises
    ------
    CatalogueError
        If the catalogue or a file is missing or damaged.
    """
    path = folder / CATALOGUE_NAME
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CatalogueError(
            f"{path} is missing; restore the samples of the project, or name their folder in GENRE_SAMPLES_FOLDER."
        ) from error
    except ValueError as error:
        raise CatalogueError(f"{path} is not JSON ({error}); restore it.") from error
    if not isinstance(rows, list) or not rows:
        raise CatalogueError(f"{path} must hold a list of at least one sample; restore it.")
    records = tuple(_record(row, folder, sounds_folder, params) for row in rows)
    if len({record.id for record in records}) != len(records):
        raise CatalogueError(f"{path} lists the same sound twice; give each sample a file of its own.")
    return records


def _record(row: Any, folder: Path, sounds_folder: Path, params: AudioParams) -> TrackRecord:
    try:
        path = folder / row["file"]
        identity = track_id(sha256(path.read_bytes()))
        info = probe(path)
        return TrackRecord(
            id=identity,
            title=str(row["title"]),
            kind="sample",
            path=path,
            sounds_path=sounds_folder / f"{identity}-",
            duration_samples=resampled_length(info, params),
            format=format_label(info),
            rate_hz=info.sample_rate_hz,
            n_channels=info.n_channels,
            genre=row.get("genre"),
            licence=row.get("licence"),
            origin=row.get("origin"),
            sections=_sections(row.get("sections")),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CatalogueError(f"A sample in {folder / CATALOGUE_NAME} cannot be read ({error!r}): {row}.") from error
    except OSError as error:
        raise CatalogueError(f"The sample {row['file']} cannot be read ({error.strerror}); restore it.") from error
    except AudioError as error:
        raise CatalogueError(f"A sample is damaged: {error}") from error


def _sections(rows: Any) -> tuple[Section, ...] | None:
    if not rows:
        return None
    return tuple(Section(genre=str(row["genre"]), start_seconds=float(row["start_seconds"])) for row in rows)
