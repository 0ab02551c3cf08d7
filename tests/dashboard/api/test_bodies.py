"""Files that arrive: every fault told as it is, nothing lost, nothing left."""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.api.problems import KINDS
from dashboard.app import create_app, services_of
from dashboard.settings import Settings
from model import errors
from tests.dashboard.records import sounds_in
from tests.sounds import chord, encoded


def with_rate(wav: bytes, rate_hz: int) -> bytes:
    return wav[:24] + struct.pack("<I", rate_hz) + wav[28:]


def with_nan() -> bytes:
    samples = chord(4.0)
    samples[:] = np.nan
    return encoded(samples, subtype="FLOAT")


WAV = encoded(chord(4.0))
FORM = "multipart/form-data; boundary=b"

FAULTS: dict[type[errors.AudioError], tuple[int, bytes, str]] = {
    errors.EmptyAudioError: (422, b"", "is empty (0 bytes)"),
    errors.UnsupportedAudioError: (415, b"hello, I am no audio" * 100, "not audio but text"),
    errors.SampleRateError: (422, with_rate(WAV, 9_000_000), "sample rate of 9000000 Hz"),
    errors.NonFiniteSamplesError: (422, with_nan(), "NaN or infinite"),
    errors.AudioTooLargeError: (413, bytes(3_000_000), "the limit is 2.0 MiB"),
    errors.AudioTooLongError: (422, encoded(np.zeros(1_000_000, np.float32), rate_hz=1000), "the limit is 900 s"),
    errors.AudioTooShortError: (422, encoded(chord(2.5)), "needs at least 3 s"),
}


def subclasses(root: type) -> Iterator[type]:
    for child in root.__subclasses__():
        yield child
        yield from subclasses(child)


def form(content: bytes, name: str = "song.wav", *, is_whole: bool = True) -> bytes:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    return head.encode() + content + (b"\r\n--b--\r\n" if is_whole else b"")


def send(client: FlaskClient, url: str, content: bytes, name: str = "song.wav") -> Any:
    return client.post(url, data=form(content, name), content_type=FORM)


def send_stream(client: FlaskClient, stream: io.RawIOBase, content_type: str, **environment: Any) -> Any:
    """Post a body that only the server reads."""
    environment = {"wsgi.input": stream, "CONTENT_TYPE": content_type, **environment}  # the client would make another
    return client.post("/api/classify", content_type=content_type, environ_overrides=environment)


def files_in(settings: Settings) -> list[Path]:
    return sounds_in(settings.data_folder)


def test_every_fault_of_sound_has_its_answer() -> None:
    assert set(FAULTS) == set(subclasses(errors.AudioError))
    assert set(FAULTS) <= set(KINDS)


