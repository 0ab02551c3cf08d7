"""The program as a user runs it: how it starts, streams, stops, and what it does not load."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.serving.server import address_of, available_kind, listen, open_browser
from dashboard.settings import PROJECT_FOLDER, Settings
from tests.sounds import chord, encoded

KINDS = ["gunicorn", "waitress"] if available_kind() == "gunicorn" else ["waitress"]

RUN = """
import sys
from dashboard import __main__
from dashboard.serving import server
server.available_kind = lambda: {kind!r}
sys.exit(__main__.main())
"""


def start(folder: Path, kind: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "GENRE_DATA_FOLDER": str(folder / "data"), **variables}
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(kind=kind), "--no-browser", *arguments],
        cwd=PROJECT_FOLDER,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextlib.contextmanager
def running(folder: Path, samples: Path, kind: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = start(folder, kind, "--port", "0", GENRE_SAMPLES_FOLDER=str(samples), **variables)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, (line, process.communicate(timeout=10))
        yield process, int(found[1])
    finally:
        process.kill() if process.poll() is None and sys.platform == "win32" else process.terminate()
        process.communicate(timeout=20)


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


@pytest.fixture(scope="module", params=KINDS)
def port(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, samples_folder: Path
) -> Iterator[int]:
    folder = tmp_path_factory.mktemp(request.param)
    with running(folder, samples_folder, request.param, GENRE_MAX_UPLOAD_MIB="20") as (_, port):
        yield port


def test_the_page_answers_as_soon_as_its_address_is_printed(port: int) -> None:
    status, page = get(port, "/")
    assert status == 200
    assert b"Live Genre Dashboard" in page


def test_an_uploaded_track_is_scored_and_streamed(port: int) -> None:
    content = encoded(chord(30.0))
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n' + content + b"\r\n--b--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/api/tracks", body, {"Content-Type": "multipart/form-data; boundary=b"})
    response = connection.getresponse()
    cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
    track = json.loads(response.read())
    assert response.status == 201
    connection.request("GET", f"/api/tracks/{track['id']}/scores?hop=0.1", headers={"Cookie": cookie})
    response = connection.getresponse()
    arrivals = [time.perf_counter() for _ in response]
    connection.close()
    assert len(arrivals) == 1 + 271 + 2
    assert arrivals[-1] - arrivals[1] > 0.05  # line by line: 271 windows take longer than that


def test_a_body_of_unknown_length_is_welcome(port: int) -> None:
    content = encoded(chord(4.0))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    blocks = (content[start : start + 10_000] for start in range(0, len(content), 10_000))
    connection.request("POST", "/api/classify", blocks, {"Content-Type": "audio/wav"}, encode_chunked=True)
    response = connection.getresponse()
    assert (response.status, len(json.loads(response.read())["windows"])) == (200, 2)
    connection.close()


def test_a_file_beyond_the_limit_gets_its_answer(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("POST", "/api/classify")
    connection.putheader("Content-Type", "audio/wav")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    connection.close()


def test_a_reader_who_leaves_does_not_disturb(port: int) -> None:
    track = json.loads(get(port, "/api/tracks")[1])["tracks"][2]
    for _ in range(3):
        leaver = socket.create_connection(("127.0.0.1", port))
        leaver.sendall(f"GET /api/tracks/{track['id']}/scores?hop=0.1 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        leaver.recv(100)
        leaver.close()
    status, content = get(port, f"/api/tracks/{track['id']}/scores?hop=0.1")
    assert (status, content.splitlines()[-1]) == (200, b'{"type":"end"}')


def test_refused_clients_that_linger_do_not_keep_others_waiting(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(6):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"POST /api/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n")
            assert b" 413 " in connection.recv(100)
        begun_at = time.perf_counter()
        assert get(port, "/health")[0] == 200
        assert time.perf_counter() - begun_at < 2


def test_slow_connections_do_not_keep_others_waiting(port: int) -> None:
    with contextlib.ExitStack() as stack:
        for begun in (b"", b"GET / HTTP/1.1\r\nHost: loc", b"POST /api/classify HTTP/1.1\r\nContent-Length: 9\r\n\r\n"):
            for _ in range(6):
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                connection.sendall(begun)
        begun_at = time.perf_counter()
        assert get(port, "/health")[0] == 200
        assert time.perf_counter() - begun_at < 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_stops_cleanly_when_asked(tmp_path: Path, samples_folder: Path, kind: str, name: str) -> None:
    with running(tmp_path, samples_folder, kind) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/health")
        connection.getresponse().read()
        begun = time.perf_counter()
        if name == "SIGINT":  # Ctrl-C reaches every process of the terminal
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.terminate()
        _, errors = process.communicate(timeout=20)
        connection.close()
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
        assert time.perf_counter() - begun < 6


def test_localhost_is_the_address_that_every_program_tries() -> None:
    with listen(Settings(host="localhost", port=0)) as listener:
        assert address_of(listener).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("kind", KINDS)
def test_a_taken_port_is_told(tmp_path: Path, samples_folder: Path, kind: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        process = start(tmp_path, kind, "--port", number, GENRE_SAMPLES_FOLDER=str(samples_folder))
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"error: Port {number} of 127.0.0.1 cannot be listened on" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"GENRE_SAMPLES_FOLDER": "/nowhere"}, "catalogue.json is missing"),
        ({"GENRE_CHECKPOINT": "/nowhere"}, "holds no card.json"),
        ({"GENRE_MODELS_FOLDER": "/nowhere"}, "is no folder; name the one with the checkpoints"),
        ({"GENRE_PORT": "x"}, "must be a whole number"),
        ({"GENRE_DATA_FOLDER": "/dev/null/data"}, "name one that can in GENRE_DATA_FOLDER"),
        ({"GENRE_HOST": "no such host"}, "is not known"),
    ],
)
def test_what_prevents_the_start_is_told(
    tmp_path: Path, samples_folder: Path, variables: dict[str, str], told: str
) -> None:
    variables = {"GENRE_SAMPLES_FOLDER": str(samples_folder), **variables}
    process = start(tmp_path, KINDS[0], **variables)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert told in errors
    assert "Traceback" not in errors


def test_help_lists_the_settings(tmp_path: Path) -> None:
    process = start(tmp_path, KINDS[0], "--help", GENRE_PORT="8123")
    text, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "GENRE_PORT=8123" in text
    assert "--no-browser" in text


# --- what is loaded ---------------------------------------------------------------------------------------------------

HEAVY = ("tensorflow", "keras", "librosa", "numba", "scipy", "pandas", "matplotlib", "sklearn", "plotly.express")

SERVE_EVERYTHING = """
import io, json, sys
from pathlib import Path
from dashboard.app import create_app
from dashboard.settings import Settings
client = create_app(Settings(data_folder=Path(sys.argv[1]), samples_folder=Path(sys.argv[2]))).server.test_client()
sound = Path(sys.argv[3]).read_bytes()
assert client.get("/").status_code == client.get("/_dash-layout").status_code == 200
for track in client.get("/api/tracks").json["tracks"]:
    for part in ("audio", "peaks", "spectrogram", "scores", "scores.csv"):
        assert client.get(f"/api/tracks/{track['id']}/{part}").data
