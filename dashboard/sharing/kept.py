"""Results that are kept for whoever asks next: scores and pictures, by the content that they follow from."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from dashboard.sharing.sealed import key_name, seal, unseal

_log = logging.getLogger(__name__)

_SUFFIX: Final = ".kept"
_UNFINISHED: Final = ".new"
_UNFINISHED_SECONDS: Final = 600.0
_SECONDS_BETWEEN_SWEEPS: Final = 60.0
_SWEPT_SHARE: Final = 0.9


class Kept(Protocol):
    """Keeps results while there is room. What it loses is made anew, so none of this raises."""

    def get(self, key: str, *, of: str) -> bytes | None:
        """Give a result of a track, named by its id; None if there is none."""

    def put(self, key: str, content: bytes, *, of: str) -> None:
        """Keep a result of a track."""

    def forget(self, of: str) -> None:
        """Forget all results of a track."""


class NothingKept:
    """Keeps nothing: each result is made anew."""

    def get(self, key: str, *, of: str) -> bytes | None:
        """Give None."""

    def put(self, key: str, content: bytes, *, of: str) -> None:
        """Keep nothing."""

    def forget(self, of: str) -> None:
        """Have nothing to forget."""


class KeptOnDisk:
    """Results in files, a folder a track, which all workers of a host share.

    A file appears whole, by one rename, and carries a checksum: a stopped worker leaves no half of one that is
    believed, nor does a damaged disk.

    Parameters
    ----------
    folder : Path
        Theirs alone; made at the first use.
    max_bytes : int
        Room; the least recently used go first.
    seconds : float
        After so long without use, each goes.
    """

    def __init__(self, folder: Path, *, max_bytes: int, seconds: float) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._lock = threading.Lock()
        self._swept = -1e18
        self._n_written = 0

    def get(self, key: str, *, of: str) -> bytes | None:
        """Give a result of a track; None if there is none, or it was damaged, which the log says."""
        path = self._path(key, of)
        try:
            sealed = path.read_bytes()
            os.utime(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            _log.warning("A kept result cannot be read and is made anew: %s", error)
            return None
        content = unseal(sealed)
        if content is None:
            _log.warning("A kept result is damaged and is made anew: %s of %s.", key, of)
            path.unlink(missing_ok=True)
        return content

    def put(self, key: str, content: bytes, *, of: str) -> None:
        """Keep a result of a track; where that cannot be, the log says why."""
        path = self._path(key, of)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=_UNFINISHED)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(seal(content))
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            _log.warning("A result is not kept, and is made anew each time: %s", error)
        self._sweep(len(content))

    def forget(self, of: str) -> None:
        """Forget all results of a track."""
        shutil.rmtree(self._folder / of, ignore_errors=True)

    def _path(self, key: str, of: str) -> Path:
        return self._folder / of / f"{key_name(key)}{_SUFFIX}"

    def _sweep(self, n_bytes: int) -> None:
        """Make room, once a minute or where much was written."""
        now = time.monotonic()
        with self._lock:
            self._n_written += n_bytes
            is_due = now - self._swept >= _SECONDS_BETWEEN_SWEEPS or self._n_written > self._max_bytes / 10
            if not is_due:
                return
            self._swept, self._n_written = now, 0
        files = sorted(self._files())
        used = sum(n for _, n, _ in files)
        is_over = used > self._max_bytes
        room = self._max_bytes * _SWEPT_SHARE
        now = time.time()
        for modified, n, path in files:
            limit = _UNFINISHED_SECONDS if path.suffix == _UNFINISHED else self._seconds
            if now - modified > limit or (is_over and used > room):
                path.unlink(missing_ok=True)
                used -= n

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob("*/*"):
            try:
                status = path.stat()
            except FileNotFoundError:  # another worker was faster
                continue
            yield status.st_mtime, status.st_size, path
