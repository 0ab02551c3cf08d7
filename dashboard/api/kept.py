"""The file of a track as it came: a take as FLAC, an upload as it was sent."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, send_file

from dashboard.api import visitors
from dashboard.api.cached import cached_as
from dashboard.api.openapi import Body, operation
from dashboard.library.record import TrackRecord
from dashboard.services import Services

_ANY_BYTES: Final = "application/octet-stream"
_ENDING: Final = re.compile(r"\.[a-z]\w{1,4}$", re.IGNORECASE)


def blueprint(services: Services) -> Blueprint:
    """Build the route."""
    routes = Blueprint("kept", __name__, url_prefix="/api/tracks")

    @routes.get("/<identity>/file")
    @operation(
        "The file as it came, to be kept elsewhere; what was listened to live is FLAC. Ranges are served.",
        {200: Body("The file", bytes, _ANY_BYTES), 206: Body("A part of it", bytes, _ANY_BYTES)},
        problems=(404, 416),
    )
    def file(identity: str) -> Response:
        record = services.library.find(identity, visitors.known_visitor())
        response = send_file(
            record.path,
            mimetype=_ANY_BYTES,  # a stranger's bytes are never shown, only kept
            as_attachment=True,
            download_name=file_name_of(record),
            etag=f"{record.id}-file",
        )
        return cached_as(record, response)

    return routes


def file_name_of(record: TrackRecord) -> str:
    """Name the file: its title, with the format's ending unless it has one.

    Parameters
    ----------
    record : TrackRecord
        The track.

    Returns
    -------
    str
        With an ending.
    """
    if _ENDING.search(record.title):
        return record.title
    return f"{record.title}.{re.split('[ ,]', record.format)[0].lower()}"
