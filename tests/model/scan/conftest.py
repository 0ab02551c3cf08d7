"""A small library of odd and ordinary files, and workers that are this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="requires model/scan/requirements.txt")

from model.checkpoint import DEFAULT_CHECKPOINT, Card, read_card
from model.scan.scan import Scan, Tally
from model.scan.store import Store, read_rows
from model.scan.work import Done, Ear, Job, Listener
from tests.sounds import chord, encoded, write

HOP_SECONDS = 3.0


class Here:
    """Sees to files one after the other, and counts them; leaves after some of them if told to."""

    def __init__(self, listener: Listener, leaves_after: int | None = None) -> None:
        self.listener = listener
        self.leaves_after = leaves_after
        self.n_seen = 0

    def see_to(self, jobs: Iterator[Job]) -> Iterator[Done]:
        for job in jobs:
            if self.n_seen == self.leaves_after:
                raise KeyboardInterrupt
            self.n_seen += 1
            yield self.listener.see_to(job)


@pytest.fixture(scope="session")
def card() -> Card:
    return read_card(DEFAULT_CHECKPOINT)


@pytest.fixture(scope="session")
def listener() -> Listener:
    return Ear.of_checkpoint(DEFAULT_CHECKPOINT, HOP_SECONDS, keeps_windows=True).unpack()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Five tracks, all different, two of them of one size; and a file that is none."""
    folder = tmp_path / "music"
    (folder / "deeper" / "down").mkdir(parents=True)
    for name, seconds, level in (
        ("a.wav", 6.1, 0.2),
        ("b.flac", 4.0, 0.2),
        ("deeper/c.wav", 6.1, 0.1),
        ("deeper/down/d.ogg", 7.0, 0.3),
        ("e.wav", 3.5, 1e-6),
    ):
        format = {"wav": "WAV", "flac": "FLAC", "ogg": "OGG"}[name.rpartition(".")[2]]
        write(folder / name, encoded(chord(seconds, level=level), format=format))
    write(folder / "broken.mp3", b"no music at all, but words " * 9)
    write(folder / "cover.jpg", b"\xff\xd8\xff")
    return folder


@pytest.fixture
def scan(tmp_path: Path, card: Card, listener: Listener) -> Callable[..., Tally]:
    """Scan with this process; ``workers`` sees to the files, ``windows`` asks for the second table."""

    def run(
        where: str | Path,
        *,
        workers: Any = None,
        windows: bool = False,
        card: Card = card,
        table: str = "genres.parquet",
        **how: Any,
    ) -> Tally:
        store = Store(tmp_path / table, card.genres, tmp_path / "windows.parquet" if windows else None)
        with store.locked():
            crew: AbstractContextManager[Any] = nullcontext(workers or Here(listener))
            return Scan(store, card, HOP_SECONDS, **how).run(str(where), lambda: crew)

    return run


@pytest.fixture
def rows(tmp_path: Path) -> Callable[..., dict[str, dict[str, Any]]]:
    """Read the table: rows by the names of their files, without what differs from run to run."""

    def read(table: str = "genres.parquet") -> dict[str, dict[str, Any]]:
        told = read_rows(tmp_path / table).to_pylist()
        timeless = [{name: value for name, value in row.items() if name != "seconds_spent"} for row in told]
        return {Path(row["path"]).name: row for row in timeless}

    return read
