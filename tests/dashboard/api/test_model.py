"""Models over HTTP: listed, described, asked by name."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.services import Services
from dashboard.settings import Settings
from model.genres import GENRES


@pytest.fixture
def app(settings: Settings, models_folder: Path) -> Iterator[Dash]:
    app = create_app(replace(settings, models_folder=models_folder))
    yield app
    services_of(app).close()


@pytest.fixture
def first(client: FlaskClient) -> str:
    """Address of the first sample, 5 s long."""
    return "/api/tracks/" + client.get("/api/tracks").json["tracks"][0]["id"]


def test_models_are_listed_the_default_first(client: FlaskClient) -> None:
    models = client.get("/api/models").json["models"]
    assert [model["name"] for model in models] == ["two_block", "dances", "mel_cnn", "mfcc_logreg"]
    assert [model["is_default"] for model in models] == [True, False, False, False]
    assert [model["is_comparable"] for model in models] == [False, False, True, True]
    assert [model["title"] for model in models] == ["Two-block CNN", "Dances", "5 s mel CNN", "Mfcc logreg"]
    assert [model["window_seconds"] for model in models] == [3, 3, 5, 3]
    assert models[1]["genres"] == ["salsa", "tango"]
    assert models[0]["figures"]["artist_clean_track_accuracy"] > 0.5
    assert models[3]["figures"] == {
        "split": None,
        "n_tracks": None,
        "track_accuracy": 0.4,
        "window_accuracy": None,
        "expected_calibration_error": None,
        "artist_clean_track_accuracy": None,
    }


def test_the_list_and_the_parameter_are_in_the_contract(client: FlaskClient) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    contract = client.get("/openapi.json").json
    schema = contract["paths"]["/api/models"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(client.get("/api/models").json, {**schema, "components": contract["components"]})
    asked = (
        ("/api/tracks/{identity}/scores", "get"),
        ("/api/tracks/{identity}/scores.csv", "get"),
        ("/api/classify", "post"),
        ("/api/model", "get"),
    )
    for path, method in asked:
        operation = contract["paths"][path][method]
        (choice,) = (parameter for parameter in operation["parameters"] if parameter["name"] == "model")
        assert choice["schema"]["enum"] == ["two_block", "dances", "mel_cnn", "mfcc_logreg"]
        assert choice["schema"]["default"] == "two_block"
        assert "404" in operation["responses"]
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(contract)


def test_each_model_scores_with_its_own_windows_and_genres(client: FlaskClient, first: str) -> None:
    for name, window_samples, genres in (("mel_cnn", 110_250, list(GENRES)), ("dances", 66_150, ["salsa", "tango"])):
        lines = [json.loads(line) for line in client.get(f"{first}/scores?model={name}").data.splitlines()]
        assert lines[0]["model"]["name"] == name
        assert (lines[0]["version"], lines[0]["window_samples"], lines[0]["genres"]) == (1, window_samples, genres)
        assert lines[-1] == {"type": "end"}
        assert lines[1]["end"] == window_samples
        assert len(lines[1]["p"]) == len(genres)


def test_the_default_named_is_the_default(client: FlaskClient, first: str) -> None:
    assert client.get(f"{first}/scores?model=two_block").data == client.get(f"{first}/scores").data


def test_the_table_of_another_model_bears_its_name(client: FlaskClient, first: str) -> None:
    response = client.get(f"{first}/scores.csv?model=dances")
    assert response.text.splitlines()[0] == "index,start_seconds,end_seconds,state,level_dbfs,salsa,tango"
    assert "-dances.csv" in response.headers["Content-Disposition"]
    assert "-" not in client.get(f"{first}/scores.csv").headers["Content-Disposition"].partition("scores-")[2]


def test_a_file_is_classified_by_the_model_named(client: FlaskClient, wav: bytes) -> None:
    answer = client.post("/api/classify?model=dances", data=wav, content_type="audio/wav").json
    assert list(answer["probabilities"]) == ["salsa", "tango"]
    assert answer["model"]["name"] == "dances"
    form = client.post("/api/classify?model=mel_cnn&hop=5", data={"file": (io.BytesIO(wav), "song.wav")}).json
    assert (form["windows"][0]["start_seconds"], form["windows"][0]["end_seconds"]) == (0, 5)


def test_the_card_of_each_model_is_served(client: FlaskClient) -> None:
    assert client.get("/api/model?model=dances").json["genres"] == ["salsa", "tango"]
    assert client.get("/api/model").json["name"] == "two_block"


@pytest.mark.parametrize("name", ["none", "", "../two_block", "x" * 500])
def test_an_unknown_model_is_404_and_the_known_are_listed(
    client: FlaskClient, first: str, wav: bytes, name: str
) -> None:
    for path in (f"{first}/scores", f"{first}/scores.csv", "/api/model"):
        response = client.get(path, query_string={"model": name})
        assert (response.status_code, response.json["type"]) == (404, "/api/problems/unknown-model")
        assert response.json["detail"].endswith("use one of: two_block, dances, mel_cnn, mfcc_logreg.")
        assert len(response.json["detail"]) < 200
    assert client.post("/api/classify", query_string={"model": name}, data=wav).status_code == 404


def test_a_hop_beyond_the_models_own_window_is_refused(client: FlaskClient, first: str) -> None:
    assert client.get(f"{first}/scores?model=mel_cnn&hop=5").status_code == 200
    response = client.get(f"{first}/scores?hop=5")
    assert (response.status_code, response.json["detail"]) == (
        422,
        "Window hop 5.0 s is out of range; use 0.1 to 3.0 s.",
    )


def test_a_sound_too_short_for_the_model_is_told(client: FlaskClient) -> None:
    from tests.sounds import chord, encoded

    short = encoded(chord(4.0))
    response = client.post("/api/classify?model=mel_cnn", data=short, content_type="audio/wav")
    assert (response.status_code, response.json["type"]) == (422, "/api/problems/audio-too-short")
    track = client.post("/api/tracks", data={"file": (io.BytesIO(short), "short.wav")}).json["id"]
    response = client.get(f"/api/tracks/{track}/scores?model=mel_cnn")
    assert (response.status_code, response.json["type"]) == (422, "/api/problems/audio-too-short")
    assert "short.wav lasts 4.0 s; mel_cnn hears 5 s" in response.json["detail"]


def test_the_card_is_served(client: FlaskClient, services: Services) -> None:
    assert client.get("/api/model").json == json.loads(json.dumps(services.card.to_dict()))


def test_health(client: FlaskClient, services: Services) -> None:
    health = client.get("/health").json
    assert health["status"] == "ok"
    assert health["model"]["version"] == services.card.version
