"""Answers that follow from a track's id: made once and kept; who has one already is told so."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, Final

from flask import Response, current_app, request

from dashboard.library.record import TrackRecord
from dashboard.services import Services

_JSON: Final = "application/json"
_LEVEL: Final = 5


def drawn(record: TrackRecord, what: str, draw: Callable[[], Any]) -> Response:
    """Answer with JSON that follows from the track's id alone, unless the browser has it already.

    Parameters
    ----------
    record : TrackRecord
        The track.
    what : str
        Names what is made of it, with the model and the parameters that it depends on.
    draw : callable
        Makes it, where no worker has yet.

    Returns
    -------
    Response
        Compressed for whoever can read that: it is kept so.
    """
    return _unless_had(record, what, lambda: _compressed(_made(record, what, draw), _JSON))


def told(record: TrackRecord, what: str, media_type: str) -> Response | None:
    """Answer with a stream that was told to its end before, whole.

    Parameters
    ----------
    record : TrackRecord
        The track.
    what : str
        Names the stream, with the model and the parameters that it depends on.
    media_type : str
        Of the stream.

    Returns
    -------
    Response or None
        None where no worker has told it yet, or it is not kept any more.
    """
    content = _kept(record, _key("told", what))
    return None if content is None else _unless_had(record, what, lambda: _compressed(content, media_type))


def keeper(record: TrackRecord, what: str) -> Callable[[bytes], None]:
    """Give what keeps a whole stream for `told`; it may be called when the request is over."""
    kept, key = _services().shared.kept, _key("told", what)
    return lambda stream: kept.put(key, gzip.compress(stream, _LEVEL, mtime=0), of=record.id)


def cached_as(record: TrackRecord, response: Response) -> Response:
    """Let a browser keep a sample as long as it asks whether it is still the same, and a visitor's sound not at all."""
    response.headers["Cache-Control"] = "no-cache" if record.kind == "sample" else "private, no-store"
    return response


def _unless_had(record: TrackRecord, what: str, answer: Callable[[], Response]) -> Response:
    etag = f"{record.id}-{what}"
    response = Response(status=304) if request.if_none_match.contains_weak(etag) else answer()
    response.set_etag(etag, weak="Content-Encoding" in response.headers)
    return cached_as(record, response)


def _made(record: TrackRecord, what: str, draw: Callable[[], Any]) -> bytes:
    """Give the compressed JSON that is kept, or make it."""
    key = _key("drawn", what)
    kept = _kept(record, key)
    if kept is None:
        text = json.dumps(draw(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        kept = gzip.compress(text.encode() + b"\n", _LEVEL, mtime=0)
        _services().shared.kept.put(key, kept, of=record.id)
    return kept


def _kept(record: TrackRecord, key: str) -> bytes | None:
    return _services().shared.kept.get(key, of=record.id)


def _key(kind: str, what: str) -> str:
    return f"{kind}-{_services().card.short_hash}-{what}"


def _services() -> Services:
    services: Services = current_app.extensions["genre_services"]
    return services


def _compressed(content: bytes, media_type: str) -> Response:
    if request.accept_encodings["gzip"] > 0:
        response = Response(content, mimetype=media_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(gzip.decompress(content), mimetype=media_type)
    response.vary.add("Accept-Encoding")
    return response
