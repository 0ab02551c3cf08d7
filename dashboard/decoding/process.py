"""The decoder processes: ``python -m dashboard.decoding.process FD`` loads the decoder once and forks for every file.

A child opens one file, which it is handed open, and answers on one pipe. It may use so much memory and processor time,
open no other file and write none, and is ended by an alarm if nothing comes for a while; the alarm and the limits are
the system's, so that native code that hangs cannot put them off. ``... process --alone FD`` decodes one file without
forking, where a system has no fork.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from numpy.typing import NDArray

from dashboard.decoding.jobs import BLOCK, END, ERROR, PID, Decoded, Job, error_to_json, write_frame
from dashboard.decoding.limits import limit
from model.audio.decode import Decoding
from model.audio.playable import playable_blocks
from model.errors import GenreError

LARGEST_JOB_BYTES: Final = 65_536


def main(arguments: list[str]) -> int:
    """Serve jobs until the other end of the socket closes, or one job alone."""
    if arguments[0] == "--alone":
        length = int(arguments[1])
        job = Job.from_json(sys.stdin.buffer.read(length))
        with Path(arguments[2]).open("rb") as file:
            _answer(job, file, sys.stdout.fileno())
        return 0
    serve(socket.socket(fileno=int(arguments[0])))
    return 0


def serve(control: socket.socket) -> None:
    """Fork for every job that comes; the child's id is the acknowledgement.

    Parameters
    ----------
    control : socket.socket
        Gives the jobs, each with two descriptors: the file, and the pipe to answer on.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the children
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, LARGEST_JOB_BYTES, 2)
        if not text:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _run_and_exit(text, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(PID.pack(child))


def _run_and_exit(text: bytes, file_descriptor: int, answer: int) -> NoReturn:
    status = 1
    try:
        job = Job.from_json(text)
        _alarm(job.bounds.stall_seconds)
        limit(memory_mib=job.bounds.memory_mib, cpu_seconds=job.bounds.cpu_seconds)
        with os.fdopen(file_descriptor, "rb") as file:
            _answer(job, file, answer)
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is to be finished here


def _answer(job: Job, file: BinaryIO, answer: int) -> None:
    """Decode, and write what comes of it; whoever reads may leave at any time."""

    def write(content: bytes | memoryview) -> None:
        view = memoryview(content).cast("B")
        while view:
            view = view[os.write(answer, view) :]

    try:
        try:
            with Decoding(file, name=job.name, limits=job.limits, params=job.params) as decoding:
                _alarm(job.bounds.stall_seconds)
                blocks: Iterable[NDArray[Any]] = (
                    decoding.blocks() if job.playable is None else playable_blocks(decoding, job.playable)
                )
                for block in blocks:
                    _alarm(0)  # the reader may take its time
                    write_frame(write, BLOCK, block.tobytes())
                    _alarm(job.bounds.stall_seconds)
                end = Decoded(decoding.info, decoding.warnings, decoding.peak)
            _alarm(0)
            write_frame(write, END, end.to_json())
        except GenreError as error:
            _alarm(0)
            write_frame(write, ERROR, error_to_json(error))
        except MemoryError:
            _alarm(0)
            detail = f"{job.name} takes more than {job.bounds.memory_mib:.0f} MiB to decode; export it again."
            write_frame(write, ERROR, error_to_json(MemoryError(detail)))
    except BrokenPipeError:
        return  # whoever asked has left


def _alarm(seconds: float) -> None:
    """End this process if it has not called again by then; 0 calls that off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
