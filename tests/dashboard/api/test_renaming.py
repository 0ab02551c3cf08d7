"""A visitor's own track takes the title that its owner gives it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Visitor


@pytest.fixture
def mine(client: FlaskClient, wav: bytes) -> str:
    """Address of an upload."""
    return "/api/tracks/" + client.post("/api/tracks", data={"file": (io.BytesIO(wav), "song.wav")}).json["id"]


def rename(client: FlaskClient, address: str, title: Any) -> Any:
    return client.patch(address, json={"title": title})


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Blue in Green", "Blue in Green"),
        ("AC/DC \\ live", "AC/DC \\ live"),
        ("  a\n b\u202e\x00  c ", "a b c"),
        ("é" * 120, "é" * 120),
    ],
)
def test_a_title_is_kept_on_one_line(client: FlaskClient, mine: str, title: str, kept: str) -> None:
    answer = rename(client, mine, title)
    assert answer.status_code == 200
    assert answer.json["title"] == kept
    assert client.get("/api/tracks").json["tracks"][-1] == answer.json


@pytest.mark.parametrize("title", ["", " \n\u200b", "a" * 121, None, 7, ["a"]])
def test_what_is_no_title_is_refused_and_the_old_one_stays(client: FlaskClient, mine: str, title: Any) -> None:
    answer = rename(client, mine, title)
    assert answer.status_code == 422
    assert "title" in answer.json["detail"]
    assert client.get("/api/tracks").json["tracks"][-1]["title"] == "song.wav"


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [(b"title=x", "text/plain", 415), (b"{", "application/json", 422), (b"[]", "application/json", 422),
     (b'{"title": "' + b"a" * 20_000 + b'"}', "application/json", 422)],
)  # fmt: skip
def test_another_body_is_refused(client: FlaskClient, mine: str, body: bytes, media_type: str, status: int) -> None:
    answer = client.patch(mine, data=body, content_type=media_type)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_no_one_renames_a_sample_or_the_track_of_another(client: FlaskClient, visitor: Visitor, mine: str) -> None:
    sample = client.get("/api/tracks").json["tracks"][0]
    answer = rename(client, f"/api/tracks/{sample['id']}", "mine")
    assert answer.status_code == 404
    assert "is a sample" in answer.json["detail"]
    assert rename(visitor(), mine, "stolen").status_code == 404
    assert client.get("/api/tracks").json["tracks"][-1]["title"] == "song.wav"
