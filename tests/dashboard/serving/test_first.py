"""What a first visit asks for is made when the server starts."""

from __future__ import annotations

import threading
import time

import pytest
from dash import Dash
from flask import request

from dashboard.app import services_of
from dashboard.library.sounds import Sounds
from dashboard.listening.scoring import Scoring
from dashboard.page.first import first_addresses, first_files
from dashboard.serving.first import prepare


def test_a_first_visit_finds_everything_made(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    services = services_of(app)
    addresses = first_addresses(services)
    files = first_files(app.document)
    assert [address.rpartition("/")[2].partition("?")[0] for address in addresses] == ["scores", "peaks", "spectrogram"]
    for html in app.document.pages.values():
        assert all(f'"{address}"' in html for address in (*addresses, *files[:2]))
    prepare(app.server, (*addresses, *files), "localhost").join(20)
    for maker in (Scoring, "open"), (Sounds, "blocks"):
        monkeypatch.setattr(*maker, lambda *_: pytest.fail("made again"))
    client = app.server.test_client()
    assert [client.get(f"/{address}").status_code for address in addresses] == [200] * len(addresses)


def test_what_could_not_be_made_is_logged(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    prepare(app.server, ["api/tracks/0123/peaks?n=9"], "localhost").join(20)
    assert "could not be made: api/tracks/0123/peaks?n=9 gave 404" in caplog.text


def test_what_closes_waits_for_what_is_being_made_and_asks_for_no_more(app: Dash) -> None:
    services = services_of(app)
    asked: list[str] = []
    has_asked = threading.Event()

    @app.server.before_request
    def slow() -> None:
        asked.append(request.path)
        has_asked.set()
        time.sleep(0.2)

    thread = prepare(app.server, [*first_addresses(services), "health"], "localhost")
    assert has_asked.wait(10)
    services.close()
    assert not thread.is_alive()
    assert len(asked) == 1
