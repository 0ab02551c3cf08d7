"""A station through the live socket: its sound and its scores come together; strangers are led nowhere."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.api.asyncapi import document
from dashboard.api.live_inputs import job_for
from dashboard.serving.server import available_kind
from dashboard.settings import Settings
from model.errors import RadioError
from tests.dashboard.api.test_live import Listener, cookie_of, tracks
from tests.dashboard.serving.test_server import get, running
from tests.sounds import RATE_HZ
from tests.stations import Server, serving, station

pytestmark = pytest.mark.skipif(available_kind() != "gunicorn", reason="only gunicorn serves WebSockets")


@pytest.fixture(scope="module")
def station_server() -> Iterator[Server]:
    with serving(live=station(speed=1.0, burst_seconds=5.0, titles=("Ella", "Miles"))) as server:
        yield server


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, samples_folder: Path) -> Iterator[int]:
    with running(tmp_path_factory.mktemp("live"), samples_folder, "gunicorn", GENRE_RADIO="private") as (_, port):
        yield port


class RadioListener(Listener):
    """Takes sound and messages apart."""

    def __init__(self, port: int, **options: Any) -> None:
        super().__init__(port, **options)
        self.sound = bytearray()

    def told(self) -> dict[str, Any]:
        while True:
            content = self.socket.receive(20)
            assert content is not None, "nothing was told in 20 s"
            if isinstance(content, str):
                return json.loads(content)
            self.sound += content

    def until(self, kind: str, n: int = 1) -> list[dict[str, Any]]:
        """All that is told until the n-th message of a kind."""
        told = []
        while sum(message["type"] == kind for message in told) < n:
            told.append(self.told())
        return told

    def leave(self) -> list[dict[str, Any]]:
        self.say(type="end")
        told = self.all_told()
        self.socket.thread.join(5)
        return told


def test_sound_and_scores_come_together_and_the_take_has_the_very_scores(port: int, station_server: Server) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    cookie = cookie_of(port)
    listener = RadioListener(port, cookie=cookie)
    begun = time.monotonic()
    listener.say(type="hello", radio=station_server.url("/live"), keep=True)
    header = listener.told()
    assert header["station"] == {"name": "Chord FM", "genre": "drone", "sample_rate": 44_100, "channels": 2}
    assert header["take"]
    told = listener.until("window", 5)
    assert time.monotonic() - begun < 20
    told += listener.leave()
    assert next(message["title"] for message in told if message["type"] == "title") == "Ella"
    windows = [message for message in told if message["type"] == "window"]
    assert windows[-1]["end"] / RATE_HZ <= len(listener.sound) / 4 / 44_100 + 1e-3
    (take,) = (message["track"] for message in told if message["type"] == "take")
    assert take["title"] == "Chord FM"
    assert take in tracks(port, cookie)
    lines = get(port, f"/api/tracks/{take['id']}/scores?hop=0.5", Cookie=cookie)[1].splitlines()
    replayed = {message["end"]: message["p"] for message in map(json.loads, lines) if message["type"] == "window"}
    for window in windows:
        np.testing.assert_allclose(window["p"], replayed[window["end"]], atol=1e-4)
    schemas = document("0")
    union = {"anyOf": [message["payload"] for message in schemas["components"]["messages"].values()]}
    for message in [header, *told]:
        jsonschema.validate(message, {**union, "components": schemas["components"]})


def test_a_station_that_restarts_is_waited_for_and_the_gap_is_told(port: int, station_server: Server) -> None:
    station_server.routes["short"] = station(speed=1.0, burst_seconds=5.0, n_bytes=60_000)
    listener = RadioListener(port)
    listener.say(type="hello", radio=station_server.url("/short"))
    told = listener.until("gap")
    (away,) = (message for message in told if message["type"] == "away")
    assert "ended the connection" in away["detail"]
    gap = told[-1]
    assert 0 < (gap["end"] - gap["start"]) / RATE_HZ < 10
    assert gap["start"] / RATE_HZ == pytest.approx(len(listener.sound) / 4 / 44_100, abs=1.5)
    listener.leave()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://radio.invalid/live", "cannot be found"),
        ("/gone", "status 404"),
        ("file:///etc/passwd", "must begin with http"),
        (7, "use the address of a station"),
    ],
)
def test_what_is_no_station_is_said(address: Any, sentence: str, port: int, station_server: Server) -> None:
    listener = RadioListener(port)
    address = station_server.url(address) if str(address).startswith("/") else address
    listener.say(type="hello", radio=address)
    told = listener.all_told()[-1]
    assert told["type"] == "error"
    assert sentence in told["problem"]["detail"]
    listener.socket.thread.join(5)


def test_who_leaves_while_it_is_tuned_in_leaves_nothing_behind(port: int, station_server: Server) -> None:
    station_server.routes["mute"] = lambda call: (call.head("Content-Type: audio/mpeg"), time.sleep(5))
    listener = RadioListener(port)
    listener.say(type="hello", radio=station_server.url("/mute"))
    time.sleep(1.0)
    listener.socket.close()
    listener.socket.thread.join(5)
    deadline = time.monotonic() + 5
    call = station_server.calls[-1]
    with contextlib.suppress(OSError):
        while call.sock.recv(1):  # the connection to the station ends with it
            assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("settings", "is_allowed", "may_be_private"),
    [
        (Settings(), True, False),
        (Settings(host="0.0.0.0"), False, False),
        (Settings(allowed_hosts=("radio.example",)), False, False),  # a proxy stands before it
        (Settings(host="0.0.0.0", radio="1"), True, False),
        (Settings(radio="private"), True, True),
        (Settings(radio="0"), False, False),
    ],
)
def test_the_operator_says_which_stations_are_fetched(
    settings: Settings, is_allowed: bool, may_be_private: bool
) -> None:
    with contextlib.nullcontext() if is_allowed else pytest.raises(RadioError, match="not fetched here"):
        assert job_for("http://radio.example/", settings, RATE_HZ).may_be_private is may_be_private
