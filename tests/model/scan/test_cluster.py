"""Workers of a real cluster: two processes, one of them killed; a file that kills whoever reads it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="requires model/scan/requirements.txt")

import dask
import distributed

from model.checkpoint import DEFAULT_CHECKPOINT
from model.errors import ClusterError
from model.scan.cluster import Crew
from model.scan.files import FoundFile
from model.scan.scan import Tally
from model.scan.work import Done, Ear, Job
from tests.model.scan.conftest import HOP_SECONDS
from tests.sounds import chord, encoded, write

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, at the death of a worker


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as here,
    ):
        yield here


@pytest.fixture
def crew(cluster: Any) -> Iterator[Crew]:
    ear = Ear.of_checkpoint(DEFAULT_CHECKPOINT, HOP_SECONDS)
    with Crew(ear, scheduler=cluster.scheduler_address) as workers:
        yield workers


class Killer:
    """Kills a process as soon as the first files have come back."""

    def __init__(self, crew: Crew, victim: Callable[[], int]) -> None:
        self.crew, self.victim, self.killed = crew, victim, 0

    def see_to(self, jobs: Iterator[Job]) -> Iterator[Done]:
        for done in self.crew.see_to(jobs):
            if not self.killed:
                self.killed = self.victim()
                os.kill(self.killed, signal.SIGKILL)
            yield done


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Thirty-two tracks."""
    (folder := tmp_path / "many").mkdir()
    for number in range(32):
        write(folder / f"{number:02d}.wav", encoded(chord(3.2, level=0.1 + number / 1000)))
    return folder


def test_a_worker_killed_in_mid_run_loses_nothing(
    many: Path, crew: Crew, cluster: Any, scan: Callable[..., Tally], rows: Callable[..., dict[str, Any]]
) -> None:
    scan(many, table="undisturbed.parquet")
    killer = Killer(crew, lambda: next(iter(cluster.workers.values())).pid)
    tally = scan(many, workers=killer)
    assert killer.killed
    assert (tally.n_scored, tally.n_failed) == (32, 0)
    assert rows() == rows("undisturbed.parquet")


def test_a_scheduler_killed_in_mid_run_is_named_and_the_next_run_goes_on(
    many: Path, tmp_path: Path, scan: Callable[..., Tally], rows: Callable[..., dict[str, Any]]
) -> None:
    scan(many, table="undisturbed.parquet")
    where = tmp_path / "scheduler.json"
    dask_program = [sys.executable, "-m", "dask"]
    common = ["--scheduler-file", str(where), "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*dask_program, "scheduler", "--host", "127.0.0.1", "--port", "0", *common], stderr=subprocess.DEVNULL
    )
    worker = subprocess.Popen(
        [*dask_program, "worker", "--no-nanny", "--nthreads", "1", *common], stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        while not where.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        with Crew(Ear.of_checkpoint(DEFAULT_CHECKPOINT, HOP_SECONDS), scheduler=address) as crew:
            killer = Killer(crew, lambda: scheduler.pid)
            with pytest.raises(ClusterError, match=r"The scheduler is lost .* give the same command again"):
                scan(many, workers=killer)
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()
    tally = scan(many)
    assert 0 < tally.n_done_before < 32
    assert (tally.n_done_before + tally.n_scored, tally.n_failed) == (32, 0)
    assert rows() == rows("undisturbed.parquet")


@dataclass(frozen=True)
class Deadly(FoundFile):
    """A file that ends the process that opens it."""

    @property
    def is_local(self) -> bool:
        os._exit(1)


def test_a_file_that_kills_its_readers_gets_a_row_and_its_neighbours_are_heard(library: Path, crew: Crew) -> None:
    jobs = [Job(FoundFile(str(library / "a.wav"))), Job(Deadly("deadly.mp3")), Job(FoundFile(str(library / "b.flac")))]
    done = {Path(one.file.address).name: one.row for one in crew.see_to(iter(jobs))}
    assert "ended every worker that read it (2 of them)" in done["deadly.mp3"]["error"]
    assert "error" not in done["a.wav"] | done["b.flac"]


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.scan.cluster._PATIENCE_SECONDS", 0.3)
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9"):
        Crew(Ear.of_checkpoint(DEFAULT_CHECKPOINT, HOP_SECONDS), scheduler="tcp://127.0.0.1:9")


def test_workers_of_this_machine_keep_what_memory_they_free(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def no_cluster(**_: object) -> None:
        asked.append(dask.config.get("distributed.nanny.pre-spawn-environ")["MALLOC_TRIM_THRESHOLD_"])
        raise OSError("no room")

    monkeypatch.setattr("model.scan.cluster.LocalCluster", no_cluster)
    with pytest.raises(ClusterError, match="no room"):
        Crew(Ear.of_checkpoint(DEFAULT_CHECKPOINT, HOP_SECONDS))
    assert asked == [None]
