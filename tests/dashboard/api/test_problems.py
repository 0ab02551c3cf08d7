"""Problems: each kind has its document, and the inside stays inside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.api.problems import KINDS, problem_of
from model.errors import CheckpointError, GenreError


@pytest.mark.parametrize("error", KINDS, ids=lambda error: error.__name__)
def test_each_kind_of_problem_can_be_looked_up(client: FlaskClient, error: type[GenreError]) -> None:
    problem = problem_of(error("why"), "/x")
    assert problem["detail"] == "why"
    kind = client.get(problem["type"]).json
    assert (kind["type"], kind["title"], kind["status"]) == (problem["type"], problem["title"], problem["status"])


def test_errors_of_the_inside_tell_nothing() -> None:
    for error in (CheckpointError("/secret/path"), RuntimeError("secret"), OSError("secret")):
        problem = problem_of(error, "/x")
        assert problem["status"] == 500
        assert "secret" not in json.dumps(problem)


def test_an_unforeseen_error_is_logged_and_told_without_its_inside(
    app: Dash, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("dashboard.library.library.Library.tracks", fail)
    response = client.get("/api/tracks")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "secret" not in response.text
    request_id = response.headers["X-Request-ID"]
    assert response.json["instance"] == f"/api/tracks#{request_id}"
    assert "secret" in caplog.text
    assert request_id in caplog.text


@pytest.mark.parametrize("path", ["/api/nothing", "/nothing", "/api/", "/api/problems/none", "/api/tracks/x/y"])
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/classify", "POST"),
        ("GET", "/api/tracks/x", "DELETE"),
        ("DELETE", "/api/tracks", "POST"),
        ("PUT", "/api/tracks", "GET"),
        ("POST", "/health", "GET"),
        ("POST", "/api/tracks/x/audio", "GET"),
    ],
)
def test_wrong_methods_are_405(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    response = client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert allowed in response.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/classify", "OPTIONS, POST"),
        ("/api/tracks", "GET, HEAD, OPTIONS, POST"),
        ("/api/tracks/x", "DELETE, OPTIONS, PATCH"),
    ],
)
def test_options_tells_the_methods_there_are(client: FlaskClient, path: str, allowed: str) -> None:
    response = client.options(path)
    assert (response.status_code, response.headers["Allow"]) == (204, allowed)
    assert client.options("/api/nothing").status_code == 404
