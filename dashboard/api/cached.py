"""Answers that follow from a track's id: who has one already is told so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from dashboard.library.record import TrackRecord


def drawn(record: TrackRecord, what: str, draw: Callable[[], Any]) -> Response:
    """Answer with JSON that follows from the track's id alone, unless the browser has it already."""
    etag = f"{record.id}-{what}"
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = jsonify(draw())
    response.set_etag(etag)
    return cached_as(record, response)


def cached_as(record: TrackRecord, response: Response) -> Response:
    """Let a browser keep a sample as long as it asks whether it is still the same, and a visitor's sound not at all."""
    response.headers["Cache-Control"] = "no-cache" if record.kind == "sample" else "private, no-store"
    return response
