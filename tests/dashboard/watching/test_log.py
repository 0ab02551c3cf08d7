"""Lines of log that programs read."""

from __future__ import annotations

import json
import logging

import pytest
from flask.testing import FlaskClient

from dashboard.watching.log import JsonFormatter


def test_a_line_is_one_object_with_the_id_of_its_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(
        caplog.handler, "emit", lambda record: lines.append(JsonFormatter().format(record))
    )  # while the request is at hand
    with caplog.at_level(logging.INFO, "dashboard"):
        response = client.get("/api/tracks/0/peaks")
    line = next(json.loads(each) for each in lines if '"status"' in each)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/tracks/0/peaks", 404)
    assert line["seconds"] >= 0
    assert line["level"] == "INFO"


def test_an_exception_and_odd_characters_stay_on_one_line() -> None:
    try:
        raise ValueError("broken\nin two")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Fault %s", ("ü\n",), (ValueError, error, None))
    written = JsonFormatter().format(record)
    assert "\n" not in written
    assert "broken" in json.loads(written)["exception"]
    assert json.loads(written)["message"] == "Fault ü\n"
