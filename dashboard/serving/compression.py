"""Compression on the way out: whole answers at once, streams line by line, large scripts once and for all.

A browser on the same machine is left out, but for libraries: it has nothing to gain and would wait for the compressor.
"""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from flask import Flask, Response, request

_TYPES: Final = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/javascript",
    "image/svg+xml",
)
_LIBRARIES: Final = ("/assets/vendor/", "/assets/page.", "/assets/css/page.")
_SMALLEST_BYTES: Final = 1024
_LEVEL: Final = 5
_MOST_KEPT: Final = 64


def compress(server: Flask) -> None:
    """Make an app compress what is worth it, for clients that say they can read it.

    Parameters
    ----------
    server : Flask
        The app.
    """
    kept: dict[tuple[str, str], bytes] = {}
    lock = threading.Lock()

    @server.after_request
    def compress_response(response: Response) -> Response:
        if not (response.mimetype or "").startswith(_TYPES) or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        is_whole = response.status_code in (200, 201) or response.status_code >= 400
        is_welcome = request.method != "HEAD" and request.accept_encodings["gzip"] > 0
        is_library = request.path.startswith(_LIBRARIES)  # larger than all the rest, compressed once
        if not is_whole or not is_welcome or (_is_same_machine() and not is_library):
            return response
        if response.is_streamed and response.direct_passthrough is False:
            response.response = _compressed_lines(response.response)
            response.headers.pop("Content-Length", None)
        else:
            response.direct_passthrough = False
            etag = response.get_etag()[0]
            key = (request.full_path, etag) if etag and request.path.startswith(("/_dash-", "/assets/")) else None
            content = kept.get(key) if key else None
            if content is not None and (close := getattr(response.response, "close", None)):
                close()  # a file that is not read
            if content is None:
                plain = response.get_data()
                if len(plain) < _SMALLEST_BYTES:
                    return response
                content = gzip.compress(plain, _LEVEL, mtime=0)
                if key:
                    with lock:
                        if len(kept) >= _MOST_KEPT:
                            kept.clear()
                        kept[key] = content
            response.set_data(content)
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
        response.headers["Content-Encoding"] = "gzip"
        return response


def _is_same_machine() -> bool:
    is_proxied = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    return not is_proxied and request.remote_addr in ("127.0.0.1", "::1")


def _compressed_lines(blocks: Iterable[str | bytes]) -> Iterator[bytes]:
    """Compress a stream so that each block can be read as soon as it has come."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for block in blocks:
        plain = block.encode() if isinstance(block, str) else block
        yield compressor.compress(plain) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.flush()