for model in client.get("/api/models").json["models"]:
    address = "/api/classify?model=" + model["name"]
    assert client.post(address, data=sound, content_type="audio/wav").json["model"]["name"] == model["name"]
print(json.dumps(sorted(sys.modules)))
"""


def test_serving_never_loads_what_trains(tmp_path: Path, samples_folder: Path) -> None:
    sound = tmp_path / "sound.wav"
    sound.write_bytes(encoded(np.asarray(chord(6.0))))
    done = subprocess.run(
        [sys.executable, "-c", SERVE_EVERYTHING, str(tmp_path / "data"), str(samples_folder), str(sound)],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded & set(HEAVY)


def test_help_and_settings_load_no_dash() -> None:
    code = "import dashboard.__main__, sys; print('dash' in sys.modules, 'ai_edge_litert' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_bench_measures() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.bench", "--starts", "1", "--long", "300", "--json"],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    assert measured["start_seconds"]["median"] > 0
    assert measured["served_mib"] > 1
    if measured["resident_mib"]:
        assert measured["resident_mib"]["page"] < 300


@pytest.mark.parametrize(("variable", "is_opened"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("TERM", False)])
def test_a_browser_is_opened_only_where_there_is_a_screen(
    monkeypatch: pytest.MonkeyPatch, variable: str, is_opened: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, ":0")
    before = set(threading.enumerate())
    open_browser("http://127.0.0.1:1/")
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    assert bool(opened) is is_opened