@pytest.mark.parametrize("url", ["/api/tracks", "/api/classify"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_bad_file_is_refused_with_its_reason(
    client: FlaskClient, settings: Settings, fault: type[errors.AudioError], url: str
) -> None:
    status, content, reason = FAULTS[fault]
    response = send(client, url, content)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.json["type"] == "/api/problems/" + KINDS[fault].slug
    assert response.json["status"] == status
    assert reason in response.json["detail"]
    assert "/tmp" not in response.text
    assert not files_in(settings)


def test_a_bad_upload_costs_no_good_one(client: FlaskClient) -> None:
    good = send(client, "/api/tracks", WAV).json
    for _, content, _ in FAULTS.values():
        send(client, "/api/tracks", content)
    assert client.get("/api/tracks").json["tracks"][3:] == [good]


@pytest.mark.parametrize("url", ["/api/tracks", "/api/classify"])
def test_a_form_without_its_file_is_told(client: FlaskClient, settings: Settings, url: str) -> None:
    for data in ({"other": (io.BytesIO(WAV), "x.wav")}, {"file": "text"}):
        response = client.post(url, data=data, content_type="multipart/form-data")
        assert (response.status_code, response.json["type"]) == (422, "/api/problems/missing-file")
    assert not files_in(settings)


def test_a_part_without_a_file_name_is_called_text(client: FlaskClient) -> None:
    for content in (b"short", bytes(1_200_000)):
        body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + content + b"\r\n--b--\r\n"
        response = client.post("/api/classify", data=body, content_type=FORM)
        assert (response.status_code, response.json["type"]) == (422, "/api/problems/missing-file")
        assert "has no file name" in response.json["detail"]


def test_a_file_name_in_latin_1_is_read_as_such(client: FlaskClient) -> None:
    body = form(WAV).replace(b"song.wav", "café.wav".encode("latin-1"))
    response = client.post("/api/tracks", data=body, content_type=FORM)
    assert (response.status_code, response.json["title"]) == (201, "café.wav")
    body = form(encoded(chord(5.0))).replace(b"song.wav", "日本.wav".encode())
    assert client.post("/api/tracks", data=body, content_type=FORM).json["title"] == "日本.wav"


def test_other_parts_of_a_form_are_passed_over(client: FlaskClient) -> None:
    first = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    other = b'--b\r\nContent-Disposition: form-data; name="cover"; filename="c.png"\r\n\r\n' + bytes(5000) + b"\r\n"
    response = client.post("/api/tracks", data=first + other + form(WAV), content_type=FORM)
    assert (response.status_code, response.json["title"]) == (201, "song.wav")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("url", ["/api/tracks", "/api/classify"])
def test_bodies_that_hold_no_audio_are_refused(client: FlaskClient, url: str, content_type: str) -> None:
    response = client.post(url, data=WAV, content_type=content_type)
    assert (response.status_code, response.json["type"]) == (415, "/api/problems/unsupported-body")
    assert "multipart/form-data" in response.json["detail"]


def test_uploads_are_forms_only(client: FlaskClient) -> None:
    assert client.post("/api/tracks", data=WAV, content_type="audio/wav").status_code == 415


def test_a_broken_form_is_refused(client: FlaskClient, settings: Settings) -> None:
    start = form(WAV, is_whole=False)
    for body in (b"", b"--b", b"garbage", start, start + b"\r\n--b"):
        response = client.post("/api/tracks", data=body, content_type=FORM)
        assert response.status_code in (400, 422)
        assert response.mimetype == "application/problem+json"
    response = client.post("/api/tracks", data=start, content_type="multipart/form-data")
    assert response.status_code in (400, 422)
    assert not files_in(settings)


def test_forms_of_many_parts_are_refused(client: FlaskClient, settings: Settings) -> None:
    data = {f"file{number}": (io.BytesIO(b"x"), "x") for number in range(50)}
    response = client.post("/api/tracks", data=data)
    assert (response.status_code, response.json["type"]) == (422, "/api/problems/missing-file")
    assert not files_in(settings)


def test_a_large_file_is_refused_before_it_is_read(client: FlaskClient) -> None:
    class Unread(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            raise AssertionError("The body was read.")

    for content_type in (FORM, "audio/wav"):
        response = send_stream(client, Unread(), content_type, CONTENT_LENGTH="1000000000")
        assert (response.status_code, response.json["type"]) == (413, "/api/problems/audio-too-large")


@pytest.mark.parametrize("content_type", [FORM, "audio/wav"])
def test_a_file_of_unknown_length_is_stopped_at_the_limit(
    client: FlaskClient, settings: Settings, content_type: str
) -> None:
    n_read = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            nonlocal n_read
            block = bytes(len(buffer))
            if n_read == 0 and content_type == FORM:
                block = form(b"", is_whole=False)[: len(buffer)]
            buffer[: len(block)] = block
            n_read += len(block)
            return len(block)

    ends = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = send_stream(client, Endless(), content_type, **ends)
    assert (response.status_code, response.json["type"]) == (413, "/api/problems/audio-too-large")
    assert n_read < 4 * 2**20
    assert not files_in(settings)


def test_a_body_that_breaks_off_is_told(client: FlaskClient, settings: Settings) -> None:
    for body, content_type in ((WAV, "audio/wav"), (form(WAV, is_whole=False), FORM)):
        response = send_stream(client, io.BytesIO(body), content_type, CONTENT_LENGTH=str(len(body) + 1000))
        assert (response.status_code, response.json["type"]) == (408, "/api/problems/slow-client")
    assert not files_in(settings)


def test_a_client_that_stalls_is_let_go(client: FlaskClient, settings: Settings) -> None:
    class Stalled(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            raise BlockingIOError

    for content_type in (FORM, "audio/wav"):
        response = send_stream(client, Stalled(), content_type, CONTENT_LENGTH="10000")
        assert (response.status_code, response.json["type"]) == (408, "/api/problems/slow-client")
    assert not files_in(settings)


def test_too_many_files_at_once_are_refused(client: FlaskClient, settings: Settings) -> None:
    go_on = threading.Event()
    have_begun = threading.Semaphore(0)

    class Slow(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            have_begun.release()
            go_on.wait(20)
            return 0

    def arrive() -> None:
        send_stream(client.application.test_client(), Slow(), "audio/wav", CONTENT_LENGTH="10000")

    arriving = [threading.Thread(target=arrive) for _ in range(settings.max_concurrent_uploads)]
    for thread in arriving:
        thread.start()
    for _ in arriving:
        assert have_begun.acquire(timeout=20)
    response = send(client, "/api/tracks", WAV)
    go_on.set()
    for thread in arriving:
        thread.join(20)
    assert (response.status_code, response.json["type"]) == (503, "/api/problems/busy")
    assert response.headers["Retry-After"].isdigit()
    assert send(client, "/api/tracks", WAV).status_code == 201


def test_other_messages_are_small(client: FlaskClient) -> None:
    response = client.post("/_dash-update-component", data=b" " * 2_000_000, content_type="application/json")
    assert response.status_code == 413


def test_uploads_have_limits_of_their_own(settings: Settings) -> None:
    app = create_app(replace(settings, max_uploads=1))
    client = app.server.test_client()
    assert send(client, "/api/tracks", WAV).status_code == 201
    response = send(client, "/api/tracks", encoded(chord(5.0)))
    assert (response.status_code, response.json["type"]) == (409, "/api/problems/upload-limit")
    services_of(app).close()


def test_many_uploads_side_by_side_are_all_kept(client: FlaskClient, settings: Settings) -> None:
    client.get("/api/tracks")
    secret = client.get_cookie("visitor").value
    statuses = []

    def add(number: int) -> None:
        other = client.application.test_client()
        other.set_cookie("visitor", secret)
        statuses.append(send(other, "/api/tracks", encoded(chord(3.0 + number / 10))).status_code)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(settings.max_concurrent_uploads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [201] * len(threads)
    assert len(client.get("/api/tracks").json["tracks"]) == 3 + len(threads)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=40)).map(
            lambda change: WAV[: change[0]] + change[1] + WAV[change[0] + len(change[1]) :]
        ),
        st.integers(0, len(WAV)).map(lambda n: WAV[:n]),
    ),
    name=st.text(max_size=20),
)
def test_no_file_breaks_the_service(client: FlaskClient, content: bytes, name: str) -> None:
    response = send(client, "/api/classify", content, name or "x")
    assert response.status_code in (200, 413, 415, 422)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(body=st.binary(max_size=400), content_type=st.text(st.characters(codec="latin-1"), max_size=40))
def test_no_body_breaks_the_service(client: FlaskClient, body: bytes, content_type: str) -> None:
    if "\n" in content_type or "\r" in content_type:
        return
    for type_ in (content_type, "multipart/form-data; boundary=" + content_type):
        response = client.post("/api/classify", data=body, content_type=type_)
        assert response.status_code in (400, 413, 415, 422)
        assert response.mimetype == "application/problem+json"
