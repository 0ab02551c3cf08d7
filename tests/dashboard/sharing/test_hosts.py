"""Two hosts that share nothing but a real Redis: either answers everything; what is killed takes nothing along."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.serving.server import available_kind
from dashboard.settings import PROJECT_FOLDER
from tests import servers
from tests.dashboard.api.test_live import SOUNDS, Listener
from tests.dashboard.serving.test_server import running, start
from tests.dashboard.serving.test_workers import FORM, PARTS, ask, form, posted, workers_of
from tests.sounds import chord, encoded

pytestmark = [
    pytest.mark.skipif(available_kind() != "gunicorn", reason="several hosts are served with gunicorn"),
    pytest.mark.skipif("redis-server" in servers.missing(), reason="redis-server is not installed"),
]


@dataclass
class Hall:
    """Redis' process, its folder and port; the two pages' ports."""

    redis: contextlib.ExitStack
    folder: Path
    redis_port: int
    ports: tuple[int, int]
    pids: tuple[int, int]

    def kill_redis(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.redis.close()

    def start_redis(self) -> None:
        self.process = self.redis.enter_context(servers.redis_server(self.folder, self.redis_port))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, samples_folder: Path) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("redis")
    with contextlib.ExitStack() as stack:
        redis = stack.enter_context(contextlib.ExitStack())
        hall = Hall(redis, folder, servers.free_port(), (0, 0), (0, 0))
        hall.start_redis()
        variables = {
            "GENRE_REDIS": f"redis://127.0.0.1:{hall.redis_port}/0",
            "GENRE_MAX_UPLOADS": "3",
            "GENRE_LIVE_VISITOR_SESSIONS": "1",
            "GENRE_PROXIES": "1",
        }
        hosts = [
            stack.enter_context(running(tmp_path_factory.mktemp(name), samples_folder, "gunicorn", **variables))
            for name in ("one", "two")
        ]
        hall.ports = (hosts[0][1], hosts[1][1])
        hall.pids = (hosts[0][0].pid, hosts[1][0].pid)
        yield hall


def test_what_one_host_was_given_the_other_answers_alike(hall: Hall) -> None:
    one, two = hall.ports
    track, cookie = posted(one, encoded(chord(7.0)))
    path = f"/api/tracks/{track['id']}"
    for part in PARTS:
        status, answer, _ = ask(one, f"{path}/{part}", Cookie=cookie)
        assert status == 200, part
        assert ask(two, f"{path}/{part}", Cookie=cookie)[:2] == (200, answer), part
    assert ask(two, f"{path}/peaks")[0] == 404  # without the cookie
    renamed = ask(
        two, path, method="PATCH", body=b'{"title": "Ours"}', Cookie=cookie, **{"Content-Type": "application/json"}
    )
    assert renamed[0] == 200
    listed = [ask(port, "/api/tracks", Cookie=cookie)[1] for port in hall.ports]
    assert listed[0] == listed[1]
    assert json.loads(listed[0])["tracks"][-1]["title"] == "Ours"
    assert ask(two, path, method="DELETE", Cookie=cookie)[0] == 204
    for port in hall.ports:
        assert ask(port, f"{path}/audio", Cookie=cookie)[0] == 404


def test_limits_count_over_both_hosts(hall: Hall) -> None:
    cookie = ""
    for number in range(3):
        _, cookie = posted(hall.ports[number % 2], encoded(chord(4.0 + number)), cookie)
    for port in hall.ports:
        assert ask(port, "/api/tracks", method="POST", body=form(b"x"), Cookie=cookie, **FORM)[0] == 409
    first, second = (Listener(port, cookie=cookie) for port in hall.ports)
    assert first.hello(16_000)["type"] == "header"
    assert "You listen to 1 sounds already" in second.hello()["problem"]["detail"]
    second.all_told()
    first.socket.send(SOUNDS[16_000][:60_000])
    first.say(type="end")
    assert first.all_told()[-1]["type"] == "end"
    for listener in (first, second):
        listener.socket.thread.join(5)


def test_while_redis_is_away_samples_go_on_and_nothing_is_lost(hall: Hall) -> None:
    one, two = hall.ports
    track, cookie = posted(one, encoded(chord(8.0)))
    sample = json.loads(ask(one, "/api/tracks")[1])["tracks"][0]["id"]
    hall.kill_redis()
    status, answer, headers = ask(two, f"/api/tracks/{track['id']}/scores", Cookie=cookie)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "What the hosts share cannot be reached" in json.loads(answer)["detail"]
    status, answer, _ = ask(two, "/ready")
    assert (status, json.loads(answer)["checks"]["redis"]) == (503, "Redis does not answer")
    assert ask(two, "/health")[0] == 200
    for part in PARTS:
        assert ask(two, f"/api/tracks/{sample}/{part}", **{"X-Forwarded-For": "192.0.2.1"})[0] == 200, part
    assert ask(two, "/api/tracks", method="POST", body=form(encoded(chord(9.0))), **FORM)[0] == 503
    hall.start_redis()
    for port in hall.ports:
        assert ask(port, f"/api/tracks/{track['id']}/scores", Cookie=cookie)[0] == 200
        assert ask(port, "/ready")[0] == 200


def test_a_redis_that_is_not_there_prevents_the_start(tmp_path: Path, samples_folder: Path) -> None:
    address = f"redis://127.0.0.1:{servers.free_port()}/0"
    process = start(tmp_path, "gunicorn", GENRE_REDIS=address, GENRE_SAMPLES_FOLDER=str(samples_folder))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "error: Redis does not answer at GENRE_REDIS" in errors


@pytest.mark.skipif("nginx" in servers.missing(), reason="nginx is not installed")
def test_behind_nginx_either_answers_and_one_that_is_killed_is_passed_over(hall: Hall, tmp_path: Path) -> None:
    """Last of this file: one of the hosts does not survive it."""
    port = servers.free_port()
    config = (PROJECT_FOLDER / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    config = config.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{tmp_path}/")
    for name, number in zip(("page1:8050", "page2:8050"), hall.ports, strict=True):
        config = config.replace(name, f"127.0.0.1:{number}")
    with servers.nginx(tmp_path, config, port):
        track, cookie = posted(port, encoded(chord(10.0)))
        path = f"/api/tracks/{track['id']}"
        answers = {part: ask(port, f"{path}/{part}", Cookie=cookie)[:2] for part in PARTS}
        assert {status for status, _ in answers.values()} == {200}
        for _ in range(3):
            for part, answer in answers.items():
                assert ask(port, f"{path}/{part}", Cookie=cookie)[:2] == answer, part
        assert re.fullmatch(r"[0-9a-f]{32}", ask(port, "/health")[2]["X-Request-ID"])  # as nginx named it
        assert ask(port, "/metrics")[0] == 404
        listener = Listener(port, cookie=cookie)
        assert listener.hello(16_000)["type"] == "header"
        listener.socket.send(SOUNDS[16_000][:60_000])
        listener.say(type="end")
        assert listener.all_told()[-1]["type"] == "end"
        listener.socket.thread.join(5)
        for pid in (hall.pids[0], *workers_of(hall.pids[0])):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        for part, answer in answers.items():
            assert ask(port, f"{path}/{part}", Cookie=cookie)[:2] == answer, part
