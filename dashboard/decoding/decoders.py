"""The way to the decoder processes: one warm process that forks for every file, shared by all apps of a program."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from dashboard.decoding.jobs import BLOCK, END, ERROR, PID, Decoded, Job, error_from_json, read_frame
from dashboard.errors import DecoderError
from model.audio.warnings import AudioWarning

_log = logging.getLogger(__name__)

_PROGRAM: Final = "dashboard.decoding.process"
_PIPE_BYTES: Final = 2**20
_GRACE_SECONDS: Final = 5.0
_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a process that forks has no threads
_FOLDER: Final = Path(__file__).parent.parent.parent
CAN_FORK: Final = hasattr(os, "fork") and hasattr(socket, "send_fds")


class Decoding:
    """One file while another process decodes it, with the blocks and warnings of `model.audio.decode.Decoding`.

    Parameters
    ----------
    job : Job
        What is asked.
    answer : BinaryIO
        The pipe on which the process answers.
    pid : int
        The process.
    """

    def __init__(self, job: Job, answer: BinaryIO, pid: int) -> None:
        self.name = job.name
        self.pid = pid
        self._job = job
        self._answer = answer
        self._decoded: Decoded | None = None

    @property
    def decoded(self) -> Decoded:
        """What there is to say of the file, once all blocks have been taken.

        Raises
        ------
        DecoderError
            If they have not.
        """
        if self._decoded is None:
            raise DecoderError(f"{self.name} has not been decoded to its end.")
        return self._decoded

    @property
    def warnings(self) -> tuple[AudioWarning, ...]:
        """What is odd about the file, once all blocks have been taken."""
        return self.decoded.warnings

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Take what the network hears, once, from its start.

        Yields
        ------
        np.ndarray [shape=(n,)], float32
            Mono samples at the model's rate.

        Raises
        ------
        AudioError
            As `model.audio.decode.Decoding` raises.
        DecoderError
            If the file hangs or kills its decoder, or takes too much memory.
        """
        for content in self.contents():
            yield np.frombuffer(content, np.float32)

    def contents(self) -> Iterator[bytes]:
        """Take the blocks as bytes; raises as `blocks` does."""
        while True:
            asked = time.monotonic()
            try:
                kind, content = read_frame(self._read)
            except (EOFError, ValueError) as error:
                raise self._broken(time.monotonic() - asked) from error
            if kind == BLOCK:
                yield content
            elif kind == ERROR:
                raise error_from_json(content)
            elif kind == END:
                self._decoded = Decoded.from_json(content)
                return

    def _read(self, n: int) -> bytes:
        parts = bytearray()
        while len(parts) < n:
            patience = self._job.bounds.stall_seconds + _GRACE_SECONDS  # the process has an alarm of its own
            if not select.select([self._answer], [], [], patience)[0]:
                raise EOFError
            part = self._answer.read(n - len(parts))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _broken(self, waited_seconds: float) -> DecoderError:
        _log.warning("The decoder of %s ended without an answer after %.1f s.", self.name, waited_seconds)
        if waited_seconds >= self._job.bounds.stall_seconds - 0.5:
            what = f"takes more than {self._job.bounds.stall_seconds:g} s to decode"
        else:
            what = "breaks the decoder"
        return DecoderError(f"{self.name} {what}; it is probably damaged. Export it again, or use another format.")


class Decoders:
    """Starts a process for every file.

    Parameters
    ----------
    can_fork : bool
        Whether one warm process forks for every file, which takes milliseconds; else each starts anew.
    """

    def __init__(self, *, can_fork: bool = CAN_FORK) -> None:
        self._can_fork = can_fork
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def warm_pid(self) -> int | None:
        """The warm process, once there is one."""
        return self._process.pid if self._process else None

    def warm_up(self) -> None:
        """Start the warm process, without waiting for it."""
        if self._can_fork:
            with self._lock:
                self._warm()

    def close(self) -> None:
        """End the warm process; files under way are decoded to their end."""
        with self._lock:
            self._end()

    @contextmanager
    def open(self, path: Path, job: Job) -> Iterator[Decoding]:
        """Let a process decode a file.

        Parameters
        ----------
        path : Path
            The file.
        job : Job
            How.

        Yields
        ------
        Decoding
            As it comes; the process ends when this is left.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        DecoderError
            If no process can be started.
        """
        launch = self._forked if self._can_fork else self._alone
        with launch(path, job) as (answer, pid):
            yield Decoding(job, answer, pid)

    @contextmanager
    def _forked(self, path: Path, job: Job) -> Iterator[tuple[BinaryIO, int]]:
        with path.open("rb", buffering=0) as file:
            reading, writing = os.pipe()
            with os.fdopen(reading, "rb", buffering=0) as answer:
                try:
                    _widen(writing)
                    pid = self._send(job, file.fileno(), writing)
                finally:
                    os.close(writing)
                yield answer, pid

    def _send(self, job: Job, *descriptors: int) -> int:
        """Hand a job to the warm process, to a new one if that has died; give the id of the process that took it."""
        with self._lock:
            for attempt in (1, 2):
                control = self._warm()
                try:
                    socket.send_fds(control, [job.to_json()], list(descriptors))
                    acknowledged = control.recv(PID.size, socket.MSG_WAITALL)
                    if len(acknowledged) == PID.size:
                        pid: int = PID.unpack(acknowledged)[0]
                        return pid
                except OSError as error:
                    _log.warning("The warm decoder does not answer (attempt %d): %s", attempt, error)
                self._end()
        raise DecoderError("The decoder cannot be started here; the reason was logged. Try again.")

    @contextmanager
    def _alone(self, path: Path, job: Job) -> Iterator[tuple[BinaryIO, int]]:
        text = job.to_json()
        path.stat()  # raises if it is not there
        process = subprocess.Popen(
            [sys.executable, "-m", _PROGRAM, "--alone", str(len(text)), str(path.resolve())],
            cwd=_FOLDER,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        with process:
            try:
                if process.stdin is None or process.stdout is None:
                    raise DecoderError("The decoder cannot be started here.")
                process.stdin.write(text)
                yield process.stdout, process.pid  # type: ignore[misc]
            finally:
                process.kill()

    def _warm(self) -> socket.socket:
        if self._control is None:
            self._control, other = socket.socketpair()
            with other:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", _PROGRAM, str(other.fileno())],
                    cwd=_FOLDER,
                    env={**os.environ, **_ENVIRONMENT},
                    pass_fds=[other.fileno()],
                    stdin=subprocess.DEVNULL,
                )
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.wait(_GRACE_SECONDS)
            self._process = None


def _widen(descriptor: int) -> None:
    """Let a pipe hold more, so that the two processes wait less for each other; Linux only."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


_shared: dict[int, Decoders] = {}
_shared_lock = threading.Lock()


def shared_decoders() -> Decoders:
    """Give the decoders of this process, the same for all of its apps; they end with it."""
    with _shared_lock:
        decoders = _shared.get(os.getpid())
        if decoders is None:
            decoders = _shared[os.getpid()] = Decoders()
            atexit.register(decoders.close)
        return decoders
