"""The scores of a track over HTTP: streamed, kept as they were told, and as a table."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from flask.testing import FlaskClient

from dashboard.listening.scoring import Scoring
from dashboard.services import Services
from tests.conftest import Visitor
from tests.dashboard.api.test_tracks import first, messages, upload

__all__ = ["first"]  # a fixture


def test_scores(client: FlaskClient, first: str, services: Services) -> None:
    header, *windows, summary, end = messages(client, first + "/scores?hop=0.5")
    assert header["n_windows"] == len(windows) == 5
    assert header["model"]["sha256"] == services.card.files["litert"].sha256
    assert summary["p"] == windows[-1]["so_far"]["p"]
    assert end == {"type": "end"}


def test_scores_that_were_told_are_told_again_without_the_network(
    client: FlaskClient, visitor: Visitor, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = client.get(first + "/scores?hop=0.5").data
    monkeypatch.setattr(Scoring, "open", lambda *_: pytest.fail("scored again"))
    again = visitor().get(first + "/scores?hop=0.50")
    assert (again.data, again.mimetype) == (told, "application/x-ndjson")
    packed = client.get(first + "/scores?hop=0.5", headers={"Accept-Encoding": "gzip"})
    assert (gzip.decompress(packed.data), packed.headers["Content-Encoding"]) == (told, "gzip")
    had = client.get(first + "/scores?hop=0.5", headers={"If-None-Match": packed.headers["ETag"]})
    assert (had.status_code, had.data) == (304, b"")


def test_scores_of_another_hop_or_after_removal_are_made_anew(client: FlaskClient, wav: bytes) -> None:
    own = "/api/tracks/" + upload(client, wav).json["id"]
    kept = {hop: client.get(f"{own}/scores?hop={hop}").data for hop in (0.5, 1)}
    assert [messages(client, f"{own}/scores?hop={hop}")[0]["hop_samples"] for hop in kept] == [11_025, 22_050]
    client.delete(own)
    assert client.get(own + "/scores?hop=0.5").status_code == 404
    upload(client, wav)
    assert client.get(own + "/scores?hop=0.5").data == kept[0.5]


def test_scores_begin_at_half_a_second_hops(client: FlaskClient, first: str) -> None:
    assert messages(client, first + "/scores")[0]["hop_samples"] == 11_025


def test_head_of_scores_scores_nothing(
    client: FlaskClient, first: str, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = client.head(first + "/scores")
    assert (response.status_code, response.data) == (200, b"")
    assert messages(client, first + "/scores")[-1] == {"type": "end"}


def test_the_table_holds_the_streams_numbers(client: FlaskClient, first: str) -> None:
    response = client.get(first + "/scores.csv?hop=1")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    header, *windows, _, _ = messages(client, first + "/scores?hop=1")
    assert [[float(row[genre]) for genre in header["genres"]] for row in rows] == [w["p"] for w in windows]
    assert [float(row["end_seconds"]) * 22_050 for row in rows] == pytest.approx([w["end"] for w in windows])
