"""From an exception to an RFC 9457 problem document: which status, which title, and what may be said.

The detail of a `GenreError` is its message, written for people. The inside of
anything unforeseen goes to the log alone.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypedDict

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from dashboard import errors as service
from dashboard.watching.metrics import Metrics
from model import errors as sound
from model.errors import GenreError

_log = logging.getLogger(__name__)

TYPE_PREFIX: Final = "/api/problems/"


class Problem(TypedDict):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


@dataclass(frozen=True)
class Kind:
    """One kind of problem: the last part of its type, its status and its title."""

    slug: str
    status: int
    title: str


KINDS: Final[dict[type[GenreError], Kind]] = {
    sound.ParameterError: Kind("bad-parameter", 422, "A parameter is out of range"),
    sound.EmptyAudioError: Kind("empty-audio", 422, "The file is empty"),
    sound.UnsupportedAudioError: Kind("unsupported-audio", 415, "This is not audio that can be read here"),
    sound.SampleRateError: Kind("sample-rate", 422, "The sample rate cannot be used"),
    sound.NonFiniteSamplesError: Kind("non-finite-samples", 422, "The sound holds NaN or infinite samples"),
    sound.AudioTooLargeError: Kind("audio-too-large", 413, "The file is too large"),
    sound.AudioTooLongError: Kind("audio-too-long", 422, "The track is too long"),
    sound.AudioTooShortError: Kind("audio-too-short", 422, "The track is too short"),
    sound.ExplanationError: Kind("no-explanation", 422, "There is nothing to explain, or the model cannot"),
    sound.MapError: Kind("no-map", 422, "The model has no map of known tracks"),
    service.DecoderError: Kind("undecodable", 422, "The file cannot be decoded"),
    service.UnknownTrackError: Kind("unknown-track", 404, "There is no such track"),
    service.UnknownModelError: Kind("unknown-model", 404, "There is no such model"),
    service.UploadLimitError: Kind("upload-limit", 409, "You keep as many uploads as one may"),
    service.StorageFullError: Kind("storage-full", 507, "There is no room for more uploads"),
    service.BusyError: Kind("busy", 503, "Too much is under way"),
    service.ModelUnusableError: Kind("model-unusable", 503, "The model cannot be used"),
    service.TooManyRequestsError: Kind("too-many-requests", 429, "You ask too often"),
    service.UnsupportedBodyError: Kind("unsupported-body", 415, "The body is of a type that holds no audio"),
    service.MissingFileError: Kind("missing-file", 422, "The form holds no file"),
    service.SlowClientError: Kind("slow-client", 408, "The request did not arrive in time"),
    service.UpgradeError: Kind("upgrade-required", 426, "This address is a WebSocket"),
    service.NoSocketError: Kind("no-sockets", 501, "This server has no WebSockets"),
    sound.SoundCardError: Kind("sound-card", 503, "The sound card cannot be listened to"),
    sound.SourceError: Kind("source", 502, "The sound cannot be had"),
    service.CrossSiteError: Kind("cross-site", 403, "Another site may not do this"),
}

_RETRY_AFTER_SECONDS: Final = {429: 60, 503: 5, 507: 5}
_REQUEST_ID: Final = re.compile(r"[\w.-]{8,64}", re.ASCII)
_DASH_CATCH_ALL: Final = "/<path:path>"


def problem_of(error: Exception, instance: str) -> Problem:
    """Describe an exception as a problem document.

    Parameters
    ----------
    error : Exception
        What was raised: a `GenreError`, a werkzeug `HTTPException`, or something unforeseen.
    instance : str
        Path (and request id) of this occurrence.

    Returns
    -------
    Problem
        Ready for JSON.
    """
    for kind_of_error in type(error).__mro__:
        if kind := KINDS.get(kind_of_error):
            return _problem(TYPE_PREFIX + kind.slug, kind.title, kind.status, str(error), instance)
    if isinstance(error, HTTPException) and error.code is not None and error.code >= HTTPStatus.BAD_REQUEST:
        detail = error.description or ""
        return _problem("about:blank", HTTPStatus(error.code).phrase, error.code, detail, instance)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "Something went wrong here and was logged; try again, or name this instance to the operator."
    return _problem("about:blank", status.phrase, status, detail, instance)


def register(server: Flask, metrics: Metrics, *, is_proxied: bool) -> None:
    """Make an app report its errors as problem documents, and give each request an id.

    Parameters
    ----------
    server : Flask
        The app.
    metrics : Metrics
        Count its answers.
    is_proxied : bool
        Whether a proxy that is trusted may have given the request its id.
    """

    def name_request() -> None:
        given = request.headers.get("X-Request-ID", "") if is_proxied else ""
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:12]
        g.begun = time.perf_counter()

    def note_answer(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        seconds = time.perf_counter() - g.get("begun", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "none"
        metrics.requests.labels(route, request.method, response.status_code).inc()
        metrics.request_seconds.labels(route).observe(seconds)
        told = {"method": request.method, "path": request.path, "status": response.status_code}
        _log.info(
            "%s %s %s %s",
            g.get("request_id", ""),
            *told.values(),
            extra={**told, "seconds": round(seconds, 4)},
        )
        return response

    server.register_error_handler(Exception, _report)
    server.before_request(name_request)
    server.before_request(_refuse_unknown_paths)
    server.after_request(note_answer)


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
    if after := _RETRY_AFTER_SECONDS.get(problem["status"]):
        response.headers["Retry-After"] = str(after)
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


def _problem(type_: str, title: str, status: int, detail: str, instance: str) -> Problem:
    return {"type": type_, "title": title, "status": int(status), "detail": detail, "instance": instance}
