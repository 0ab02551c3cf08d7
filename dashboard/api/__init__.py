"""The HTTP service: what the page, scripts and other programs ask."""

from __future__ import annotations

from flask import Flask

from dashboard.api import (
    assets,
    asyncapi,
    classify,
    documentation,
    kept,
    live,
    map,
    model,
    openapi,
    problems,
    tracks,
    watch,
    why,
)
from dashboard.page.layout.document import Document
from dashboard.services import Services


def register(server: Flask, services: Services, document: Document) -> None:
    """Add every route of the service, and its way of reporting errors, to one Flask app.

    Parameters
    ----------
    server : Flask
        The app.
    services : Services
        What the routes ask.
    document : Document
        The page, whose script and style sheet are served here.
    """
    problems.register(server, services.metrics, is_proxied=services.settings.proxies > 0)
    for module in (tracks, kept, why, map, classify, live, model, watch):
        server.register_blueprint(module.blueprint(services))
    openapi.register(server, services.card.version)
    server.register_blueprint(asyncapi.blueprint(services.card.version))
    server.register_blueprint(assets.blueprint(document, services.card.short_hash))
    server.register_blueprint(documentation.blueprint(services.settings))
