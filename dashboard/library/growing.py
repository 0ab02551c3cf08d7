"""Files of known length that are read while they are still being written, and make room for each other.

A file grows under a name of its own and takes its place when it is whole, so that workers that write the same one at
the same time do not meet; what a stopped worker leaves is removed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Final

from dashboard.errors import BusyError, DecoderError, StoppingError, StorageFullError
from dashboard.library.record import TrackRecord, unless_removed
from model.errors import GenreError

_log = logging.getLogger(__name__)

Contents = Callable[[], Iterable[bytes]]

_PATIENCE_SECONDS: Final = 30.0
_GROWING_SUFFIX: Final = ".new"
_LEFT_SECONDS: Final = 600.0
"""A file that has not grown for so long was left by a worker that was stopped."""


class GrowingFile:
    """A file of known length that may still be written.

    Parameters
    ----------
    path : Path
        The file.
    n_bytes : int
        Its length in the end.
    n_written : int
        What is there already.
    place : Path, optional
        Where it goes once it is whole.
    """

    def __init__(self, path: Path, n_bytes: int, n_written: int, *, place: Path | None = None) -> None:
        self.path = path
        self._place = place or path
        self.n_bytes = n_bytes
        self.error: GenreError | None = None
        self._n_written = n_written
        self._changed = threading.Condition()

    def open(self) -> IO[bytes]:
        """Open it, under the name that it has by now."""
        with self._changed:
            return self.path.open("rb", buffering=0)

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""
        return self._n_written >= self.n_bytes

    def grow(self, n: int) -> None:
        """Take note that so many more bytes are there."""
        with self._changed:
            self._n_written += n
            if self.is_complete and self.path != self._place:
                self.path = self.path.replace(self._place)
            self._changed.notify_all()

    def fail(self, error: GenreError) -> None:
        """Take note that no more will come."""
        with self._changed:
            self.error = error
            self._changed.notify_all()

    def wait_for(self, position: int) -> int:
        """Wait for the byte at a position.

        Returns
        -------
        int
            How many bytes are there from it on; 0 at the end.

        Raises
        ------
        GenreError
            What the writing broke off for.
        BusyError
            If nothing comes for half a minute.
        """
        with self._changed:
            while self._n_written <= position < self.n_bytes:
                if self.error is not None:
                    raise self.error
                if not self._changed.wait(_PATIENCE_SECONDS):
                    raise BusyError("The sound is not ready yet; try again in a few seconds.")
            return max(0, self._n_written - position)


class GrowingFiles:
    """Makes and keeps files of one kind.

    Parameters
    ----------
    folder : Path
        Wherein all of the records' files lie.
    suffix : str
        What the names of these end with.
    max_bytes : int
        Room for them on disk; the least recently asked for go first.
    max_jobs : int
        Files written side by side.
    """

    def __init__(self, folder: Path, suffix: str, *, max_bytes: int, max_jobs: int) -> None:
        self.max_bytes = max_bytes
        self._folder = folder
        self._suffix = suffix
        self._threads = ThreadPoolExecutor(max_jobs, thread_name_prefix="growing")
        self._lock = threading.Lock()
        self._growing: dict[Path, GrowingFile] = {}
        self._is_closing = False

    def known(self, path: Path, n_bytes: int) -> GrowingFile | None:
        """Give a file that is there, or is being written; None where it must be made."""
        with self._lock:
            return self._known(path, n_bytes)

    def file(self, record: TrackRecord, path: Path, n_bytes: int, contents: Contents) -> GrowingFile:
        """Give a file; where it is not there it is begun.

        Parameters
        ----------
        record : TrackRecord
            The track that it is made of.
        path : Path
            Its place.
        n_bytes : int
            Its length.
        contents : callable
            Gives what it holds, in order.

        Returns
        -------
        GrowingFile
            It may still be written.

        Raises
        ------
        StorageFullError
            If there is no room for it.
        UnknownTrackError
            If the track was removed.
        StoppingError
            If writing has been stopped.
        """
        with self._lock:
            if known := self._known(path, n_bytes):
                return known
            if self._is_closing:
                raise StoppingError()
            self._make_room(n_bytes)
            with unless_removed(record):
                stream = _begun(path)
            growing = GrowingFile(Path(stream.name), n_bytes, 0, place=path)
            self._growing[path] = growing
            self._threads.submit(self._write, growing, path, stream, record, contents)
            return growing

    def adopt(self, content: Path, path: Path) -> None:
        """Take a file that was written elsewhere."""
        with self._lock:
            self._make_room(content.stat().st_size)
            content.replace(path)

    def close(self) -> None:
        """Stop writing."""
        with self._lock:
            self._is_closing = True
        self._threads.shutdown(cancel_futures=True)
        for growing in list(self._growing.values()):
            growing.fail(StoppingError())

    def _known(self, path: Path, n_bytes: int) -> GrowingFile | None:
        if growing := self._growing.get(path):
            return growing
        try:
            is_there = path.stat().st_size == n_bytes
            os.utime(path)
        except FileNotFoundError:
            is_there = False
        return GrowingFile(path, n_bytes, n_bytes) if is_there else None

    def _write(
        self, growing: GrowingFile, place: Path, stream: IO[bytes], record: TrackRecord, contents: Contents
    ) -> None:
        fault: GenreError | None = None
        try:
            with stream:
                for content in contents():
                    _append(growing, stream, content)
                    if self._is_closing:
                        break
            if not growing.is_complete:
                fault = DecoderError(f"The sound of {record.title} broke off; try again.")
        except GenreError as error:
            fault = error
        except OSError as error:
            _log.warning("The sound of %s cannot be written: %s", record.id, error)
            fault = StorageFullError("The service has no room for the sound at this moment; try again later.")
        except Exception:  # noqa: BLE001 -- logged; the readers wait for an answer
            _log.exception("Writing the sound of %s failed.", record.id)
            fault = DecoderError(f"The sound of {record.title} broke off; the reason was logged.")
        with self._lock:
            self._growing.pop(place, None)
        if not growing.is_complete:
            growing.path.unlink(missing_ok=True)
        if fault is not None:
            growing.fail(fault)

    def _make_room(self, n_bytes: int) -> None:
        """Remove files that nobody has asked for lately, until there is room for one more."""
        files = []
        now = time.time()
        for path in self._folder.rglob(f"*{self._suffix}*"):
            with contextlib.suppress(FileNotFoundError):  # removed in the meantime
                status = path.stat()
                if path.suffix == self._suffix:
                    files.append((status, path))
                elif now - status.st_mtime > _LEFT_SECONDS:
                    path.unlink()
        files.sort(key=lambda pair: pair[0].st_mtime)
        room = self.max_bytes - n_bytes - sum(growing.n_bytes for growing in self._growing.values())
        used = sum(status.st_size for status, _ in files)
        for status, path in files:
            if used <= room:
                break
            path.unlink(missing_ok=True)
            used -= status.st_size


def _begun(place: Path) -> IO[bytes]:
    """Begin a file that is to go to a place: beside it, unless the system does not rename what is open (Windows)."""
    try:
        if sys.platform == "win32":
            return place.open("wb")
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=place.name, suffix=_GROWING_SUFFIX)
        os.close(descriptor)
        return Path(name).open("wb")
    except FileNotFoundError:
        raise
    except OSError as error:
        _log.warning("The sound in %s cannot be written: %s", place.parent, error)
        raise StorageFullError("The service has no room for the sound at this moment; try again later.") from error


def _append(growing: GrowingFile, stream: IO[bytes], content: bytes) -> None:
    stream.write(content)
    stream.flush()
    growing.grow(len(content))
