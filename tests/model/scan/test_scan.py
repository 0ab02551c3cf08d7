"""A scan's table: the scores of ``classify``, nothing done twice, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from model.analyzer import Analyzer
from model.audio.decode import Decoding
from model.checkpoint import Card, WeightsFile
from model.classifier import Classifier
from model.errors import ParameterError
from model.result import classify_file
from model.scan.scan import Tally
from model.scan.store import Store, parts_of
from model.scan.work import Listener
from model.scorer import Scorer
from tests.model.scan.conftest import HOP_SECONDS, Here

Scan = Callable[..., Tally]
Rows = Callable[..., dict[str, dict[str, Any]]]


def test_a_row_is_what_classify_answers_to_the_last_digit(library: Path, scan: Scan, rows: Rows, card: Card) -> None:
    scan(library, windows=True)
    windows = pq.read_table(library.parent / "windows.parquet").to_pylist()
    analyzer = Analyzer(Scorer(Classifier()), hop_seconds=HOP_SECONDS)
    for name, row in rows().items():
        if name == "broken.mp3":
            continue
        with Decoding(row["path"]) as decoding:
            result = classify_file(analyzer, decoding)
        for told in ("state", "genre", "duration_seconds", "segments", "warnings"):
            assert row[told] == result[told], (name, told)  # type: ignore[literal-required]
        for genre, probability in result["probabilities"].items():
            assert np.float32(row[f"p_{genre}"]) == np.float32(probability)
        of_track = [window for window in windows if window["content_sha256"] == row["content_sha256"]]
        assert len(of_track) == len(result["windows"])
        for window, expected in zip(of_track, result["windows"], strict=True):
            assert window["start_seconds"] == expected["start_seconds"]
            for genre, probability in expected["probabilities"].items():
                assert np.float32(window[f"p_{genre}"]) == np.float32(probability)
        assert (row["model"], row["model_sha256"]) == (card.name, card.files["litert"].sha256)


def test_what_cannot_be_heard_is_a_row_with_its_error(library: Path, scan: Scan, rows: Rows) -> None:
    (library / "list.txt").write_text("a.wav\nbroken.mp3\nmissing.wav\n")
    tally = scan(library / "list.txt")
    assert (tally.n_found, tally.n_scored, tally.n_failed) == (3, 1, 2)
    assert "not audio" in rows()["broken.mp3"]["error"]
    assert "cannot be opened" in rows()["missing.wav"]["error"]
    assert rows()["a.wav"]["error"] is None


def test_a_second_run_reads_nothing(library: Path, scan: Scan, rows: Rows) -> None:
    scan(library)
    before = rows()

    class Nobody:
        def __enter__(self) -> None:
            raise AssertionError("workers were called, though all is done")

        def __exit__(self, *_: object) -> None: ...

    store = Store(library.parent / "genres.parquet", [name[2:] for name in before["a.wav"] if name.startswith("p_")])
    from model.checkpoint import DEFAULT_CHECKPOINT, read_card
    from model.scan.scan import Scan as Run

    with store.locked():
        tally = Run(store, read_card(DEFAULT_CHECKPOINT), HOP_SECONDS).run(str(library), Nobody)
    assert (tally.n_found, tally.n_done_before) == (6, 6)
    assert rows() == before


def test_only_what_changed_is_decoded_again(
    library: Path, scan: Scan, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(library)
    before = rows()
    decoded: list[str] = []

    class Watched(Decoding):
        def __init__(self, source: Any, **how: Any) -> None:
            decoded.append(Path(how["name"]).name)
            super().__init__(source, **how)

    monkeypatch.setattr("model.scan.work.Decoding", Watched)
    os.utime(library / "a.wav", ns=(1, 1))  # another time, the same sound
    (library / "b.flac").rename(library / "moved.flac")
    (library / "deeper" / "c.wav").write_bytes((library / "deeper" / "down" / "d.ogg").read_bytes() + b"\0")
    tally = scan(library)
    assert decoded == ["c.wav"]
    assert (tally.n_done_before, tally.n_known, tally.n_scored) == (3, 2, 1)
    after = rows()
    assert after["a.wav"] == before["a.wav"] | {"revision": "1"}
    moved = {"path": str(library / "moved.flac"), "revision": after["moved.flac"]["revision"]}
    assert after["moved.flac"] == before["b.flac"] | moved
    assert after["c.wav"]["content_sha256"] != before["c.wav"]["content_sha256"]
    assert len(after) == 7  # a file that is gone keeps its row
    assert sum(pq.read_metadata(part).num_rows for part in parts_of(library.parent / "genres.parquet")) == 7


def test_contents_are_checked_and_errors_tried_again_on_request(library: Path, scan: Scan, listener: Listener) -> None:
    scan(library)
    changed = bytearray((library / "a.wav").read_bytes())
    changed[-1] ^= 1
    status = (library / "a.wav").stat()
    (library / "a.wav").write_bytes(changed)
    os.utime(library / "a.wav", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(library).n_done_before == 6  # as rsync and make see it
    checked = scan(library, checks_content=True)
    assert (checked.n_scored, checked.n_known, checked.n_failed) == (1, 4, 1)
    assert scan(library, workers=(here := Here(listener)), retries_errors=True).n_failed == 1
    assert here.n_seen == 1


def test_another_model_scores_everything_anew(library: Path, scan: Scan, rows: Rows, card: Card) -> None:
    scan(library)
    weights = card.files["litert"]
    other = replace(card, name="other", files=card.files | {"litert": WeightsFile(weights.name, "0" * 64)})
    assert scan(library, card=other).n_done_before == 0
    assert {row["model"] for row in rows().values()} == {"other"}
    assert len(rows()) == 6


def test_windows_asked_for_later_are_added(library: Path, scan: Scan, rows: Rows) -> None:
    scan(library)
    tally = scan(library, windows=True)
    assert (tally.n_done_before, tally.n_scored) == (1, 5)  # the broken file has none
    assert scan(library, windows=True).n_done_before == 6
    names = {row["windows_part"] for row in rows().values() if row["error"] is None}
    assert names == {part.name for part in parts_of(library.parent / "windows.parquet")}


@pytest.mark.parametrize("n_seen", [0, 1, 4])
def test_a_stopped_run_keeps_what_is_done_and_goes_on(
    library: Path, scan: Scan, rows: Rows, listener: Listener, n_seen: int
) -> None:
    scan(library, table="undisturbed.parquet")
    with pytest.raises(KeyboardInterrupt):
        scan(library, workers=Here(listener, leaves_after=n_seen))
    tally = scan(library)
    assert (tally.n_done_before, tally.n_found) == (n_seen, 6)
    assert rows() == rows("undisturbed.parquet")


def test_a_table_of_other_genres_is_refused(library: Path, scan: Scan, card: Card) -> None:
    scan(library / "b.flac")
    with pytest.raises(ParameterError, match="other columns"):
        scan(library, card=replace(card, genres=("polka", "march")))
