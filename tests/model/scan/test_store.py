"""The table on disk: whole parts only, one run at a time, small parts put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model.errors import ParameterError
from model.scan import store as module
from model.scan.store import Store, parts_of, read_rows

GENRES = ("polka", "march")


def rows_of(*paths: str, **more: Any) -> list[dict[str, Any]]:
    return [{"path": path, "p_polka": 0.25, "windows_part": ""} | more for path in paths]


def test_small_parts_are_put_together_and_replaced_rows_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGE_ROWS", 3)
    store = Store(tmp_path / "table", GENRES)
    for paths in (["a", "b"], ["c", "d", "e", "f"], ["a"], ["g", "b"]):
        store.write(rows_of(*paths), [])
    store.tidy([0, 1])
    assert [row["path"] for row in read_rows(tmp_path / "table").to_pylist()] == ["c", "d", "e", "f", "a", "g", "b"]
    assert len(parts_of(tmp_path / "table")) == 2
    assert [store.reader()(number)["path"] for number in range(7)] == ["c", "d", "e", "f", "a", "g", "b"]


def test_few_small_parts_are_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "table", GENRES)
    store.write(rows_of("a"), [])
    store.write(rows_of("b"), [])
    before = parts_of(tmp_path / "table")
    store.tidy([])
    assert parts_of(tmp_path / "table") == before


def test_the_last_row_of_a_path_counts_until_the_table_is_tidied(tmp_path: Path) -> None:
    store = Store(tmp_path / "table", GENRES)
    store.write(rows_of("a", "b"), [])
    store.write(rows_of("a", p_polka=0.75), [])
    assert {row["path"]: row["p_polka"] for row in read_rows(tmp_path / "table").to_pylist()} == {"b": 0.25, "a": 0.75}


def test_what_a_killed_run_left_unfinished_is_cleared_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "table", GENRES, tmp_path / "windows")
    store.write(rows_of("a"), [{"content_sha256": "x", "index": 0}])
    (tmp_path / "table" / ".part-000002-00.parquet.unfinished").write_bytes(b"half")
    orphan = tmp_path / "windows" / "part-000002-00.parquet"
    orphan.write_bytes((parts_of(tmp_path / "windows")[0]).read_bytes())
    with store.locked():
        assert not orphan.exists()
        assert not list((tmp_path / "table").glob("*unfinished"))
        assert len(parts_of(tmp_path / "windows")) == len(parts_of(tmp_path / "table")) == 1


def test_two_runs_cannot_write_one_table(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    one, other = Store(tmp_path / "table", GENRES), Store(tmp_path / "table", GENRES)
    with one.locked(), pytest.raises(ParameterError, match="Another scan"), other.locked():
        pass
    with other.locked():
        pass


def test_a_place_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="holds no table"):
        read_rows(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="cannot be made a folder"):
        Store(tmp_path / "file", GENRES)
