"""The tracks there are: everybody's samples, and each visitor's own uploads, up to the limits."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from dashboard.decoding.jobs import Decoded
from dashboard.errors import StorageFullError, UnknownTrackError, UploadLimitError
from dashboard.library.catalogue import read_catalogue
from dashboard.library.record import LONGEST_TITLE, TrackRecord, format_label, one_line, safe_title, track_id
from dashboard.library.uploads import make_private
from dashboard.library.uploads_in_redis import open_uploads
from dashboard.settings import Settings
from model.errors import ParameterError
from model.params import AudioParams

_FREE_BYTES_KEPT: Final = 64 * 2**20


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
    redis : redis.Redis, optional
        Holds the uploads of several hosts; without it they are this host's.

    Raises
    ------
    StartError
        If the samples are missing or damaged, or the data folder cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        params: AudioParams,
        clock: Callable[[], float] = time.time,
        *,
        redis: Any = None,
    ) -> None:
        self._settings = settings
        self._uploads, self._lock = open_uploads(settings, clock, redis)
        sounds = settings.data_folder / "samples"
        make_private(sounds)
        self.samples = read_catalogue(settings.samples_folder, sounds, params)
        self._samples_by_id = {record.id: record for record in self.samples}

    def tracks(self, visitor: str | None) -> list[TrackRecord]:
        """List the samples in the catalogue's order, then the visitor's uploads, newest first.

        Parameters
        ----------
        visitor : str or None
            The visitor's secret; None for someone who has none yet.

        Returns
        -------
        list of TrackRecord
            What this visitor may hear.
        """
        self._uploads.sweep()
        own = [] if visitor is None else self._uploads.of_visitor(visitor)
        return [*self.samples, *(upload.record for upload in own)]

    def find(self, identity: str, visitor: str | None) -> TrackRecord:
        """Find a track that this visitor may hear.

        Parameters
        ----------
        identity : str
            The track's id.
        visitor : str or None
            The visitor's secret.

        Returns
        -------
        TrackRecord
            The track.

        Raises
        ------
        UnknownTrackError
            If there is none, or it is another visitor's.
        """
        if known := self.known(identity, visitor):
            return known
        raise UnknownTrackError(
            f"There is no track {identity[:40]} here; it may have expired. Choose another one, or add it again."
        )

    def known(self, identity: str, visitor: str | None) -> TrackRecord | None:
        """Find a track that this visitor may hear, or None."""
        if sample := self._samples_by_id.get(identity):
            return sample
        upload = None if visitor is None else self._uploads.find(identity, visitor)
        return upload.record if upload else None

    def check_room(self, visitor: str | None, n_bytes: int) -> None:
        """Refuse an upload that has no room; also early, before its bytes arrive.

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
        limit = self._settings
        if limit.max_uploads == 0:
            raise UploadLimitError("Uploads are turned off here; choose one of the samples.")
        self._uploads.sweep()
        own = [] if visitor is None else self._uploads.of_visitor(visitor)
        if len(own) >= limit.max_uploads:
            raise UploadLimitError(f"You keep {len(own)} uploads; the limit is {limit.max_uploads}. Remove one first.")
        if sum(upload.n_bytes for upload in own) + n_bytes > limit.max_visitor_mib * 2**20:
            raise UploadLimitError(
                f"Your uploads would take more than {limit.max_visitor_mib:.0f} MiB, the limit. Remove one first."
            )
        everyones = sum(upload.n_bytes for upload in self._uploads.of_all())
        is_disk_full = self._uploads.free_bytes() < n_bytes + _FREE_BYTES_KEPT
        if everyones + n_bytes > limit.max_data_mib * 2**20 or is_disk_full:
            raise StorageFullError("The service has no room for more uploads at this moment; try again later.")

    def disk_state(self) -> str:
        """Say how it is with the disk: ``ok``, or what is wrong."""
        try:
            if self._uploads.free_bytes() < _FREE_BYTES_KEPT:
                return f"less than {_FREE_BYTES_KEPT // 2**20} MiB are free in the data folder"
            self.new_file().unlink()
        except OSError as error:
            return f"the data folder cannot be written ({error.strerror})"
        return "ok"

    def new_file(self) -> Path:
        """Make an empty private file, for the bytes of an upload that arrives; the caller removes it."""
        return self._uploads.new_file()

    def add(
        self, content: Path, identity: str, visitor: str, *, file_name: str | None, decoded: Decoded, n_samples: int
    ) -> TrackRecord:
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
        decoded : Decoded
            What there is to say of it.
        n_samples : int
            Its length at the model's rate.

        Returns
        -------
        TrackRecord
            The new track, or the one that already had these bytes.

        Raises
        ------
        UploadLimitError, StorageFullError
            If there is no room; what was there stays.
        """
        with self._lock():
            if known := self.known(identity, visitor):
                return known
            self.check_room(visitor, content.stat().st_size)
            meta = {
                "title": safe_title(file_name),
                "duration_samples": n_samples,
                "format": format_label(decoded.info),
                "rate_hz": decoded.info.sample_rate_hz,
                "n_channels": decoded.info.n_channels,
                "peak": decoded.peak,
                "warnings": [asdict(warning) for warning in decoded.warnings],
            }
            self._uploads.add(content, visitor, identity, meta)
        return self.find(identity, visitor)

    def called(self, identity: str, visitor: str, file_name: str | None) -> TrackRecord:
        """Give an upload the title of another file name; a sample keeps its own.

        Parameters
        ----------
        identity : str
            The track's id.
        visitor : str
            The visitor's secret.
        file_name : str or None
            As the visitor's file is called now.

        Returns
        -------
        TrackRecord
            The track under its new title.

        Raises
        ------
        UnknownTrackError
            If there is none, or it is another visitor's.
        """
        record = self.find(identity, visitor)
        if record.kind == "sample":
            return record
        return self._titled(record, visitor, safe_title(file_name))

    def rename(self, identity: str, visitor: str | None, title: str) -> TrackRecord:
        """Give an upload another title.

        Parameters
        ----------
        identity : str
            The track's id.
        visitor : str or None
            The visitor's secret.
        title : str
            At least one character that is seen, at most `LONGEST_TITLE`.

        Returns
        -------
        TrackRecord
            The track under its new title.

        Raises
        ------
        UnknownTrackError
            If it is not an upload of this visitor.
        ParameterError
            If it is no title.
        """
        record = self.find(identity, visitor)
        if visitor is None or record.kind == "sample":
            raise UnknownTrackError(f"{record.title} is a sample and cannot be renamed; only your uploads can.")
        title = one_line(title)
        if not 1 <= len(title) <= LONGEST_TITLE:
            raise ParameterError(f"The title has {len(title)} characters; use 1 to {LONGEST_TITLE}.")
        return self._titled(record, visitor, title)

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
        BusyError
            If the system does not let go of it.
        """
        record = self.find(identity, visitor)
        if visitor is None or record.kind == "sample":
            raise UnknownTrackError(f"{record.title} is a sample and cannot be removed; only your uploads can.")
        with self._lock():
            self._uploads.remove(identity, visitor)

    def _titled(self, record: TrackRecord, visitor: str, title: str) -> TrackRecord:
        if record.title != title:
            with self._lock():
                self.find(record.id, visitor)  # unless it was removed in between
                self._uploads.change(record.id, visitor, {"title": title})
        return self.find(record.id, visitor)


def identity_of(content: Path) -> str:
    """Hash a file's bytes into a track's id."""
    with content.open("rb") as file:
        return track_id(hashlib.file_digest(file, "sha256").hexdigest())
