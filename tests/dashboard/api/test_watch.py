"""What an operator asks: ready or why not, and figures that follow what happens."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from dashboard.app import create_app, services_of
from dashboard.listening.models import Models
from dashboard.settings import Settings
from model.checkpoint import DEFAULT_CHECKPOINT


def until_loaded(client: FlaskClient) -> None:
    """Scores need the model, so they wait for it."""
    track = client.get("/api/tracks").json["tracks"][0]["id"]
    assert client.get(f"/api/tracks/{track}/scores?hop=3").data


def figures(client: FlaskClient) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, *map(str, sorted(s.labels.values()))): s.value for family in families for s in family.samples}


def test_it_is_ready_once_the_model_is_loaded(client: FlaskClient) -> None:
    until_loaded(client)
    response = client.get("/ready")
    assert response.status_code == 200
    assert response.json == {"status": "ready", "checks": {"model": "ok", "disk": "ok"}}


def test_while_the_model_loads_the_page_answers_and_ready_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = threading.Event()
    really = Models.scorer

    def slowly(self: Models, name: str | None = None) -> Any:
        loads.wait(20)
        return really(self, name)

    monkeypatch.setattr(Models, "scorer", slowly)
    app = create_app(settings)
    client = app.server.test_client()
    try:
        assert client.get("/").status_code == client.get("/health").status_code == 200
        response = client.get("/ready")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert response.json["checks"]["model"] == "its weights are being loaded"
        loads.set()
        until_loaded(client)
        assert client.get("/ready").status_code == 200
    finally:
        loads.set()
        services_of(app).close()


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x" + path.read_bytes())]
)
def test_weights_that_are_missing_or_altered_are_refused_and_ready_says_so(
    settings: Settings, tmp_path: Path, damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint = tmp_path / "altered"
    shutil.copytree(DEFAULT_CHECKPOINT, checkpoint)
    damage(checkpoint / "model.tflite")
    app = create_app(replace(settings, checkpoint=checkpoint))
    client = app.server.test_client()
    try:
        track = client.get("/api/tracks").json["tracks"][0]["id"]
        response = client.get(f"/api/tracks/{track}/scores")
        assert (response.status_code, response.json["type"]) == (503, "/api/problems/model-unusable")
        assert str(tmp_path) not in response.text
        services_of(app).models.close()
        ready = client.get("/ready")
        assert ready.status_code == 503
        assert "missing or are not those" in ready.json["checks"]["model"]
        assert client.get("/health").status_code == 200
        assert client.get(f"/api/tracks/{track}/peaks").status_code == 200
        assert str(checkpoint) in caplog.text
    finally:
        services_of(app).close()


def test_a_full_disk_is_told_and_what_needs_none_goes_on(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    until_loaded(client)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    ready = client.get("/ready")
    assert ready.status_code == 503
    assert "MiB are free" in ready.json["checks"]["disk"]
    assert ready.json["checks"]["model"] == "ok"
    until_loaded(client)


def test_a_data_folder_that_vanished_is_told(client: FlaskClient, settings: Settings) -> None:
    until_loaded(client)
    shutil.rmtree(settings.data_folder)
    assert "cannot be written" in client.get("/ready").json["checks"]["disk"]


def test_figures_follow_what_happens(app: Dash, client: FlaskClient, wav: bytes) -> None:
    track = client.get("/api/tracks").json["tracks"][1]["id"]
    for _ in range(2):
        client.get(f"/api/tracks/{track}/spectrogram")
    n_windows = client.get(f"/api/tracks/{track}/scores?hop=0.5").data.count(b'"type":"window"')
    client.post("/api/classify", data=wav, content_type="audio/wav")
    client.get("/api/tracks/nothing/peaks")
    found = figures(client)
    route = "/api/tracks/<identity>/"
    assert found["genre_requests_total", *sorted((route + "spectrogram", "GET", "200"))] == 2
    assert found["genre_requests_total", *sorted((route + "peaks", "GET", "404"))] == 1
    assert found["genre_kept_results_total", "drawn", "miss"] == found["genre_kept_results_total", "drawn", "hit"] == 1
    assert found["genre_windows_scored_total", "track"] == n_windows > 0
    assert found["genre_windows_scored_total", "file"] == 2
    assert found["genre_decoding_seconds_total",] > 0
    assert found["genre_scoring_jobs",] == found["genre_live_connections",] == 0
    assert found["genre_request_seconds_count", route + "scores"] == 1
