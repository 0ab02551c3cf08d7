"""The documentation at /docs/: there where it has been built, with its own scripts and no others."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.app import create_app, services_of
from dashboard.settings import Settings

SCRIPT = 'document.title += "é"'


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "site"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(f"<p>Hello<script>{SCRIPT}</script>", encoding="utf-8")
    (folder / "assets" / "a.js").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    return replace(settings, docs_folder=folder)


def test_it_is_served_with_its_own_scripts_alone(built: Settings) -> None:
    app = create_app(built)
    client = app.server.test_client()
    with client.get("/docs/") as answer:
        assert answer.status_code == 200
        assert b"Hello" in answer.data
        policy = answer.headers["Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    page = client.get("/")
    assert b'href="/docs/"' in page.data
    assert digest not in page.headers["Content-Security-Policy"]
    assert client.get("/docs").headers["Location"] == "/docs/"
    with client.get("/docs/assets/a.js") as script:
        assert script.mimetype == "text/javascript"
    for unknown in ("/docs/none.html", "/docs/../secret.txt", "/docs/%2e%2e/secret.txt"):
        assert client.get(unknown).status_code == 404
    services_of(app).close()


def test_where_it_is_not_built_nothing_leads_to_it(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, docs_folder=tmp_path / "none"))
    client = app.server.test_client()
    assert client.get("/docs/").status_code == 404
    page = client.get("/").data
    assert b'href="/docs/"' not in page
    assert b"make docs" in page  # on one's own machine, how to have it
    hosted = create_app(replace(settings, docs_folder=tmp_path / "none", allowed_hosts=("genre.example.org",)))
    assert b"make docs" not in hosted.server.test_client().get("/", base_url="http://genre.example.org").data
    for each in (app, hosted):
        services_of(each).close()
