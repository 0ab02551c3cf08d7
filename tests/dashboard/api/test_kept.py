"""The file of a track comes back as it was, to its owner alone."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.api.kept import file_name_of
from tests.conftest import Visitor
from tests.dashboard.records import track_record
from tests.sounds import chord, encoded

FILE = encoded(chord(4.0), format="OGG")


def test_a_file_comes_back_byte_for_byte_under_its_name(client: FlaskClient) -> None:
    sent = client.post("/api/tracks", data={"file": (io.BytesIO(FILE), "my song.ogg")})
    address = f"/api/tracks/{sent.json['id']}/file"
    answer = client.get(address, buffered=True)
    assert answer.data == FILE
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my song.ogg"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    part = client.get(address, headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, FILE[10:20])


def test_it_is_nobody_elses(client: FlaskClient, visitor: Visitor) -> None:
    sent = client.post("/api/tracks", data={"file": (io.BytesIO(FILE), "my song.ogg")})
    assert visitor().get(f"/api/tracks/{sent.json['id']}/file").status_code == 404


@pytest.mark.parametrize(
    ("title", "format", "name"),
    [
        ("Microphone, 10:32", "FLAC PCM_16, 48000 Hz, mono", "Microphone, 10:32.flac"),
        ("song.flac", "FLAC, 44100 Hz, stereo", "song.flac"),
        ("98.5 live", "M4A AAC, 44100 Hz, stereo", "98.5 live.m4a"),
    ],
)
def test_what_has_no_ending_is_given_one(title: str, format: str, name: str, tmp_path: Path) -> None:
    assert file_name_of(replace(track_record(tmp_path), title=title, format=format)) == name
