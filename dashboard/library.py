"""The tracks there are: everybody's samples, and each visitor's own uploads, kept on disk by content hash.

An upload is a folder ``visitors/<visitor>/<track id>/`` with the file as it came and ``meta.json``. It appears by one
rename, so a stopped server or a bad upload leaves no half of one; it survives a restart and goes when it expires.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.catalogue import read_catalogue
from dashboard.errors import BusyError, StartError, StorageFullError, UnknownTrackError, UploadLimitError
from dashboard.settings import Settings
from dashboard.tracks import ID, Entry, format_label, safe_title, track_id
from model.audio import AudioInfo
from model.params import AudioParams

_log = logging.getLogger(__name__)

_FREE_BYTES_KEPT: Final = 64 * 2**20
_SECONDS_BETWEEN_SWEEPS: Final = 60.0
_INCOMING_HOURS: Final = 2.0
_FILE_NAME: Final = "sound"
_META_NAME: Final = "meta.json"


@dataclass(frozen=True)
class _Upload:
    entry: Entry
    created: float
    n_bytes: int


class Library:
    """Samples and uploads.

    Parameters
    ----------
    settings : Settings
        Folders, limits and expiry.
    params : AudioParams
        The model's sample rate.
    clock : callable, optional
        Gives the time in seconds since the epoch.

    Raises
    ------
    StartError
        If the samples are missing or damaged, or the data folder cannot be written.
    """

    def __init__(self, settings: Settings, params: AudioParams, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.RLock()
        self._swept = -1e18
        self._visitors = settings.data_folder / "visitors"
        self._incoming = settings.data_folder / "incoming"
        played = settings.data_folder / "samples"
        for folder in (settings.data_folder, self._visitors, self._incoming, played):
            _make_private(folder)
        self.samples = read_catalogue(settings.samples_folder, played, params)
        self._samples_by_id = {entry.id: entry for entry in self.samples}

    def tracks(self, visitor: str | None) -> list[Entry]:
        """List the samples in the catalogue's order, then the visitor's uploads, newest first.

        Parameters
        ----------
        visitor : str or None
            The visitor's secret; None for someone who has none yet.

        Returns
        -------
        list of Entry
            What this visitor may hear.
        """
        self._sweep()
        uploads = sorted(self._uploads_of(visitor), key=lambda upload: upload.created, reverse=True)
        return [*self.samples, *(upload.entry for upload in uploads)]

    def find(self, identity: str, visitor: str | None) -> Entry:
        """Find a track that this visitor may hear.

        Parameters
        ----------
        identity : str
            The track's id.
        visitor : str or None
            The visitor's secret.

        Returns
        -------
        Entry
            The track.

        Raises
        ------
        UnknownTrackError
            If there is none, or it is another visitor's.
        """
        if sample := self._samples_by_id.get(identity):
            return sample
        if visitor is not None and ID.fullmatch(identity):
            upload = self._read(self._folder_of(visitor) / identity)
            if upload is not None and not self._is_expired(upload):
                return upload.entry
        raise UnknownTrackError(
            f"There is no track {identity[:40]} here; it may have expired. Choose another one, or add it again."
        )

    def check_room(self, visitor: str | None, n_bytes: int) -> None:
        """Refuse an upload early, before its bytes arrive.

        Parameters
        ----------
        visitor : str or None
            The visitor's secret.
        n_bytes : int
            Size of the upload, as far as it is known.

        Raises
        ------
        UploadLimitError, StorageFullError
            If the visitor, or the service, keeps as much as may be.
        """
        self._sweep()
        limit = self._settings
        if limit.max_uploads == 0:
            raise UploadLimitError("Uploads are turned off here; choose one of the samples.")
        own = list(self._uploads_of(visitor))
        if len(own) >= limit.max_uploads:
            raise UploadLimitError(f"You keep {len(own)} uploads; the limit is {limit.max_uploads}. Remove one first.")
        if sum(upload.n_bytes for upload in own) + n_bytes > limit.max_visitor_mib * 2**20:
            raise UploadLimitError(
                f"Your uploads would take more than {limit.max_visitor_mib:.0f} MiB, the limit. Remove one first."
            )
        everyones = sum(upload.n_bytes for upload in self._all_uploads())
        free = shutil.disk_usage(self._incoming).free
        if everyones + n_bytes > limit.max_data_mib * 2**20 or free < n_bytes + _FREE_BYTES_KEPT:
            raise StorageFullError("The service has no room for more uploads at this moment; try again later.")

    def new_file(self) -> Path:
        """Make an empty private file, for the bytes of an upload that arrives; the caller removes it."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming, prefix="upload-")
        os.close(descriptor)
        return Path(name)

    def known(self, identity: str, visitor: str | None) -> Entry | None:
        """Find a track that this visitor may hear, or None."""
        try:
            return self.find(identity, visitor)
        except UnknownTrackError:
            return None

    def add(
        self, content: Path, identity: str, visitor: str, *, file_name: str | None, info: AudioInfo, n_samples: int
    ) -> Entry:
        """Keep an upload that was decoded without fault.

        Parameters
        ----------
        content : Path
            The bytes, in a file of `new_file`; it is moved into the library.
        identity : str
            Their id, from `identity_of`.
        visitor : str
            The visitor's secret.
        file_name : str or None
            As the visitor's file is called.
        info : AudioInfo
            Its format.
        n_samples : int
            Its length at the model's rate.

        Returns
        -------
        Entry
            The new track, or the one that already had these bytes.

        Raises
        ------
        UploadLimitError, StorageFullError
            If there is no room; what was there stays.
        """
        n_bytes = content.stat().st_size
        meta = {
            "title": safe_title(file_name),
            "duration_samples": n_samples,
            "format": format_label(info),
            "created": self._clock(),
            "n_bytes": n_bytes,
        }
        with self._lock:
            if known := self.known(identity, visitor):
                return known
            self.check_room(visitor, n_bytes)
            owner = self._folder_of(visitor)
            _make_private(owner)
            self._discard(owner / identity)  # an expired or damaged one
            fresh = Path(tempfile.mkdtemp(dir=self._incoming, prefix="folder-"))
            (fresh / _META_NAME).write_text(json.dumps(meta), encoding="utf-8")
            content.replace(fresh / _FILE_NAME)
            fresh.replace(owner / identity)
        return self.find(identity, visitor)

    def remove(self, identity: str, visitor: str | None) -> None:
        """Forget one of the visitor's uploads.

        Parameters
        ----------
        identity : str
            The track's id.
        visitor : str or None
            The visitor's secret.

        Raises
        ------
        UnknownTrackError
            If it is not an upload of this visitor.
        """
        with self._lock:
            entry = self.find(identity, visitor)
            if entry.kind == "sample":
                raise UnknownTrackError(f"{entry.title} is a sample and cannot be removed; only your uploads can.")
            self._discard(entry.path.parent)

    def _folder_of(self, visitor: str) -> Path:
        return self._visitors / hashlib.sha256(visitor.encode()).hexdigest()[:32]

    def _uploads_of(self, visitor: str | None) -> Iterator[_Upload]:
        if visitor is not None:
            yield from self._uploads_in(self._folder_of(visitor))

    def _all_uploads(self) -> Iterator[_Upload]:
        for owner in _children(self._visitors):
            yield from self._uploads_in(owner)

    def _uploads_in(self, owner: Path) -> Iterator[_Upload]:
        for folder in _children(owner):
            upload = self._read(folder)
            if upload is not None and not self._is_expired(upload):
                yield upload

    def _read(self, folder: Path) -> _Upload | None:
        try:
            meta: dict[str, Any] = json.loads((folder / _META_NAME).read_text(encoding="utf-8"))
            entry = Entry(
                id=folder.name,
                title=meta["title"],
                kind="upload",
                path=folder / _FILE_NAME,
                played_path=folder / "played.wav",
                duration_samples=int(meta["duration_samples"]),
                format=meta["format"],
            )
            return _Upload(entry, float(meta["created"]), int(meta["n_bytes"]))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("The upload in %s cannot be read and is ignored: %r", folder, error)
            return None

    def _is_expired(self, upload: _Upload) -> bool:
        return self._clock() - upload.created > self._settings.upload_hours * 3600

    def _sweep(self) -> None:
        """Remove what has expired, at most once a minute."""
        now = self._clock()
        with self._lock:
            if now - self._swept < _SECONDS_BETWEEN_SWEEPS:
                return
            self._swept = now
        for owner in _children(self._visitors):
            for folder in _children(owner):
                upload = self._read(folder)
                if upload is None or self._is_expired(upload):
                    self._discard(folder)
            if not _children(owner):
                with self._lock:
                    _remove_if_empty(owner)
        for leftover in _children(self._incoming):
            if now - _modified(leftover, now) > _INCOMING_HOURS * 3600:
                self._discard(leftover)

    def _discard(self, path: Path) -> None:
        """Remove a file or a folder; a folder vanishes at once, whatever becomes of what it held."""
        if path.is_dir():
            doomed = Path(tempfile.mkdtemp(dir=self._incoming, prefix="gone-"))
            try:
                path.replace(doomed / path.name)
            except PermissionError as error:  # Windows, while the file is read
                raise BusyError("The track is in use at this moment; try again in a few seconds.") from error
            shutil.rmtree(doomed, ignore_errors=True)  # what cannot be removed now is swept later
        else:
            path.unlink(missing_ok=True)


def identity_of(content: Path) -> str:
    """Hash a file's bytes into a track's id."""
    with content.open("rb") as file:
        return track_id(hashlib.file_digest(file, "sha256").hexdigest())


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"The folder {folder} cannot be made ({error.strerror}); name one that can in GENRE_DATA_FOLDER."
        ) from error


def _children(folder: Path) -> list[Path]:
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
        _log.debug("%s is in use again.", folder)
