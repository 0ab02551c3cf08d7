"""Answers that follow from a track's id: made once and kept; who has one already is told so."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, Final

from flask import Response, current_app, request

from dashboard.library.record import TrackRecord
from dashboard.services import Services

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
    etag = f"{record.id}-{what}"
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = _json(_made(record, what, draw))
    response.set_etag(etag, weak="Content-Encoding" in response.headers)
    return cached_as(record, response)


def cached_as(record: TrackRecord, response: Response) -> Response:
    """Let a browser keep a sample as long as it asks whether it is still the same, and a visitor's sound not at all."""
    response.headers["Cache-Control"] = "no-cache" if record.kind == "sample" else "private, no-store"
    return response


def _made(record: TrackRecord, what: str, draw: Callable[[], Any]) -> bytes:
    """Give the compressed JSON that is kept, or make it."""
    services: Services = current_app.extensions["genre_services"]
    key = f"drawn-{services.card.short_hash}-{what}"
    kept = services.shared.kept.get(key, of=record.id)
    if kept is None:
        text = json.dumps(draw(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        kept = gzip.compress(text.encode() + b"\n", _LEVEL, mtime=0)
        services.shared.kept.put(key, kept, of=record.id)
    return kept


def _json(compressed: bytes) -> Response:
    if request.accept_encodings["gzip"] > 0:
        response = Response(compressed, mimetype="application/json")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(gzip.decompress(compressed), mimetype="application/json")
    response.vary.add("Accept-Encoding")
    return response
