"""Limits on what is asked: so often for one, so much at a time for all; what is under way goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.settings import Settings

FAR = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def app(settings: Settings) -> Iterator[Dash]:
    limited = replace(
        settings, threads=4, max_concurrent_uploads=1, live_sessions=1, visitor_requests=3, address_requests=6
    )
    app = create_app(limited)
    yield app
    services_of(app).close()


def statuses(client: FlaskClient, n: int, address: str = "192.0.2.7", path: str = "/api/models") -> list[int]:
    return [client.get(path, environ_base={"REMOTE_ADDR": address}, buffered=True).status_code for _ in range(n)]


def test_one_address_may_ask_so_often_in_a_minute(visitor: object, app: Dash) -> None:
    client = app.server.test_client()
    assert statuses(client, 8) == [200] * 6 + [429] * 2
    assert statuses(client, 2, "192.0.2.8") == [200] * 2
    refused = client.get("/api/models", environ_base=FAR)
    assert refused.headers["Retry-After"] == "60"
    assert refused.json["type"] == "/api/problems/too-many-requests"
    assert "6 requests" in refused.json["detail"]
    assert statuses(client, 3, path="/health") == [200] * 3
    assert statuses(client, 3, path="/assets/vendor/LICENSE") == [200] * 3


def test_addresses_of_one_ipv6_network_count_as_one(app: Dash) -> None:
    client = app.server.test_client()
    assert statuses(client, 4, "2001:db8::1") + statuses(client, 4, "2001:db8::2") == [200] * 6 + [429] * 2
    assert statuses(client, 1, "2001:db8:1::1") == [200]


def test_one_visitor_may_ask_so_often_from_any_address(app: Dash) -> None:
    client = app.server.test_client()
    client.get("/api/tracks", environ_base=FAR)  # gives the cookie
    assert [statuses(client, 1, f"192.0.2.{number}")[0] for number in range(20, 25)] == [200] * 3 + [429] * 2
    assert statuses(app.server.test_client(), 1, "192.0.2.30") == [200]


def test_whoever_sits_at_this_machine_is_not_counted(app: Dash) -> None:
    client = app.server.test_client()
    client.get("/api/tracks")
    assert statuses(client, 20, "127.0.0.1") == [200] * 20


def test_an_address_behind_a_trusted_proxy_is_the_visitors(settings: Settings) -> None:
    app = create_app(replace(settings, proxies=1, address_requests=2))
    client = app.server.test_client()

    def ask(address: str) -> int:
        return client.get("/api/models", headers={"X-Forwarded-For": address}).status_code

    try:
        assert [ask("192.0.2.1") for _ in range(3)] == [200, 200, 429]
        assert ask("192.0.2.2") == 200
        assert ask("192.0.2.1, 192.0.2.9") == 200  # only what the last proxy saw is believed
        given = client.get("/health", headers={"X-Request-ID": "from-the-proxy"})
        assert given.headers["X-Request-ID"] == "from-the-proxy"
    finally:
        services_of(app).close()


def test_beyond_capacity_is_a_503_at_once_and_streams_under_way_go_on(app: Dash) -> None:
    track = app.server.test_client().get("/api/tracks").json["tracks"][2]["id"]
    streams = [app.server.test_client().get(f"/api/tracks/{track}/scores?hop=0.1", buffered=False) for _ in range(2)]
    refused = app.server.test_client().get("/api/models")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.json["title"] == "Too much is under way"
    assert "2 requests are under way" in refused.json["detail"]
    for path in ("/health", "/metrics"):
        assert app.server.test_client().get(path).status_code == 200
    assert 'genre_refused_requests_total{reason="capacity"} 1.0' in app.server.test_client().get("/metrics").text
    for stream in streams:
        assert stream.data.endswith(b'{"type":"end"}\n')
        stream.close()
    assert app.server.test_client().get("/api/models").status_code == 200


def test_no_request_is_counted_for_longer_than_it_lasts(app: Dash) -> None:
    def ask() -> None:
        client = app.server.test_client()
        for path in ("/api/models", "/api/nothing", "/api/tracks", "/assets/none"):
            client.get(path).close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert app.server.test_client().get("/api/models").status_code == 200
