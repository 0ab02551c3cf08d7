"""Audio files that arrive: streamed to disk, stopped at the limit, a few at a time, and removed whatever happens."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from dashboard.errors import BusyError, MissingFileError, SlowClientError, StorageFullError, UnsupportedBodyError
from dashboard.library.library import Library
from dashboard.settings import Settings
from model.errors import AudioTooLargeError, ParameterError

FORM_TYPE: Final = "multipart/form-data"
RAW_TYPES: Final = ("audio/*", "application/octet-stream")

_ALSO_RAW: Final = ("", "application/octet-stream", "application/ogg", "application/x-flac", "video/ogg")
_FORM_OVERHEAD_BYTES: Final = 64 * 2**10
_BLOCK_BYTES: Final = 256 * 2**10
_FORM_BLOCK_BYTES: Final = 64 * 2**10
_MOST_BUFFERED_BYTES: Final = 512 * 2**10
_MOST_PARTS: Final = 15
_LONGEST_JSON_BYTES: Final = 16_384
_FIELD: Final = "file"
_EXTENSION: Final = "genre_intake"


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
            path = self._library.new_file()
            try:
                yield Received(path, self._received(path, is_raw_welcome=is_raw_welcome))
            finally:
                path.unlink(missing_ok=True)
        finally:
            self._slots.release()

    def _received(self, path: Path, *, is_raw_welcome: bool) -> str | None:
        """Write the file that arrives; give its name, if it has one."""
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
            with path.open("wb") as file:
                if is_form:
                    return self._from_form(file)
                self._from_body(file)
                return None
        except RequestEntityTooLarge as error:
            raise self._too_large(allowed + 1) from error
        except (ClientDisconnected, BlockingIOError, TimeoutError) as error:
            raise SlowClientError("The file stopped arriving before its end; send it again.") from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
                raise StorageFullError("The disk is full; free some room, or try again later.") from error
            raise

    def _from_form(self, file: IO[bytes]) -> str | None:
        """Write the part called `file`; the others are passed over."""
        boundary = request.mimetype_params.get("boundary", "").encode("latin-1", "replace")
        parts = _Parts(boundary, max_form_memory_size=_MOST_BUFFERED_BYTES)
        names: list[str | None] = []
        file_name: str | None = None
        is_ours = is_text = False
        try:
            for event in _events(parts):
                if isinstance(event, Field | File):
                    names.append(event.name)
                    if len(names) > _MOST_PARTS:
                        raise MissingFileError("The form has too many parts; send one file in a field called `file`.")
                    is_first = event.name == _FIELD and names.count(_FIELD) == 1
                    is_ours = is_first and isinstance(event, File)
                    is_text = is_text or (is_first and isinstance(event, Field))
                    file_name = event.filename if is_ours and isinstance(event, File) else file_name
                elif isinstance(event, Data) and is_ours:
                    file.write(event.data)
        except ValueError as error:
            raise MissingFileError(f"The form cannot be read ({error}); send the audio in a field `file`.") from error
        if is_text:
            raise MissingFileError(
                "The field `file` is text: it has no file name. Send the audio as a file with a name, as "
                "curl -F file=@song.mp3 does."
            )
        if _FIELD not in names:
            raise MissingFileError("The form has no file in a field called `file`; send the audio there.")
        return file_name

    def _from_body(self, file: IO[bytes]) -> None:
        n_bytes = 0
        while block := request.stream.read(_BLOCK_BYTES):
            n_bytes += len(block)
            if n_bytes > self._max_bytes:
                raise self._too_large(n_bytes)
            file.write(block)
        if request.content_length is not None and n_bytes < request.content_length:
            raise SlowClientError("The file stopped arriving before its end; send it again.")

    def _too_large(self, n_bytes: int) -> AudioTooLargeError:
        return AudioTooLargeError(
            f"The file has {n_bytes / 2**20:.1f} MiB or more; the limit is {self._max_bytes / 2**20:.1f} MiB. "
            "Use a shorter or compressed file."
        )


def json_text(field: str) -> str:
    """Read one field of the request's small JSON body.

    Parameters
    ----------
    field : str
        Its name.

    Returns
    -------
    str
        What it holds.

    Raises
    ------
    UnsupportedBodyError, ParameterError
        If the body is of another type, or holds no such text.
    """
    if not request.is_json:
        raise UnsupportedBodyError(f"A body of type {request.mimetype[:80] or 'unknown'} is of no use; send JSON.")
    request.max_content_length = _LONGEST_JSON_BYTES
    try:
        body = request.get_json(silent=True)
    except RequestEntityTooLarge:
        body = None
    text = body.get(field) if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise ParameterError(
            f'The body is not JSON with a text called "{field}", of at most {_LONGEST_JSON_BYTES} bytes.'
        )
    return text


def install(server: Any, intake: Intake) -> None:
    """Let an app receive files."""
    server.extensions[_EXTENSION] = intake


def intake_of(server: Any) -> Intake:
    """Give an app's intake."""
    intake: Intake = server.extensions[_EXTENSION]
    return intake


class _Parts(MultipartDecoder):
    """Splits a form into its parts; a header that is not UTF-8 is taken for Latin-1, as old clients send it."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        try:
            return super()._parse_headers(data)
        except UnicodeDecodeError:
            return super()._parse_headers(bytes(data).decode("latin-1").encode())


def _events(parts: MultipartDecoder) -> Iterator[Event]:
    """Read the form at hand, event by event, to its end."""
    while True:
        block = request.stream.read(_FORM_BLOCK_BYTES)
        try:
            parts.receive_data(block or None)
            while not isinstance(event := parts.next_event(), NeedData):
                yield event
                if isinstance(event, Epilogue):
                    return
        except RequestEntityTooLarge as error:
            raise ValueError("its parts do not begin where they should") from error
        if not block:
            return
