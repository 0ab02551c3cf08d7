"""Audio files that arrive: streamed to disk, stopped at the limit, a few at a time, and removed whatever happens."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from flask import Request, current_app, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from dashboard.errors import BusyError, MissingFileError, SlowClientError, StorageFullError, UnsupportedBodyError
from dashboard.library.library import Library
from dashboard.settings import Settings
from model.errors import AudioTooLargeError

FORM_TYPE: Final = "multipart/form-data"
RAW_TYPES: Final = ("audio/*", "application/octet-stream")

_ALSO_RAW: Final = ("", "application/octet-stream", "application/ogg", "application/x-flac", "video/ogg")
_FORM_OVERHEAD_BYTES: Final = 64 * 2**10
_BLOCK_BYTES: Final = 256 * 2**10
_EXTENSION: Final = "genre_intake"


class StreamingRequest(Request):
    """A request whose uploaded files go straight to the folder where they will be kept."""

    max_form_parts = 16

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        intake: Intake | None = current_app.extensions.get(_EXTENSION)
        if intake is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return intake.new_file(self)


@dataclass(frozen=True)
class Received:
    """A file that has arrived: where it lies for the moment, and how the client calls it."""

    path: Path
    file_name: str | None


class Intake:
    """Receives files.

    Parameters
    ----------
    settings : Settings
        Largest size, and how many at a time.
    library : Library
        Gives the files they are written to.
    """

    def __init__(self, settings: Settings, library: Library) -> None:
        self._max_bytes = settings.max_upload_bytes
        self._library = library
        self._slots = threading.BoundedSemaphore(settings.max_concurrent_uploads)

    def new_file(self, owner: Request) -> IO[bytes]:
        """Open a private file that goes when the request does."""
        path = self._library.new_file()
        file = path.open("wb+")
        _files_of(owner).append((path, file))
        return file

    @contextmanager
    def receive(self, *, is_raw_welcome: bool) -> Iterator[Received]:
        """Receive the file of the request at hand.

        Parameters
        ----------
        is_raw_welcome : bool
            Whether the body itself may be the file.

        Yields
        ------
        Received
            The file; it is removed at the end unless it was moved away.

        Raises
        ------
        AudioTooLargeError, UnsupportedBodyError, MissingFileError, BusyError, SlowClientError
            If it cannot be received.
        """
        if not self._slots.acquire(blocking=False):
            raise BusyError("Too many files arrive at this moment; try again in a few seconds.")
        try:
            yield self._received(is_raw_welcome=is_raw_welcome)
        finally:
            for path, file in _files_of(request):
                file.close()
                path.unlink(missing_ok=True)
            self._slots.release()

    def _received(self, *, is_raw_welcome: bool) -> Received:
        is_form = request.mimetype == FORM_TYPE
        is_raw = is_raw_welcome and (request.mimetype.startswith("audio/") or request.mimetype in _ALSO_RAW)
        if not is_form and not is_raw:
            wanted = f"{FORM_TYPE} with a field `file`" + (", audio/* or application/octet-stream" * is_raw_welcome)
            sent = request.mimetype[:80] or "unknown"
            raise UnsupportedBodyError(f"A body of type {sent} is of no use; send {wanted}.")
        allowed = self._max_bytes + _FORM_OVERHEAD_BYTES * is_form
        if (request.content_length or 0) > allowed:
            raise self._too_large(request.content_length or 0)
        request.max_content_length = allowed
        try:
            return self._from_form() if is_form else self._from_body()
        except RequestEntityTooLarge as error:
            if is_form and len(_files_of(request)) >= StreamingRequest.max_form_parts - 1:
                raise MissingFileError(
                    "The form has too many parts; send one file in a field called `file`."
                ) from error
            raise self._too_large(allowed + 1) from error
        except (ClientDisconnected, BlockingIOError, TimeoutError) as error:
            raise SlowClientError("The file stopped arriving before its end; send it again.") from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
                raise StorageFullError("The disk is full; free some room, or try again later.") from error
            raise

    def _from_form(self) -> Received:
        storage = request.files.get("file")
        if storage is None:
            raise MissingFileError("The form has no file in a field called `file`; send the audio there.")
        for path, file in _files_of(request):
            if storage.stream is file:
                file.close()
                return Received(path, storage.filename)
        raise MissingFileError("The form's file did not arrive; send it again.")

    def _from_body(self) -> Received:
        file = self.new_file(request)
        n_bytes = 0
        while block := request.stream.read(_BLOCK_BYTES):
            n_bytes += len(block)
            if n_bytes > self._max_bytes:
                raise self._too_large(n_bytes)
            file.write(block)
        if request.content_length is not None and n_bytes < request.content_length:
            raise SlowClientError("The file stopped arriving before its end; send it again.")
        file.close()
        return Received(_files_of(request)[-1][0], None)

    def _too_large(self, n_bytes: int) -> AudioTooLargeError:
        return AudioTooLargeError(
            f"The file has {n_bytes / 2**20:.1f} MiB or more; the limit is {self._max_bytes / 2**20:.1f} MiB. "
            "Use a shorter or compressed file."
        )


def install(server: Any, intake: Intake) -> None:
    """Make an app write the files it receives where the intake says."""
    server.request_class = StreamingRequest
    server.extensions[_EXTENSION] = intake


def intake_of(server: Any) -> Intake:
    """Give an app's intake."""
    intake: Intake = server.extensions[_EXTENSION]
    return intake


def _files_of(owner: Request) -> list[tuple[Path, IO[bytes]]]:
    with suppress(KeyError):
        known: list[tuple[Path, IO[bytes]]] = owner.environ["genre.files"]
        return known
    files: list[tuple[Path, IO[bytes]]] = []
    owner.environ["genre.files"] = files
    return files
