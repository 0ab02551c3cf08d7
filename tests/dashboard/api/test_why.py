"""Why a track sounds like a genre, over HTTP."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.services import Services
from dashboard.settings import Settings
from model.analyzer import Analyzer
from model.audio.track import Track
from model.descriptors.chroma import NOTES
from model.genres import GENRES
from model.words import MEASURES
from tests.checkpoints import tiny_checkpoint
from tests.conftest import Visitor
from tests.dashboard.api.test_tracks import get, upload
from tests.sounds import chord, encoded


@pytest.fixture
def first(client: FlaskClient) -> str:
    """Address of the first sample."""
    return "/api/tracks/" + client.get("/api/tracks").json["tracks"][0]["id"]


def test_an_explanation_is_of_the_window_that_was_scored(client: FlaskClient, first: str) -> None:
    lines = [json.loads(line) for line in get(client, f"{first}/scores?hop=1").data.splitlines()]
    windows = [line for line in lines if line["type"] == "window"]
    genres = lines[0]["genres"]
    for window in windows:
        told = client.get(f"{first}/explanation?window={window['index']}&hop=1").json
        assert (told["index"], told["start"], told["end"]) == (window["index"], window["start"], window["end"])
        assert told["genre"] == genres[int(np.argmax(window["p"]))]
        assert told["probability"] == pytest.approx(max(window["p"]), abs=1e-4)


def test_the_bytes_are_the_relevance_row_by_row(client: FlaskClient, services: Services) -> None:
    samples = chord(4.0)
    track = upload(client, encoded(samples, subtype="FLOAT")).json["id"]
    told = client.get(f"/api/tracks/{track}/explanation?window=1&genre=rock").json
    steps = np.frombuffer(base64.b64decode(told["relevance"]), np.int8).reshape(told["bands"], told["frames"])
    known = Analyzer(services.models.scorer()).explain(Track(samples, 22_050, "chord"), 1, "rock")
    assert told["genre"] == known.genre == "rock"
    assert told["largest"] == pytest.approx(float(np.abs(known.relevance).max()), rel=1e-3)
    np.testing.assert_allclose(steps.T * told["largest"] / 127, known.relevance, atol=0.01 * told["largest"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("window=99", "has no window 99"),
        ("window=-1", "window is '-1'"),
        ("genre=polka", "no genre 'polka'"),
        ("genre=%0A%22", "no genre"),
        ("hop=9", "hop is '9'"),
    ],
)
def test_what_cannot_be_asked_is_refused(client: FlaskClient, first: str, query: str, says: str) -> None:
    answer = client.get(f"{first}/explanation?{query}")
    assert answer.status_code == 422
    assert says in answer.json["detail"]


def test_silence_is_not_explained(client: FlaskClient) -> None:
    track = upload(client, encoded(np.zeros(70_000, np.float32))).json["id"]
    answer = client.get(f"/api/tracks/{track}/explanation")
    assert (answer.status_code, answer.json["type"]) == (422, "/api/problems/no-explanation")
    assert "is silence" in answer.json["detail"]


def test_a_model_without_an_explainer_says_so(settings: Settings) -> None:
    tiny_checkpoint(settings.models_folder / "tiny", ("jazz", "rock"))
    app = create_app(settings)
    client = app.server.test_client()
    track = client.get("/api/tracks").json["tracks"][0]["id"]
    answer = client.get(f"/api/tracks/{track}/explanation?model=tiny")
    services_of(app).close()
    assert answer.status_code == 422
    assert "tiny has no explainer" in answer.json["detail"]


def test_nobody_else_is_told_of_an_upload(visitor: Visitor, wav: bytes) -> None:
    track = upload(visitor(), wav).json["id"]
    assert visitor().get(f"/api/tracks/{track}/explanation").status_code == 404


def test_an_explanation_that_the_browser_has_is_not_made_again(client: FlaskClient, first: str) -> None:
    tag = client.get(f"{first}/explanation?genre=jazz").headers["ETag"]
    assert client.get(f"{first}/explanation?genre=jazz", headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{first}/explanation?genre=rock", headers={"If-None-Match": tag}).status_code == 200


def test_a_window_is_told_in_words(client: FlaskClient, first: str) -> None:
    told = client.get(f"{first}/words?window=1").json
    why = client.get(f"{first}/explanation?window=1").json
    assert (told["start"], told["end"], told["leader"]) == (why["start"], why["end"], why["genre"])
    assert [each["name"] for each in told["measures"]] == [each.name for each in MEASURES]
    for each in told["measures"]:
        assert f"{each['share_below'].keys()}" == f"{dict.fromkeys(GENRES).keys()}"
        assert " tracks" in each["sentence"]
    assert list(told["notes"]) == list(NOTES)
    assert len(told["timbre"]) == 20
    assert told["what_speaks"]
    assert client.get(f"{first}/words?window=99").status_code == 422


def test_silence_is_measured_but_compared_with_no_genre(client: FlaskClient) -> None:
    track = upload(client, encoded(np.zeros(70_000, np.float32))).json["id"]
    told = client.get(f"/api/tracks/{track}/words").json
    assert (told["leader"], told["runner_up"], told["what_speaks"]) == (None, None, "")
    assert {each["sentence"] for each in told["measures"]} == {""}
