"""Who is asking: an opaque random cookie, signed, made on first need. It opens only the visitor's uploads."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer

COOKIE: Final = "visitor"

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_MAX_AGE_SECONDS: Final = 365 * 24 * 3600


def known_visitor() -> str | None:
    """Give the visitor's secret, or None for someone who has none yet."""
    try:
        secret = _signer().unsign(request.cookies.get(COOKIE, "")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        return None
    return secret if _SECRET.fullmatch(secret) else None


def new_visitor() -> str:
    """Make a secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def remember(response: Response, visitor: str) -> Response:
    """Ask the browser to keep the secret to itself.

    Parameters
    ----------
    response : Response
        The answer at hand.
    visitor : str
        The secret.

    Returns
    -------
    Response
        The same, with the cookie.
    """
    is_secure = request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"
    response.set_cookie(
        COOKIE,
        _signer().sign(visitor).decode("ascii"),
        max_age=_MAX_AGE_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_secure,
    )
    return response


def _signer() -> Signer:
    """Give what signs; the app's secret is the same in all workers."""
    return Signer(current_app.secret_key or "", salt="visitor", digest_method=hashlib.sha256)
