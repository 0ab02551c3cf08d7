"""Uploads on disk: whose they are, and how they come and go.

An upload is a folder ``visitors/<visitor>/<track id>/`` with the file as it came and ``meta.json``. It appears by one
rename, so a stopped server or a bad upload leaves no half of one; it survives a restart and goes when it expires.
Who may keep how much is the library's business.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.errors import BusyError, StartError
from dashboard.library.record import ID, TrackRecord
from model.audio.warnings import AudioWarning

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_SWEEPS: Final = 60.0
_INCOMING_SECONDS: Final = 2 * 3600.0
FILE_NAME: Final = "sound"
META_NAME: Final = "meta.json"


@dataclass(frozen=True)
class Upload:
    """A kept upload: the track, when it came (seconds since the epoch), and its size in bytes."""

    record: TrackRecord
    created: float
    n_bytes: int


class UploadStore:
    """The folders of uploads.

    Parameters
    ----------
    folder : Path
        Holds everything; made when missing, for its owner only.
    kept_seconds : float
        How long an upload is kept.
    clock : callable
        Gives the time in seconds since the epoch.

    Raises
    ------
    StartError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, *, kept_seconds: float, clock: Callable[[], float]) -> None:
        self._visitors = folder / "visitors"
        self._incoming = folder / "incoming"
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._swept = -1e18
        for part in (folder, self._visitors, self._incoming):
            make_private(part)

    def find(self, identity: str, visitor: str) -> Upload | None:
        """Find an upload of a visitor."""
        if not ID.fullmatch(identity):
            return None
        return self._unexpired(self._folder_of(visitor) / identity)

    def of_visitor(self, visitor: str) -> list[Upload]:
        """List a visitor's uploads, newest first."""
        uploads = self._uploads_in(self._folder_of(visitor))
        return sorted(uploads, key=lambda upload: upload.created, reverse=True)

    def of_all(self) -> Iterator[Upload]:
        """List everybody's uploads."""
        for owner in children(self._visitors):
            yield from self._uploads_in(owner)

    def free_bytes(self) -> int:
        """Free room on the disk, in bytes."""
        return shutil.disk_usage(self._incoming).free

    def new_file(self) -> Path:
        """Make an empty private file, for bytes that arrive; the caller removes it."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming, prefix="upload-")
        os.close(descriptor)
        return Path(name)

    def add(self, content: Path, visitor: str, identity: str, meta: dict[str, Any]) -> None:
        """Keep a file as a visitor's upload.

        Parameters
        ----------
        content : Path
            A file of `new_file`; it is moved.
        visitor : str
            The visitor's secret.
        identity : str
            The track's id.
        meta : dict
            ``title``, ``duration_samples``, ``format``, ``rate_hz``, ``n_channels``, ``peak`` and ``warnings``.
        """
        owner = self._folder_of(visitor)
        self._discard(owner / identity)  # an expired or damaged one
        fresh = Path(tempfile.mkdtemp(dir=self._incoming, prefix="folder-"))
        stored = {**meta, "created": self._clock(), "n_bytes": content.stat().st_size}
        (fresh / META_NAME).write_text(json.dumps(stored), encoding="utf-8")
        content.replace(fresh / FILE_NAME)
        self._place(fresh, owner / identity)

    def _place(self, fresh: Path, folder: Path) -> None:
        """Let an upload's folder appear at once."""
        while True:
            make_private(folder.parent)
            try:
                fresh.replace(folder)
            except FileNotFoundError:  # a sweep, perhaps another worker's, has removed the empty folder
                if not fresh.is_dir():
                    raise
            else:
                return

    def change(self, identity: str, visitor: str, changes: dict[str, Any]) -> None:
        """Change what is kept about a visitor's upload.

        Parameters
        ----------
        identity : str
            The track's id; there must be such an upload.
        visitor : str
            The visitor's secret.
        changes : dict
            Some of the values of `add`.
        """
        path = self._folder_of(visitor) / identity / META_NAME
        meta = {**json.loads(path.read_text(encoding="utf-8")), **changes}
        descriptor, name = tempfile.mkstemp(dir=self._incoming, prefix="meta-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(meta, file)
        Path(name).replace(path)  # at once, or not at all

    def remove(self, identity: str, visitor: str) -> None:
        """Forget a visitor's upload, and all that was made of it.

        Raises
        ------
        BusyError
            If the system does not let go of it while it is read.
        """
        self._discard(self._folder_of(visitor) / identity)

    def sweep(self) -> None:
        """Remove what has expired or was left behind, at most once a minute."""
        if self._is_due():
            self._sweep_files()

    def _is_due(self) -> bool:
        now = self._clock()
        with self._lock:
            if 0 <= now - self._swept < _SECONDS_BETWEEN_SWEEPS:
                return False
            self._swept = now
            return True

    def _sweep_files(self) -> None:
        for owner in children(self._visitors):
            for folder in children(owner):
                if self._unexpired(folder) is None:
                    self._discard(folder)
            _remove_if_empty(owner)
        now = self._clock()
        for leftover in children(self._incoming):
            if now - _modified(leftover, now) > _INCOMING_SECONDS:
                self._discard(leftover)

    def _folder_of(self, visitor: str) -> Path:
        return self._visitors / hashlib.sha256(visitor.encode()).hexdigest()[:32]

    def _uploads_in(self, owner: Path) -> Iterator[Upload]:
        for folder in children(owner):
            if upload := self._unexpired(folder):
                yield upload

    def _unexpired(self, folder: Path) -> Upload | None:
        upload = _read(folder)
        is_kept = upload is not None and self._clock() - upload.created <= self._kept_seconds
        return upload if is_kept else None

    def _discard(self, path: Path) -> None:
        """Remove a file or a folder; a folder vanishes at once, whatever becomes of what it held."""
        if not path.is_dir():
            path.unlink(missing_ok=True)
            return
        doomed = Path(tempfile.mkdtemp(dir=self._incoming, prefix="gone-"))
        try:
            path.replace(doomed / path.name)
        except FileNotFoundError:
            _log.debug("%s is gone already.", path)
        except PermissionError as error:  # Windows, while the file is read
            raise BusyError("The track is in use at this moment; try again in a few seconds.") from error
        shutil.rmtree(doomed, ignore_errors=True)  # what cannot be removed now is swept later


def make_private(folder: Path) -> None:
    """Make a folder for its owner only, if it is not there.

    Raises
    ------
    StartError
        If it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"The folder {folder} cannot be made ({error.strerror}); name one that can in GENRE_DATA_FOLDER."
        ) from error


def _read(folder: Path) -> Upload | None:
    try:
        return upload_of(folder, json.loads((folder / META_NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("The upload in %s cannot be read and is ignored: %r", folder, error)
        return None


def upload_of(folder: Path, meta: dict[str, Any]) -> Upload:
    """Describe the upload in a folder by what is kept about it."""
    record = TrackRecord(
        id=folder.name,
        title=meta["title"],
        kind="upload",
        path=folder / FILE_NAME,
        sounds_path=folder / "sound-",
        duration_samples=int(meta["duration_samples"]),
        format=meta["format"],
        rate_hz=int(meta["rate_hz"]),
        n_channels=int(meta["n_channels"]),
        peak=float(meta["peak"]),
        warnings=tuple(AudioWarning(**warning) for warning in meta["warnings"]),
    )
    return Upload(record, float(meta["created"]), int(meta["n_bytes"]))


def children(folder: Path) -> list[Path]:
    """List what is in a folder; nothing, if it is not there."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _modified(path: Path, default: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return default


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        _log.debug("%s is in use.", folder)
