"""The doors: closed to other sites and other names, every answer guarded, and small where that helps."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.page.layout.document import plotly_address
from dashboard.settings import Settings

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


def test_scripts_and_styles_are_compressed_and_kept_by_the_browser(client: FlaskClient) -> None:
    page = client.get("/").text
    addresses = re.findall(r'(?:src|href)="(assets/[^"]*\?m=[^"]*)"', page)
    assert len(addresses) == 2
    addresses.append(plotly_address())
    for address in addresses:
        first, second = (client.get("/" + address, headers=GZIP, buffered=True) for _ in range(2))
        assert first.headers["Content-Encoding"] == "gzip"
        assert first.data == second.data
        assert "max-age=31536000" in first.headers["Cache-Control"]
        here = client.get("/" + address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert here.headers["Content-Encoding"] == "gzip"  # on the same machine too: compressed once and for all
