"""Track records that tests make for themselves."""

from __future__ import annotations

from pathlib import Path

from dashboard.library.record import TrackRecord
from tests.sounds import chord, encoded, write


def track_record(folder: Path, number: int = 0, seconds: float = 9.1) -> TrackRecord:
    """The record of a chord in a file of its own, `number` seconds longer than said."""
    path = write(folder / f"{number}.wav", encoded(chord(seconds + number)))
    n_samples = round((seconds + number) * 22_050)
    return TrackRecord(
        f"{number:032x}", "Song", "sample", path, folder / f"{number}-", n_samples, "WAV PCM_16", 22_050, 1
    )


def sounds_in(data_folder: Path) -> list[Path]:
    """All files that hold, or are to hold, someone's sound or what is known of it."""
    folders = (data_folder / name for name in ("visitors", "incoming", "samples", "kept"))
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]
