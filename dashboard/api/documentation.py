"""The documentation, where it has been built (``make docs``): files at ``/docs/``, sent as they are."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, g, redirect, send_from_directory

from dashboard.page.layout.document import DOCUMENTATION_ADDRESS
from dashboard.settings import Settings

_FIRST: Final = "index.html"
_INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def blueprint(settings: Settings) -> Blueprint:
    """Build the routes.

    Parameters
    ----------
    settings : Settings
        Where the documentation has been built; if it has not been, its address is as unknown as any other.

    Returns
    -------
    flask.Blueprint
        Its pages may run the scripts that were written into them when they were built, and no others.
    """
    routes = Blueprint("documentation", __name__)
    if not settings.has_documentation:
        return routes
    folder = settings.docs_folder.resolve()
    hashes = _script_hashes(folder)

    @routes.get("/docs")
    def documentation_alone() -> Response:
        return redirect(DOCUMENTATION_ADDRESS, 308)  # type: ignore[return-value]

    @routes.get(DOCUMENTATION_ADDRESS, defaults={"name": _FIRST})
    @routes.get(f"{DOCUMENTATION_ADDRESS}<path:name>")
    def documentation(name: str) -> Response:
        g.script_hashes = hashes
        return send_from_directory(folder, name)

    return routes


def _script_hashes(folder: Path) -> list[str]:
    """Name the inline scripts of all pages, as a Content-Security-Policy does."""
    scripts = {
        script
        for page in folder.rglob("*.html")
        for script in _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8", errors="replace"))
    }
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return sorted(f"'sha256-{digest}'" for digest in digests)
