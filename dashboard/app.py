"""One app: the page (Dash) and its service (Flask) in one. Any number of apps may live in one process."""

from __future__ import annotations

from html import escape
from typing import Any

from dash import Dash
from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import api
from dashboard.api import bodies
from dashboard.api.language import asked_language
from dashboard.api.visitors import known_visitor
from dashboard.page import layout
from dashboard.page.first import first_addresses
from dashboard.page.layout.document import ORIGIN, TITLE, Document, document
from dashboard.page.texts import LANGUAGES, texts_in
from dashboard.services import Services, build_services
from dashboard.serving.compression import compress
from dashboard.serving.limits import limit
from dashboard.serving.security import protect
from dashboard.settings import PROJECT_FOLDER, Settings

_LARGEST_MESSAGE_BYTES = 2**20


class _WrittenDash(Dash):  # type: ignore[misc]
    """Dash whose page is written on the server: its own scripts, which would build it in the browser, are not sent."""

    document: Document

    def index(self, *_args: Any, **_kwargs: Any) -> Response:
        """Give the page, the same for all of one language but for the address that they have asked."""
        language = asked_language()
        html = self.document.pages[language].replace(ORIGIN, escape(request.url_root))
        response = Response(html, mimetype="text/html", headers={"Content-Language": language})
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def create_app(settings: Settings | None = None) -> Dash:
    """Build an app.

    Parameters
    ----------
    settings : Settings, optional
        How it runs; from the environment by default.

    Returns
    -------
    Dash
        The page; its WSGI application is ``.server``, its services are ``.server.extensions["genre_services"]``.

    Raises
    ------
    StartError, CheckpointError
        If samples, model or data folder cannot be used.
    """
    settings = settings or Settings.from_environment()
    services = build_services(settings)
    server = Flask("dashboard", static_folder=None)
    server.extensions["genre_services"] = services
    server.secret_key = services.shared.secret
    server.config["MAX_CONTENT_LENGTH"] = _LARGEST_MESSAGE_BYTES  # files have a limit of their own
    server.json.ensure_ascii = False  # type: ignore[attr-defined]
    server.json.sort_keys = False  # type: ignore[attr-defined]
    compress(server)  # registered first, so that it comes last
    bodies.install(server, bodies.Intake(settings, services.library))
    assets = PROJECT_FOLDER / "assets"
    app = _WrittenDash("dashboard", server=server, assets_folder=str(assets), serve_locally=True, title=TITLE)
    layouts = {language: layout.page(services, texts_in(language)) for language in LANGUAGES}
    app.layout = layouts[LANGUAGES[0]]
    app.document = document(assets, layouts, first_addresses(services))
    api.register(server, services, app.document)
    if settings.proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    refused = services.metrics.refused
    limit(server, settings, services.shared.counts.hits, known_visitor, lambda why: refused.labels(why).inc())
    protect(server, settings, [app.document.script_hash])
    return app


def services_of(app: Dash) -> Services:
    """Give the services of an app."""
    services: Services = app.server.extensions["genre_services"]
    return services
