"""The contract: valid, complete, and followed by the answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.api.openapi import document
from dashboard.api.problems import KINDS
from dashboard.services import Services


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
