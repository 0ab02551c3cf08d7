"""The app: the page and its service in one, and two apps in one process kept apart."""

from __future__ import annotations

import io
from dataclasses import replace

from dash import Dash
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.settings import Settings


def test_the_page_and_its_parts_are_there(client: FlaskClient) -> None:
    assert client.get("/?track=abc&t=3").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert client.get("/_dash-dependencies").status_code == 200


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
