"""Workers on this machine or on a cluster, by Dask: files go out in small batches, what became of them comes back.

A worker that dies loses nothing: its batches are given to another. Batches that were there when several died are put
off to the end, and then each of their files goes out with nothing beside it: so the one that does it is found, gets a
row with the error, and its neighbours are heard.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, WorkerPlugin, as_completed
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError

from model.errors import ClusterError
from model.scan.work import Done, Ear, Job, bring, see_to_all

_BATCH_FILES: Final = 8
_BATCH_BYTES: Final = 64 * 2**20
_TYPICAL_BYTES: Final = 8 * 2**20  # of a file whose size is not known beforehand
_BATCHES_PER_THREAD: Final = 3  # one at work, and the next ones there already
_PATIENCE_SECONDS: Final = 60
_COUNTS_AGAIN_SECONDS: Final = 5.0  # workers may join and leave
_DASHBOARD_PORT: Final = 8787
# Dask's own settings log every handshake; that a scheduler is lost is an error of ours, without its stack.
_LEAST_LOGGED: Final = {
    "distributed": logging.ERROR,
    "distributed.client": logging.CRITICAL,
    "bokeh": logging.ERROR,
    "tornado": logging.ERROR,
}
# Dask would have its workers give memory back to the system at once, to get the same pages again for the next window.
_KEEPS_FREED_MEMORY: Final = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}


class _Bring(WorkerPlugin):  # type: ignore[misc]  # Dask's classes are Any here
    """Brings the model to every worker, those that join later too."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    def setup(self, worker: Any) -> None:  # noqa: ARG002 -- Dask's signature
        """Make this process's listener."""
        bring(self._ear)


class Crew:
    """Workers that see to files. Use it in a ``with`` statement.

    Parameters
    ----------
    ear : Ear
        The model, and how it is to listen.
    scheduler : str, optional
        Address of a Dask scheduler, ``tcp://host:8786``, whose workers can import this project; a cluster of this
        machine's cores by default.
    n_workers : int, optional
        Processes of the local cluster; one a core by default.

    Raises
    ------
    ClusterError
        If the scheduler does not answer, or no worker comes.
    """

    def __init__(self, ear: Ear, *, scheduler: str | None = None, n_workers: int | None = None) -> None:
        self._ear = ear
        self._open = ExitStack()
        quiet = logging.getLogger().getEffectiveLevel()
        for name, level in _LEAST_LOGGED.items():
            logging.getLogger(name).setLevel(max(quiet, level) if quiet > logging.INFO else quiet)
        try:
            self._client = self._open.enter_context(self._connected(scheduler, n_workers))
            self._client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
            self._bring()
        except (OSError, TimeoutError) as error:
            self._open.close()
            place = scheduler or "the local cluster"
            raise ClusterError(
                f"{place} does not answer, or has no workers after {_PATIENCE_SECONDS} s ({error}); "
                "start dask scheduler and dask worker there, or leave out --scheduler."
            ) from error

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def dashboard(self) -> str:
        """Address of Dask's own page, which shows what every worker does."""
        return str(self._client.dashboard_link)

    def see_to(self, jobs: Iterator[Job]) -> Iterator[Done]:
        """Have files seen to.

        Parameters
        ----------
        jobs : iterator of Job
            Taken as workers have room for them.

        Yields
        ------
        Done
            In the order in which they are done.

        Raises
        ------
        ClusterError
            If the scheduler is lost, or the workers cannot run this project.
        """
        batches = _batches(jobs)
        suspects: deque[Job] = deque()
        under_way: dict[str, Sequence[Job]] = {}
        flow = as_completed(loop=self._client.loop)
        n_wanted, asked_at = 0, 0.0
        numbers = itertools.count()

        def send(batch: Sequence[Job]) -> None:
            # Batches of one client only: a name of its own for each keeps Dask from hashing what it is given.
            key = f"see-to-{id(self)}-{next(numbers)}"
            under_way[key] = batch
            flow.add(self._client.submit(see_to_all, self._ear.key, batch, key=key, pure=False))

        try:
            while True:
                if time.monotonic() - asked_at > _COUNTS_AGAIN_SECONDS:
                    n_wanted = _BATCHES_PER_THREAD * max(1, sum(self._client.nthreads().values()))
                    asked_at = time.monotonic()
                for batch in itertools.islice(batches, max(0, n_wanted - len(under_way))):
                    send(batch)
                is_alone = not under_way
                if is_alone and not suspects:
                    return
                if is_alone:
                    send([suspects.popleft()])
                future = next(flow)
                gone = under_way.pop(future.key)
                try:
                    yield from _result(future)
                except KilledWorker as error:
                    if is_alone:
                        yield _deadly(gone[0], error)
                    else:
                        suspects += gone
        except (CommClosedError, asyncio.CancelledError, FutureCancelledError, OSError) as error:
            raise ClusterError(
                f"The scheduler is lost ({type(error).__name__}); what was written is kept: "
                "give the same command again."
            ) from error
        finally:
            flow.clear()

    def _bring(self) -> None:
        try:
            self._client.register_plugin(_Bring(self._ear), name=f"genre-model-{self._ear.key}")
        except Exception as error:  # Dask sends a worker's error on as a bare one
            self._open.close()
            raise _cannot_run(error) from error

    def _connected(self, scheduler: str | None, n_workers: int | None) -> Client:
        if scheduler is not None:
            return Client(scheduler, timeout=_PATIENCE_SECONDS, set_as_default=False)
        with dask.config.set(_KEEPS_FREED_MEMORY):
            cluster = LocalCluster(
                n_workers=n_workers or os.cpu_count() or 1,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                silence_logs=logging.ERROR,
                dashboard_address=f"127.0.0.1:{_free_port(_DASHBOARD_PORT)}",
            )
        self._open.callback(cluster.close)
        return Client(cluster, set_as_default=False)


def _result(future: Future) -> list[Done]:
    try:
        done: list[Done] = future.result()
    except (ImportError, AttributeError, KeyError, TypeError) as error:
        raise _cannot_run(error) from error
    finally:
        future.release()
    return done


def _cannot_run(error: Exception) -> ClusterError:
    return ClusterError(
        f"A worker cannot run this project ({error!r}); install the same version of it on every worker, and start the "
        "worker in its folder: python -m dask worker tcp://host:8786."
    )


def _deadly(job: Job, error: KilledWorker) -> Done:
    return Done(
        job.file,
        {
            "error": f"{job.file.label} ended every worker that read it ({error.allowed_failures + 1} of them), "
            "by a fault of the decoder or for want of memory.",
            "seconds_spent": 0.0,
        },
    )


def _batches(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    batch: list[Job] = []
    n_bytes = 0
    for job in jobs:
        batch.append(job)
        n_bytes += _TYPICAL_BYTES if job.file.size_bytes is None else job.file.size_bytes
        if len(batch) == _BATCH_FILES or n_bytes >= _BATCH_BYTES:
            yield batch
            batch, n_bytes = [], 0
    if batch:
        yield batch


def _free_port(wanted: int) -> int:
    """Give a port if it is free, else 0: any."""
    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", wanted)) == 0 else wanted
