"""Headers and checks that keep other sites out: who may frame, script, embed, or change something here."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from dashboard.errors import CrossSiteError
from dashboard.settings import Settings

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def protect(server: Flask, settings: Settings, script_hashes: Sequence[str]) -> None:
    """Guard an app.

    Parameters
    ----------
    server : Flask
        The app.
    settings : Settings
        The host names it may be called by.
    script_hashes : sequence of str
        Of the page's inline scripts, as a Content-Security-Policy names them; a view that has others says so in
        ``g.script_hashes``.
    """
    trusted = settings.trusted_hosts

    @server.before_request
    def refuse_foreign_hosts() -> None:
        if trusted is not None and _host_name(request.host) not in trusted:
            raise BadRequest(
                f"This service is not called {request.host[:80]!r}; set GENRE_ALLOWED_HOSTS if it should be."
            )

    @server.before_request
    def refuse_other_sites() -> None:
        if _is_websocket() and _has_foreign_origin():
            raise CrossSiteError("Another site may not listen through this service; use this page itself.")
        if request.method not in _SAFE_METHODS and _comes_from_another_site():
            raise CrossSiteError("Another site may not send or remove anything here; use this page itself.")

    @server.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "microphone=(self), display-capture=(self), camera=(), geolocation=()"
        allowed = g.get("script_hashes", script_hashes) if response.mimetype == "text/html" else []
        headers["Content-Security-Policy"] = _policy(allowed)
        if request.path == "/assets" or request.path.startswith("/assets/"):
            if "m" in request.args and response.status_code == 200:  # its content's name or version
                headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if request.path.startswith("/api/") else "no-cache"
        return response


def _policy(script_hashes: Sequence[str]) -> str:
    """Write the policy: everything from here, nothing from elsewhere.

    Styles may be inline because the layout and Plotly set them so; scripts only if their hash is known.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _comes_from_another_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    return _has_foreign_origin()


def _has_foreign_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _is_websocket() -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def _host_name(host: str) -> str:
    """Cut the port off, also behind an IPv6 address in brackets."""
    return host.rsplit(":", 1)[0].lower() if ":" in host.rsplit("]", 1)[-1] else host.lower()
