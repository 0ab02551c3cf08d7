"""Scores as bytes: NDJSON and the table hold the same numbers, and say where they break off."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboard.api.streams import csv_rows, line, ndjson
from dashboard.decoding.decoders import shared_decoders
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.scoring import Reader, Scoring
from model.audio.limits import Limits
from model.classifier import Classifier
from model.params import AudioParams
from model.scorer import Scorer
from tests.dashboard.records import track_record


@pytest.fixture
def song(tmp_path: Path) -> TrackRecord:
    return track_record(tmp_path)


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


@pytest.fixture
def scoring() -> Iterator[Scoring]:
    sounds = Sounds(AudioParams(), Limits(), decoders=shared_decoders(), cache_bytes=10**7, max_jobs=1)
    scoring = Scoring(sounds, cache_bytes=10**6, max_jobs=1, max_waiting=1)
    yield scoring
    scoring.close()


@pytest.fixture
def reader(song: TrackRecord, scoring: Scoring, scorer: Scorer) -> Reader:
    return scoring.open(song, scorer, 0.5)


@pytest.fixture
def kept() -> list[bytes]:
    """What is asked to be kept."""
    return []


def read(reader: Reader, kept: list[bytes] | None = None) -> list[dict]:
    return [
        json.loads(line) for line in b"".join(ndjson(reader, "/x", None if kept is None else kept.append)).splitlines()
    ]


def test_a_stream_is_header_windows_summary_end(reader: Reader) -> None:
    messages = read(reader)
    kinds = [message["type"] for message in messages]
    assert kinds == ["header", *["window"] * messages[0]["n_windows"], "summary", "end"]
    assert [message["index"] for message in messages[1:-2]] == list(range(messages[0]["n_windows"]))
    assert messages[-3]["end"] == messages[0]["duration_samples"]
    assert messages[-3]["so_far"]["p"] == messages[-2]["p"]


def test_a_whole_stream_is_kept_as_it_was_told(reader: Reader, kept: list[bytes]) -> None:
    told = read(reader, kept)
    assert [[json.loads(row) for row in stream.splitlines()] for stream in kept] == [told]


def test_the_table_holds_the_same_numbers(reader: Reader) -> None:
    header, *windows, _, _ = read(reader)
    rows = list(csv.DictReader(io.StringIO("".join(csv_rows(reader)))))
    assert [row["index"] for row in rows[:3]] == ["0", "1", "2"]
    assert [row["end_seconds"] for row in rows[:3]] == ["3.000000", "3.500000", "4.000000"]
    for row, window in zip(rows, windows, strict=True):
        assert (row["state"], float(row["level_dbfs"])) == (window["state"], window["level_dbfs"])
        read_back = np.array([row[genre] for genre in header["genres"]], np.float32)
        assert np.array_equal(read_back, np.array(window["p"], np.float32))


def test_a_message_is_one_line() -> None:
    detail = "a\nb\u2028ü lasts 1 s"
    problem = {"type": "t", "title": "t", "status": 422, "detail": detail, "instance": "/x"}
    written = line({"type": "error", "problem": problem})  # type: ignore[typeddict-item]
    assert written.count(b"\n") == 1
    assert written.endswith(b"\n")
    assert json.loads(written)["problem"]["detail"] == detail


def test_what_breaks_off_ends_with_its_problem(
    song: TrackRecord, scoring: Scoring, scorer: Scorer, kept: list[bytes]
) -> None:
    song.path.write_bytes(b"no sound at all")
    *_, last = read(scoring.open(song, scorer, 0.5), kept)
    assert not kept
    assert (last["type"], last["problem"]["status"], last["problem"]["instance"]) == ("error", 415, "/x")
    *_, row = csv.reader(io.StringIO("".join(csv_rows(scoring.open(song, scorer, 0.5)))))
    assert row == ["", "", "", "error", last["problem"]["detail"]]


def test_numbers_that_json_has_not_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        line({"type": "window", "level_dbfs": float("nan")})  # type: ignore[typeddict-item]
