"""The page comes in the language that the browser asks for, or that someone has chosen; the service speaks English."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.api.language import COOKIE

GERMAN = "de-AT,de;q=0.9,en;q=0.8"


@pytest.mark.parametrize(
    ("accepted", "chosen", "language"),
    [
        ("en-GB", None, "en"),
        (GERMAN, None, "de"),
        (GERMAN, "en", "en"),
        ("en", "de", "de"),
        ("fr", None, "en"),
        ("fr;q=1, de;q=0.4, en;q=0.3", "klingon", "de"),
        ("", None, "en"),
        (";;q=x, ,", None, "en"),
    ],
)
def test_the_page_is_in_the_language_asked_for(client: FlaskClient, accepted: str, chosen: Any, language: str) -> None:
    if chosen:
        client.set_cookie(COOKIE, chosen)
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert answer.headers["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert f'<html lang="{language}">' in answer.text
    assert f"manifest.webmanifest?language={language}" in answer.text
    assert json.loads(client.get(f"/manifest.webmanifest?language={language}").text)["lang"] == language


def test_only_the_texts_of_one_language_are_sent_and_only_those_that_the_modules_use(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": GERMAN})
    found = re.search(r'<script type="application/json" id="texts">(.*?)</script>', answer.text, re.DOTALL)
    assert found
    sent = json.loads(found[1])
    assert sent["player.pause"] == "Anhalten"
    assert "card.question" not in sent
    assert "Wie gut ist das?" in answer.text
    assert "How good is this?" not in answer.text


def test_the_service_speaks_english_whatever_the_browser_asks_for(client: FlaskClient) -> None:
    answer = client.get("/api/tracks/" + "0" * 32, headers={"Accept-Language": GERMAN})
    problem = client.get("/api/tracks/nothing/peaks", headers={"Accept-Language": GERMAN}).json
    assert answer.status_code in (404, 405)
    assert problem["title"] == client.get("/api/tracks/nothing/peaks").json["title"]
