"""The contract, the problems, and the doors: everything is declared, told, and closed to other sites."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import zlib
from dataclasses import replace
from typing import Any, TypedDict

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.api.openapi import document
from dashboard.api.schema import schema_of
from dashboard.app import create_app, services_of
from dashboard.problem import KINDS, problem_of
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

    monkeypatch.setattr("dashboard.library.Library.tracks", fail)
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


def test_the_page_and_its_parts_are_there(client: FlaskClient) -> None:
    assert client.get("/?track=abc&t=3").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert client.get("/_dash-dependencies").status_code == 200


# --- doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_other_sites_may_change_nothing(client: FlaskClient, wav: bytes, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/api/tracks"), ("POST", "/api/classify"), ("DELETE", "/api/tracks/x")):
        response = client.open(path, method=method, data=wav, content_type="audio/wav", headers=headers)
        assert (response.status_code, response.json["type"]) == (403, "/api/problems/cross-site")


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_the_page_and_programs_may(client: FlaskClient, wav: bytes, headers: dict[str, str]) -> None:
    response = client.post("/api/classify", data=wav, content_type="audio/wav", headers=headers)
    assert response.status_code == 200


def test_other_names_than_this_machines_are_refused(client: FlaskClient) -> None:
    for host in ("evil.example", "evil.example:8050", "127.0.0.1.evil.example", ""):
        assert client.get("/health", headers={"Host": host}).status_code == 400, host
    for host in ("localhost", "localhost:8050", "127.0.0.1:1", "[::1]:8050", "LOCALHOST"):
        assert client.get("/health", headers={"Host": host}).status_code == 200, host


def test_an_open_service_answers_to_the_names_it_was_given(settings: Settings) -> None:
    for hosts, name, status in (
        ((), "anything.example", 200),
        (("music.example",), "music.example:443", 200),
        (("music.example",), "other.example", 400),
    ):
        app = create_app(replace(settings, host="0.0.0.0", allowed_hosts=hosts))
        assert app.server.test_client().get("/health", headers={"Host": name}).status_code == status
        services_of(app).close()


@pytest.mark.parametrize("path", ["/", "/api/tracks", "/api/nothing", "/health"])
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    assert "http" not in policy


def test_every_inline_script_of_the_page_has_its_hash_in_the_policy(client: FlaskClient) -> None:
    response = client.get("/")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", response.text, re.S)
    conditional = re.sub(r"<!--.*?-->", "", response.text, flags=re.S)
    assert scripts
    for script in scripts:
        if script in conditional:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_the_page_asks_no_other_host(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not re.findall(r"(?:src|href)=[\"'](?:https?:)?//", page)


# --- compression ------------------------------------------------------------------------------------------------------

GZIP = {"Accept-Encoding": "gzip, deflate, br", "X-Forwarded-For": "192.0.2.1"}


def test_json_is_compressed_for_those_who_can_read_it(client: FlaskClient) -> None:
    url = f"/api/tracks/{client.get('/api/tracks').json['tracks'][0]['id']}/spectrogram"
    plain, packed = client.get(url), client.get(url, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data)
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert client.get(url, headers={**GZIP, "If-None-Match": packed.headers["ETag"]}).status_code == 304


def test_a_compressed_stream_can_be_read_line_by_line(client: FlaskClient) -> None:
    url = f"/api/tracks/{client.get('/api/tracks').json['tracks'][1]['id']}/scores"
    response = client.get(url, headers=GZIP)
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    text = ""
    for block in response.iter_encoded():
        text += decompressor.decompress(block).decode()
        assert text.endswith("\n") or not text
    assert decompressor.eof
    assert text.encode() == client.get(url).data


def test_a_browser_on_the_same_machine_is_spared_compression(client: FlaskClient) -> None:
    for name in ("X-Forwarded-For", None):
        headers = {"Accept-Encoding": "gzip", **({name: "192.0.2.1"} if name else {})}
        assert ("Content-Encoding" in client.get("/openapi.json", headers=headers).headers) is bool(name)
    far = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert far.headers["Content-Encoding"] == "gzip"


def test_sound_and_small_answers_are_left_as_they_are(client: FlaskClient) -> None:
    url = f"/api/tracks/{client.get('/api/tracks').json['tracks'][0]['id']}/audio"
    for path in (url, "/health"):
        response = client.get(path, headers=GZIP, buffered=True)
        assert "Content-Encoding" not in response.headers


def test_large_scripts_are_compressed_and_kept_by_the_browser(client: FlaskClient) -> None:
    scripts = re.findall(r'src="(/_dash-component-suites/[^"]*)"', client.get("/").text)
    for script in scripts:
        first, second = (client.get(script, headers=GZIP, buffered=True) for _ in range(2))
        assert first.headers["Content-Encoding"] == "gzip"
        assert first.data == second.data
        assert "max-age=31536000" in first.headers["Cache-Control"]


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
