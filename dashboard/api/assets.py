"""What the server makes of the page's files when it starts: one script, its source map, one style sheet; a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from flask import Blueprint, Response, request

from dashboard.page.layout.document import FILES, SCRIPT, STYLES, Document, manifest, plotly_address
from dashboard.page.texts import LANGUAGES


def blueprint(document: Document, model: str) -> Blueprint:
    """Build the routes.

    Parameters
    ----------
    document : Document
        The page.
    model : str
        Names the model whose scores a browser may keep.

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
    described = {language: json.dumps(manifest(language), ensure_ascii=False) for language in LANGUAGES}
    senders = {language: _sent(text, "application/manifest+json", _tag(text)) for language, text in described.items()}

    @routes.get("/manifest.webmanifest")
    def sent_manifest() -> Response:
        return senders.get(request.args.get("language", ""), senders[LANGUAGES[0]])()

    worker = f"const KEPT = {json.dumps(_kept(document, model))};\n{document.worker}"
    routes.add_url_rule("/worker.js", "worker", _sent(worker, "text/javascript", _tag(worker)))
    return routes


def _kept(document: Document, model: str) -> dict[str, object]:
    """Describe what a browser keeps, to use it without the server; all of it under one name of its content."""
    files = [document.script_address, document.styles_address, plotly_address(), *FILES]
    named = "".join([*files, *document.pages.values(), document.worker, model])
    return {"revision": _tag(named), "page": "./", "files": files}


def _tag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _sent(text: str, media_type: str, tag: str) -> Callable[[], Response]:
    def send() -> Response:
        response = Response(text, mimetype=media_type)
        response.set_etag(tag)
        response.make_conditional(request.environ)
        return response

    return send
