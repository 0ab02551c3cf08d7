"""Every error as an RFC 9457 problem document, and the list of the kinds there are."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from dashboard.api.openapi import Body, operation
from dashboard.api.problem import KINDS, RETRY_AFTER_SECONDS, TYPE_PREFIX, problem_of
from model.errors import GenreError

_log = logging.getLogger(__name__)

_DASH_CATCH_ALL = "/<path:path>"


def register(server: Flask) -> None:
    """Make an app report its errors as problem documents, and give each request an id.

    Parameters
    ----------
    server : Flask
        The app.
    """
    server.register_error_handler(Exception, _report)
    server.before_request(_name_request)
    server.before_request(_refuse_unknown_paths)
    server.after_request(_tell_request_name)

    @server.get(TYPE_PREFIX + "<slug>")
    @operation("What a type of problem means.", {200: Body("The kind", dict[str, Any])}, problems=(404,))
    def problem_kind(slug: str) -> Response:
        for error, kind in KINDS.items():
            if kind.slug == slug:
                about = (error.__doc__ or "").strip()
                return jsonify(type=TYPE_PREFIX + slug, title=kind.title, status=kind.status, about=about)
        raise NotFound(f"There is no kind of problem called {slug[:40]}.")


def instance() -> str:
    """Name the request at hand: its path and its id."""
    return f"{request.path}#{g.get('request_id', '')}"


def _report(error: Exception) -> Response:
    if isinstance(error, HTTPException) and (error.code is None or error.code < 400):
        return error.get_response()  # type: ignore[return-value]  # a redirect, say
    problem = problem_of(error, instance())
    if problem["status"] >= 500 and not isinstance(error, GenreError):
        _log.error("Request %s failed.", instance(), exc_info=error)
    response = Response(
        json.dumps(problem, ensure_ascii=False), status=problem["status"], mimetype="application/problem+json"
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if problem["status"] == 416 and isinstance(error, HTTPException):
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Content-Range")
    if problem["status"] in (503, 507):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _name_request() -> None:
    g.request_id = uuid.uuid4().hex[:12]


def _tell_request_name(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    _log.info("%s %s %s %s", g.get("request_id", ""), request.method, request.path, response.status_code)
    return response


def _refuse_unknown_paths() -> Response | None:
    """Answer 404 or 405, or what OPTIONS asks, where Dash's catch-all route would pretend to have a page."""
    is_options = request.method == "OPTIONS"
    if not is_options and (request.url_rule is None or request.url_rule.rule != _DASH_CATCH_ALL):
        return None
    rules = [
        Rule(rule.rule, methods=rule.methods, endpoint=rule.endpoint)
        for rule in current_app.url_map.iter_rules()
        if rule.rule != _DASH_CATCH_ALL
    ]
    allowed = sorted(Map(rules).bind("").allowed_methods(request.path))
    if not allowed:
        raise NotFound(f"There is nothing at {request.path[:80]}.")
    if not is_options:
        raise MethodNotAllowed(allowed, description=f"{request.method} does not go with {request.path[:80]}.")
    return Response(status=204, headers={"Allow": ", ".join(allowed)})
