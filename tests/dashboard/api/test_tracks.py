"""The tracks over HTTP: listing, hearing, seeing, scoring."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.services import Services
from model.audio.decode import decode
from tests.conftest import Visitor


@pytest.fixture
def first(client: FlaskClient) -> str:
    """Address of the first sample."""
    return "/api/tracks/" + client.get("/api/tracks").json["tracks"][0]["id"]


def get(client: FlaskClient, url: str, **options: Any) -> Any:
    """Get a file to its end, so that it is closed."""
    return client.get(url, buffered=True, **options)


def upload(client: FlaskClient, content: bytes, name: str = "song.wav") -> Any:
    return client.post("/api/tracks", data={"file": (io.BytesIO(content), name)})


def messages(client: FlaskClient, url: str) -> list[dict]:
    response = client.get(url)
    assert response.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in response.data.splitlines()]


def test_samples_are_listed_in_order(client: FlaskClient) -> None:
    tracks = client.get("/api/tracks").json["tracks"]
    assert [track["title"] for track in tracks] == ["First", "Second", "Medley"]
    assert tracks[0] == {
        "id": tracks[0]["id"],
        "title": "First",
        "kind": "sample",
        "genre": "jazz",
        "duration_samples": 110_250,
        "sample_rate": 22_050,
        "format": "FLAC, 44100 Hz, mono",
        "licence": "CC0-1.0",
        "origin": "made by the tests",
        "sections": None,
        "warnings": [],
    }
    assert tracks[2]["genre"] is None
    assert tracks[2]["sections"] == [{"genre": "jazz", "start_seconds": 0.0}]


def test_an_upload_is_added_and_listed(client: FlaskClient, wav: bytes) -> None:
    response = upload(client, wav, "Meine Musik.wav")
    assert response.status_code == 201
    assert response.json["title"] == "Meine Musik.wav"
    assert response.json["kind"] == "upload"
    assert response.json["duration_samples"] == len(decode(wav).samples)
    assert client.get("/api/tracks").json["tracks"][-1] == response.json


def test_the_same_bytes_twice_are_one_track(client: FlaskClient, wav: bytes) -> None:
    first, second = upload(client, wav), upload(client, wav, "other.wav")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json == {**first.json, "title": "other.wav"}  # the newer name counts
    assert client.get("/api/tracks").json["tracks"][3:] == [second.json]


def test_what_is_odd_about_a_file_is_said(client: FlaskClient, wav: bytes) -> None:
    track = upload(client, wav[: len(wav) * 2 // 3]).json
    assert [warning["code"] for warning in track["warnings"]] == ["truncated"]
    assert "ends at 4.1 s of 6.1 s" in track["warnings"][0]["detail"]
    header = messages(client, f"/api/tracks/{track['id']}/scores")[0]
    assert header["warnings"] == track["warnings"]


def test_a_samples_own_bytes_are_that_sample(client: FlaskClient, services: Services) -> None:
    sample = services.library.samples[0]
    response = upload(client, sample.path.read_bytes())
    assert (response.status_code, response.json["id"], response.json["kind"]) == (200, sample.id, "sample")


def test_an_upload_is_forgotten(client: FlaskClient, wav: bytes) -> None:
    url = "/api/tracks/" + upload(client, wav).json["id"]
    get(client, url + "/audio")
    assert client.delete(url).status_code == 204
    assert client.delete(url).status_code == 404
    assert client.get(url + "/audio").status_code == 404
    assert len(client.get("/api/tracks").json["tracks"]) == 3


def test_visitors_have_no_part_in_each_others_uploads(visitor: Visitor, wav: bytes) -> None:
    ann, bob, nobody = visitor(), visitor(), visitor()
    bob.get("/api/tracks")
    url = "/api/tracks/" + upload(ann, wav).json["id"]
    for stranger in (bob, nobody):
        for part in ("/audio", "/peaks", "/spectrogram", "/scores", "/scores.csv"):
            response = stranger.get(url + part)
            assert (response.status_code, response.mimetype) == (404, "application/problem+json")
        assert stranger.delete(url).status_code == 404
        assert len(stranger.get("/api/tracks").json["tracks"]) == 3
    assert ann.get(url + "/peaks").status_code == 200


def test_the_same_sound_scores_the_same_for_two_visitors(visitor: Visitor, wav: bytes) -> None:
    ann, bob = visitor(), visitor()
    url = f"/api/tracks/{upload(ann, wav).json['id']}/scores"
    upload(bob, wav)
    ann.delete(url.removesuffix("/scores"))
    assert messages(bob, url)[-1] == {"type": "end"}
    assert ann.get(url).status_code == 404


def test_the_cookie_is_for_the_server_only(client: FlaskClient) -> None:
    cookie = client.get("/api/tracks").headers["Set-Cookie"]
    assert cookie.startswith("visitor=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = client.get("/api/tracks", headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert "Secure" in secure


def test_a_known_visitor_keeps_the_cookie_and_a_forged_one_does_not(visitor: Visitor) -> None:
    client = visitor()
    given = client.get("/api/tracks").headers["Set-Cookie"].partition(";")[0]
    assert client.get("/api/tracks").headers["Set-Cookie"].partition(";")[0] == given
    client.set_cookie("visitor", "../../x")
    assert client.get("/api/tracks").headers["Set-Cookie"].partition(";")[0] != "visitor=../../x"


def test_reading_a_sample_needs_no_cookie(visitor: Visitor, first: str) -> None:
    assert "Set-Cookie" not in visitor().get(first + "/peaks").headers


# --- sound -----------------------------------------------------------------------------------------------------------


def test_the_sound_is_the_original_at_its_own_rate(client: FlaskClient, first: str, services: Services) -> None:
    response = get(client, first + "/audio")
    assert response.mimetype == "audio/wav"
    samples, rate_hz = soundfile.read(io.BytesIO(response.data), dtype="float32")
    original, original_hz = soundfile.read(services.library.samples[0].path, dtype="float32")
    assert rate_hz == original_hz == 44_100
    np.testing.assert_allclose(samples, original, atol=1e-4)
    assert get(client, first + "/audio?as=played").data == response.data


def test_the_sound_can_be_had_as_the_network_hears_it(client: FlaskClient, first: str, services: Services) -> None:
    samples, rate_hz = soundfile.read(io.BytesIO(get(client, first + "/audio?as=heard").data), dtype="float32")
    assert (rate_hz, samples.ndim) == (22_050, 1)
    (heard,) = services.sounds.blocks(services.library.samples[0])
    np.testing.assert_allclose(samples, heard, atol=1e-4)


def test_another_form_of_the_sound_is_refused(client: FlaskClient, first: str) -> None:
    response = client.get(first + "/audio?as=mp3")
    assert (response.status_code, response.json["detail"]) == (422, "The parameter as is 'mp3'; use played or heard.")


@pytest.fixture
def whole(client: FlaskClient, first: str) -> bytes:
    return get(client, first + "/audio").data


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-10", -10, None), ("bytes=0-999999999", 0, None)],
)
def test_ranges(client: FlaskClient, first: str, whole: bytes, asked: str, start: int, stop: int | None) -> None:
    response = get(client, first + "/audio", headers={"Range": asked})
    assert response.status_code == 206
    assert response.data == whole[start:stop]
    at = start % len(whole)
    assert response.headers["Content-Range"] == f"bytes {at}-{at + len(response.data) - 1}/{len(whole)}"
    assert response.headers["Accept-Ranges"] == "bytes"


def test_a_range_beyond_the_end_is_416(client: FlaskClient, first: str, whole: bytes) -> None:
    response = get(client, first + "/audio", headers={"Range": "bytes=999999999-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert response.json["status"] == 416


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "pages=1-2", "nonsense", "bytes=9-1", "bytes=a-", "bytes=-0"])
def test_ranges_that_are_not_served_give_the_whole(client: FlaskClient, first: str, whole: bytes, asked: str) -> None:
    response = get(client, first + "/audio", headers={"Range": asked})
    assert (response.status_code, response.data) == (200, whole)


def test_a_range_of_another_version_gives_the_whole(client: FlaskClient, first: str, whole: bytes) -> None:
    etag = client.head(first + "/audio").headers["ETag"]
    for known, status in ((etag, 206), ('"other"', 200)):
        response = get(client, first + "/audio", headers={"Range": "bytes=0-9", "If-Range": known})
        assert response.status_code == status
        assert response.data == (whole[:10] if status == 206 else whole)


def test_head_tells_the_length_without_the_sound(client: FlaskClient, first: str, whole: bytes) -> None:
    response = client.head(first + "/audio")
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Content-Length"] == str(len(whole))


@pytest.mark.parametrize("part", ["/audio", "/audio?as=heard", "/peaks?n=10", "/spectrogram?columns=10"])
def test_what_the_browser_has_is_not_sent_again(client: FlaskClient, first: str, part: str) -> None:
    etag = get(client, first + part).headers["ETag"]
    response = get(client, first + part, headers={"If-None-Match": etag})
    assert (response.status_code, response.data) == (304, b"")


def test_a_visitors_sound_is_not_cached(client: FlaskClient, first: str, wav: bytes) -> None:
    own = "/api/tracks/" + upload(client, wav).json["id"]
    for part in ("/audio", "/peaks", "/spectrogram", "/scores"):
        assert "no-store" in get(client, own + part).headers["Cache-Control"]
    assert get(client, first + "/audio").headers["Cache-Control"] == "no-cache"
    assert "no-store" in client.get("/api/tracks").headers["Cache-Control"]


# --- sight -----------------------------------------------------------------------------------------------------------


def test_peaks(client: FlaskClient, first: str) -> None:
    view = client.get(first + "/peaks?n=50").json
    assert view["n"] == len(view["min"]) == len(view["max"]) == 50
    assert client.get(first + "/peaks").json["n"] == 1200


def test_spectrogram(client: FlaskClient, first: str) -> None:
    view = client.get(first + "/spectrogram?columns=100").json
    assert view["bands"] == 128 == len(view["centre_hz"])
    assert len(base64.b64decode(view["db"])) == 128 * view["columns"]
    assert (view["duration_samples"], view["floor_db"]) == (110_250, -80.0)


# --- what is asked wrongly ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "scores?hop=0",
        "scores?hop=-1",
        "scores?hop=3.1",
        "scores?hop=nan",
        "scores?hop=inf",
        "scores?hop=",
        "scores?hop=x",
        "scores.csv?hop=9",
        "peaks?n=0",
        "peaks?n=1.5",
        "peaks?n=100000000000000000000",
        "spectrogram?columns=-3",
        "spectrogram?columns=99999",
    ],
)
def test_parameters_out_of_range_are_told(client: FlaskClient, first: str, query: str) -> None:
    response = client.get(f"{first}/{query}")
    name = query.partition("?")[2].partition("=")[0]
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json["detail"].startswith(f"The parameter {name} is")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(hop=st.one_of(st.text(max_size=8), st.floats(), st.integers()), n=st.one_of(st.text(max_size=8), st.integers()))
def test_no_parameter_breaks_the_service(client: FlaskClient, first: str, hop: Any, n: Any) -> None:
    for url, query in (("/scores", {"hop": hop}), ("/peaks", {"n": n}), ("/spectrogram", {"columns": n})):
        assert client.get(first + url, query_string=query).status_code in (200, 422)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(identity=st.text(min_size=1, max_size=40))
def test_no_id_breaks_the_service(client: FlaskClient, identity: str) -> None:
    from urllib.parse import quote

    url = "/api/tracks/" + quote(identity, safe="")
    for part in ("/audio", "/scores"):
        assert client.get(url + part).status_code in (308, 404, 405)  # 308: werkzeug merges slashes
    assert client.delete(url).status_code in (308, 404, 405)  # 308: werkzeug merges slashes
