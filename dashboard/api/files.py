"""A file on disk as a response: whole or a range of it, opened only when its first byte is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from flask import Response, request
from werkzeug.http import parse_range_header

_BLOCK_BYTES: Final = 64 * 2**10


class LazyFile:
    """An iterator over a file's blocks that can be sought, as werkzeug's range responses need it.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if block := self._opened().read(_BLOCK_BYTES):
            return block
        raise StopIteration

    def seekable(self) -> bool:
        """Whether it can be sought: yes."""
        return True

    def seek(self, position: int) -> int:
        """Go to a byte."""
        return self._opened().seek(position)

    def tell(self) -> int:
        """Position, in bytes."""
        return self._opened().tell()

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = self._path.open("rb")
        return self._file


def ranged_file(path: Path, *, media_type: str, etag: str) -> Response:
    """Answer with a file, honouring Range, If-Range and If-None-Match (RFC 9110).

    Parameters
    ----------
    path : Path
        The file; it must not change.
    media_type : str
        Of its content.
    etag : str
        Names its content.

    Returns
    -------
    Response
        200, 206 or 304. Several ranges at once, or ranges of another unit, give the whole.

    Raises
    ------
    RequestedRangeNotSatisfiable
        If the range lies beyond the end.
    """
    n_bytes = path.stat().st_size
    if not _is_range_served():
        request.environ.pop("HTTP_RANGE", None)
    response = Response(LazyFile(path), mimetype=media_type)
    response.content_length = n_bytes
    response.set_etag(etag)
    response.make_conditional(request.environ, accept_ranges=True, complete_length=n_bytes)
    return response


def _is_range_served() -> bool:
    asked = parse_range_header(request.headers.get("Range"))
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
