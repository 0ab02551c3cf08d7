"""What the server makes of the page's files when it starts: one script, its source map, one style sheet; a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from flask import Blueprint, Response, request

from dashboard.page.layout.document import SCRIPT, STYLES, Document, manifest


def blueprint(document: Document) -> Blueprint:
    """Build the routes.

    Parameters
    ----------
    document : Document
        The page.

    Returns
    -------
    flask.Blueprint
        To be registered beside Dash's own route of ``assets/``, which serves every file as it is.
    """
    routes = Blueprint("joined_assets", __name__)
    for name, text, media_type, tag in (
        (SCRIPT, document.script.text, "text/javascript", document.script.fingerprint),
        (f"{SCRIPT}.map", document.script.source_map, "application/json", document.script.fingerprint),
        (STYLES, document.styles.text, "text/css", document.styles.fingerprint),
    ):
        routes.add_url_rule(f"/assets/{name}", name.replace(".", "_"), _sent(text, media_type, tag))
    described = json.dumps(manifest())
    tag = hashlib.sha256(described.encode()).hexdigest()[:12]
    routes.add_url_rule("/manifest.webmanifest", "manifest", _sent(described, "application/manifest+json", tag))
    return routes


def _sent(text: str, media_type: str, tag: str) -> Callable[[], Response]:
    def send() -> Response:
        response = Response(text, mimetype=media_type)
        response.set_etag(tag)
        response.make_conditional(request.environ)
        return response

    return send
