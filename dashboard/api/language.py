"""Which language a visitor reads: the one chosen on the page, else the one that the browser asks for."""

from __future__ import annotations

from typing import Final

from flask import request

from dashboard.page.texts import language_for

COOKIE: Final = "language"
"""Written by the page (`assets/core/language.mjs`) when someone chooses."""


def asked_language() -> str:
    """Give the language of the request at hand."""
    return language_for(request.cookies.get(COOKIE), dict(request.accept_languages))
