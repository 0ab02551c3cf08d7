"""Classifying over HTTP: any form of body, and the same answer as the command line's."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.services import Services
from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.result import classify
from model.scorer import Scorer
from tests.dashboard.records import sounds_in
from tests.sounds import chord, encoded

RAW_TYPES = [
    "audio/wav",
    "audio/x-wav; charset=binary",
    "audio/mpeg",
    "AUDIO/FLAC",
    "application/octet-stream",
    "application/ogg",
]


def test_the_answer_is_that_of_the_core(client: FlaskClient, wav: bytes) -> None:
    response = client.post("/api/classify", data={"file": (io.BytesIO(wav), "song.wav")})
    scorer = Scorer(Classifier())
    expected = classify(Analyzer(scorer, hop_seconds=3.0), decode(wav, name="song.wav"))
    scorer.close()
    assert response.status_code == 200
    assert response.json == json.loads(json.dumps(expected))


def test_the_answer_has_all_genres_in_order(client: FlaskClient, wav: bytes, services: Services) -> None:
    answer = client.post("/api/classify", data=wav, content_type="audio/wav").json
    assert list(answer["probabilities"]) == list(services.card.genres)
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    for window in answer["windows"]:
        assert list(window["probabilities"]) == list(services.card.genres)
    assert answer["duration_seconds"] == pytest.approx(6.1)
    assert answer["model"]["sha256"] == services.card.files["litert"].sha256


@pytest.mark.parametrize("content_type", RAW_TYPES)
def test_the_body_may_be_the_file(client: FlaskClient, wav: bytes, content_type: str) -> None:
    response = client.post("/api/classify", data=wav, content_type=content_type)
    assert response.status_code == 200
    form = client.post("/api/classify", data={"file": (io.BytesIO(wav), "song.wav")})
    assert {**response.json, "file": "song.wav"} == form.json


def test_a_body_without_a_type_is_taken_as_bytes(client: FlaskClient, wav: bytes) -> None:
    assert client.post("/api/classify", data=wav).status_code == 200


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "MP3", "AIFF"])
def test_any_format_is_heard(client: FlaskClient, format: str) -> None:
    content = encoded(chord(6.0, rate_hz=44_100), rate_hz=44_100, format=format)
    assert client.post("/api/classify", data=content, content_type="audio/*").status_code == 200


@pytest.mark.parametrize(("hop", "n_windows"), [("", 2), ("?hop=3", 2), ("?hop=1.5", 3), ("?hop=0.5", 8)])
def test_the_hop_can_be_chosen(client: FlaskClient, wav: bytes, hop: str, n_windows: int) -> None:
    answer = client.post("/api/classify" + hop, data=wav, content_type="audio/wav").json
    assert len(answer["windows"]) == n_windows


def test_a_bad_hop_is_told_before_the_file_is_read(client: FlaskClient) -> None:
    response = client.post("/api/classify?hop=9", data=b"", content_type="audio/wav")
    assert (response.status_code, response.json["type"]) == (422, "/api/problems/bad-parameter")
    assert response.json["detail"] == "The parameter hop is '9'; use a number from 0.1 to 3.0."


def test_nothing_is_kept(client: FlaskClient, wav: bytes, services: Services) -> None:
    response = client.post("/api/classify", data={"file": (io.BytesIO(wav), "song.wav")})
    assert "Set-Cookie" not in response.headers
    assert not sounds_in(services.settings.data_folder)
    assert len(client.get("/api/tracks").json["tracks"]) == 3


def test_silence_is_no_genre(client: FlaskClient) -> None:
    answer = client.post("/api/classify", data=encoded(chord(4.0) * 0), content_type="audio/wav").json
    assert (answer["state"], answer["genre"]) == ("silence", None)


def test_a_shipped_sample_scores_alike_streamed_and_classified(client: FlaskClient, services: Services) -> None:
    sample = services.library.samples[1]
    lines = client.get(f"/api/tracks/{sample.id}/scores?hop=3").data.splitlines()
    streamed = [message["p"] for message in map(json.loads, lines) if message["type"] == "window"]
    answer = client.post("/api/classify", data=Path(sample.path).read_bytes(), content_type="audio/flac").json
    assert streamed == [list(window["probabilities"].values()) for window in answer["windows"]]
