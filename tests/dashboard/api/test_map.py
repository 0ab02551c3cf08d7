"""The map of known tracks and where a track lies on it, over HTTP; and what is measured along a track."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.services import Services
from dashboard.settings import Settings
from model.audio.track import Track
from model.genres import GENRES
from model.recordings import known_recordings
from model.words import MEASURES
from tests.checkpoints import tiny_checkpoint
from tests.conftest import Visitor
from tests.dashboard.api.test_tracks import upload
from tests.sounds import chord, encoded


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """GTZAN_HOME with an index of artists that knows one track's."""
    monkeypatch.setenv("GTZAN_HOME", str(tmp_path))
    known_recordings.cache_clear()
    yield tmp_path / "artists.txt"
    known_recordings.cache_clear()


def test_the_map_holds_known_tracks_of_every_genre(client: FlaskClient, index: Path) -> None:
    told = client.get("/api/map").json
    assert set(told["centres"]) == set(GENRES)
    assert {each["genre"] for each in told["tracks"]} == set(GENRES)
    assert np.isfinite([each["position"] for each in told["tracks"]]).all()
    assert told["has_names"] is False
    assert {each["artist"] for each in told["tracks"]} == {None}


def test_artists_and_titles_are_told_where_the_server_has_them(client: FlaskClient, index: Path) -> None:
    known = client.get("/api/map").json["tracks"][0]["track"]
    index.write_text(f"{known}.wav ::: Somebody ::: A Song\n", encoding="utf-8")
    known_recordings.cache_clear()
    told = client.get("/api/map").json
    assert told["has_names"] is True
    named = {each["track"]: (each["artist"], each["title"]) for each in told["tracks"]}
    assert named.pop(known) == ("Somebody", "A Song")
    assert set(named.values()) == {(None, None)}


def test_names_that_come_later_are_told_of_tracks_that_were_placed_before(client: FlaskClient, index: Path) -> None:
    address = f"/api/tracks/{client.get('/api/tracks').json['tracks'][0]['id']}/embedding?n=1"
    near = client.get(address).json["nearest"][0]
    assert near["artist"] is None
    index.write_text(f"{near['track']}.wav ::: Somebody ::: A Song\n", encoding="utf-8")
    known_recordings.cache_clear()
    assert client.get(address).json["nearest"][0]["artist"] == "Somebody"


def test_a_track_is_placed_by_its_windows(client: FlaskClient, services: Services) -> None:
    samples = np.concatenate((np.zeros(70_000, np.float32), chord(4.0)))
    track = upload(client, encoded(samples)).json["id"]
    told = client.get(f"/api/tracks/{track}/embedding?n=3&numbers=windows").json
    silent, *_, last = told["windows"]
    assert (silent["position"], silent["nearest"], silent["embedding"]) == (None, [], None)
    assert last["end"] == len(samples)
    scorer = services.models.scorer()
    numbers = scorer.explainer.embed(scorer.log_mel(Track(samples, 22_050, "").samples[-66_150:]))
    np.testing.assert_allclose(last["embedding"], numbers, atol=0.02)  # 16 bits were sent
    np.testing.assert_allclose(last["position"], scorer.atlas.place(numbers)[:2], atol=0.05)
    assert [each["track"] for each in last["nearest"]] == [
        each.track for each in scorer.atlas.nearest(scorer.atlas.place(numbers), 5)
    ]
    heard = [each["embedding"] for each in told["windows"] if each["embedding"]]
    np.testing.assert_allclose(told["embedding"], np.mean(heard, axis=0), atol=1e-3)
    assert "embedding" not in client.get(f"/api/tracks/{track}/embedding?n=1").json["windows"][0]


def test_windows_lie_evenly_from_the_first_sample_to_the_last(client: FlaskClient, wav: bytes) -> None:
    track = upload(client, wav).json
    for n in (1, 2, 4, 1000):
        windows = client.get(f"/api/tracks/{track['id']}/embedding?n={n}").json["windows"]
        assert windows[0]["start"] == 0
        assert windows[-1]["end"] == (track["duration_samples"] if n > 1 else 66_150)
        steps = np.diff([each["start"] for each in windows])
        assert len(windows) <= n
        assert np.ptp(steps) <= 1 if len(steps) else n == 1


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [("n=0", 422, "n is '0'"), ("numbers=all", 422, "use whole or windows"), ("model=nobody", 404, "no model called")],
)
def test_what_cannot_be_asked_is_refused(client: FlaskClient, query: str, status: int, says: str) -> None:
    track = client.get("/api/tracks").json["tracks"][0]["id"]
    answer = client.get(f"/api/tracks/{track}/embedding?{query}")
    assert answer.status_code == status
    assert says in answer.json["detail"]


def test_a_model_without_a_map_says_so(settings: Settings) -> None:
    tiny_checkpoint(settings.models_folder / "tiny", ("jazz", "rock"))
    app = create_app(settings)
    client = app.server.test_client()
    track = client.get("/api/tracks").json["tracks"][0]["id"]
    answers = [client.get(f"/api/{what}?model=tiny") for what in ("map", f"tracks/{track}/embedding")]
    services_of(app).close()
    for answer in answers:
        assert (answer.status_code, answer.json["type"]) == (422, "/api/problems/no-map")


def test_nobody_else_is_told_of_an_upload(visitor: Visitor, wav: bytes) -> None:
    track = upload(visitor(), wav).json["id"]
    for what in ("embedding", "strips"):
        assert visitor().get(f"/api/tracks/{track}/{what}").status_code == 404


def test_the_strips_are_the_words_of_each_window(client: FlaskClient) -> None:
    track = client.get("/api/tracks").json["tracks"][0]["id"]
    strips = client.get(f"/api/tracks/{track}/strips?n=1000").json
    assert [each["name"] for each in strips["measures"]] == [each.name for each in MEASURES]
    words = client.get(f"/api/tracks/{track}/words?window=0").json
    assert strips["ends"][0] == words["end"]
    assert [each["values"][0] for each in strips["measures"]] == [each["value"] for each in words["measures"]]
    assert strips["notes"][0] == pytest.approx(list(words["notes"].values()), abs=0.01)
    assert strips["timbre"][0] == pytest.approx(words["timbre"], abs=0.1)
    for each in strips["measures"]:
        assert len(each["values"]) == len(strips["ends"])
        assert each["low"] <= min(each["values"]) <= max(each["values"]) <= each["high"]
