"""The files that the server joins when it starts: the page's one script, its source map, its one style sheet."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from dashboard.page.layout.document import SCRIPT, STYLES, Document


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
    return routes


def _sent(text: str, media_type: str, tag: str) -> Callable[[], Response]:
    def send() -> Response:
        response = Response(text, mimetype=media_type)
        response.set_etag(tag)
        response.make_conditional(request.environ)
        return response

    return send
