"""The contract, the problems, and two apps in one process: everything is declared, told, and kept apart."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any, TypedDict

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.api.openapi import document
from dashboard.api.problem import KINDS, problem_of
from dashboard.api.schema import schema_of
from dashboard.app import create_app, services_of
from dashboard.services import Services
from dashboard.settings import Settings
from model.errors import CheckpointError, GenreError

# --- contract ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def contract(client: FlaskClient) -> dict[str, Any]:
    return client.get("/openapi.json").json


def test_the_contract_is_valid_openapi(contract: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(contract)


def test_every_route_of_the_service_is_in_the_contract(app: Dash, contract: dict[str, Any]) -> None:
    for rule in app.server.url_map.iter_rules():
        if rule.rule.startswith("/api/") or rule.rule in ("/health", "/openapi.json"):
            declared = contract["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                assert declared[method.lower()]["summary"]


def test_the_contract_lists_only_problems_there_are(contract: dict[str, Any]) -> None:
    there_are = {str(kind.status) for kind in KINDS.values()} | {"404", "416"}
    for path in contract["paths"].values():
        for operation in path.values():
            problems = {
                s for s, r in operation["responses"].items() if "application/problem+json" in r.get("content", {})
            }
            assert problems <= there_are


def test_answers_follow_their_schemas(client: FlaskClient, contract: dict[str, Any], wav: bytes) -> None:
    jsonschema = pytest.importorskip("jsonschema")

    def check(value: Any, path: str, method: str, status: str, media_type: str = "application/json") -> None:
        schema = contract["paths"][path][method]["responses"][status]["content"][media_type]["schema"]
        jsonschema.validate(value, {**schema, "components": contract["components"]})

    tracks = client.get("/api/tracks").json
    url = "/api/tracks/" + tracks["tracks"][2]["id"]
    check(tracks, "/api/tracks", "get", "200")
    for part in ("peaks", "spectrogram"):
        check(client.get(f"{url}/{part}").json, f"/api/tracks/{{identity}}/{part}", "get", "200")
    for line in client.get(url + "/scores").data.splitlines():
        check(json.loads(line), "/api/tracks/{identity}/scores", "get", "200", "application/x-ndjson")
    answer = client.post("/api/classify", data=wav, content_type="audio/wav").json
    check(answer, "/api/classify", "post", "200")
    problem = client.post("/api/classify", data=b"x", content_type="audio/wav").json
    check(problem, "/api/classify", "post", "415", "application/problem+json")
    check(client.get("/health").json, "/health", "get", "200")


def test_the_contract_is_generated(app: Dash, contract: dict[str, Any], services: Services) -> None:
    assert contract == json.loads(json.dumps(document(app.server, services.card.version)))


def test_a_type_without_a_schema_is_refused() -> None:
    class Odd(TypedDict):
        value: complex

    with pytest.raises(TypeError, match="no JSON schema"):
        schema_of(Odd, {})


def test_the_card_is_served(client: FlaskClient, services: Services) -> None:
    assert client.get("/api/model").json == json.loads(json.dumps(services.card.to_dict()))


def test_health(client: FlaskClient, services: Services) -> None:
    health = client.get("/health").json
    assert health["status"] == "ok"
    assert health["model"]["version"] == services.card.version


# --- problems ---------------------------------------------------------------------------------------------------------


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
        ("/api/tracks/x", "DELETE, OPTIONS"),
    ],
)
def test_options_tells_the_methods_there_are(client: FlaskClient, path: str, allowed: str) -> None:
    response = client.options(path)
    assert (response.status_code, response.headers["Allow"]) == (204, allowed)
    assert client.options("/api/nothing").status_code == 404


def test_the_page_and_its_parts_are_there(client: FlaskClient) -> None:
    assert client.get("/?track=abc&t=3").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert client.get("/_dash-dependencies").status_code == 200


# --- apps -------------------------------------------------------------------------------------------------------------


def test_two_apps_in_one_process_keep_apart(settings: Settings, app: Dash, client: FlaskClient, wav: bytes) -> None:
    other = create_app(replace(settings, data_folder=settings.data_folder.with_name("other"), max_upload_mib=0.01))
    second = other.server.test_client()
    url = "/api/tracks/" + client.post("/api/tracks", data={"file": (io.BytesIO(wav), "song.wav")}).json["id"]
    assert second.get("/api/tracks").status_code == 200
    second.set_cookie("visitor", client.get_cookie("visitor").value)
    assert second.get(url + "/peaks").status_code == 404
    too_large = second.post("/api/classify", data=wav, content_type="audio/wav")
    assert too_large.status_code == 413
    for each in (client, second):
        assert each.get("/_dash-layout").status_code == 200
        assert each.get("/_dash-dependencies").json == client.get("/_dash-dependencies").json
    services_of(other).close()


def test_the_layout_is_the_same_for_every_visitor(client: FlaskClient, app: Dash, wav: bytes) -> None:
    before = client.get("/_dash-layout").data
    client.post("/api/tracks", data={"file": (io.BytesIO(wav), "song.wav")})
    assert app.server.test_client().get("/_dash-layout").data == before
