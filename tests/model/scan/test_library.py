"""What a scanned library comes to: filters, the overview as text and page, playlists."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from model.cli import main
from model.scan.library import Filter, overview_of, read_library
from model.scan.library_page import overview_page
from model.scan.library_text import headline, overview_text
from model.scan.playlists import write_playlists
from model.scan.store import Store

GENRES = ("jazz", "polka", "march")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Seven rows: music in two folders, an unsure track, a silent one, one that cannot be heard."""
    (music := tmp_path / "music").mkdir()
    rows = []
    for name, state, scores in (
        ("cool/a.mp3", "music", (0.9, 0.1, 0.0)),
        ("cool/b.mp3", "music", (0.5, 0.4, 0.1)),
        ("cool/<i>c.mp3", "music", (0.2, 0.7, 0.1)),
        ("brass/d.mp3", "music", (0.75, 0.25, 0.0)),
        ("brass/e.mp3", "unsure", (0.3, 0.4, 0.3)),
        ("f.mp3", "silence", (0.33, 0.33, 0.34)),
        ("g.mp3", None, (None, None, None)),
    ):
        (path := music / name).parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        ranked = [genre for _, genre in sorted(zip(scores, GENRES, strict=True), key=lambda pair: -(pair[0] or 0))]
        is_music = state == "music"
        rows.append(
            {
                "path": str(path),
                "duration_seconds": 1800.0 if state else None,
                "state": state,
                "genre": ranked[0] if is_music else None,
                "second_genre": ranked[1] if is_music else None,
                "error": None if state else "it is broken",
            }
            | {f"p_{genre}": score for genre, score in zip(GENRES, scores, strict=True)}
        )
    Store(tmp_path / "genres.parquet", GENRES).write(rows, [])
    return tmp_path / "genres.parquet"


def names(table: Path, **how: Any) -> list[str]:
    chosen = Filter(**how)
    return [Path(track.path).name[0] for track in read_library(table)[1] if chosen.takes(track)]


def test_filters_hold_together(table: Path) -> None:
    assert sorted(names(table, genres=("jazz",))) == ["a", "b", "d"]
    assert sorted(names(table, genres=("jazz",), least=0.75)) == ["a", "d"]
    assert sorted(names(table, genres=("jazz", "polka"), most=0.7)) == ["<", "b"]
    assert names(table, state="error") == ["g"]
    assert names(table, state="unsure", path="*/brass/*") == ["e"]


def test_the_overview_counts_what_there_is(table: Path) -> None:
    overview = overview_of(*read_library(table))
    assert overview.states == {"music": 4, "unsure": 1, "silence": 1, "error": 1}
    assert overview.genres == {"jazz": 3, "polka": 1, "march": 0}
    assert overview.unsure_share == 1 / 5
    assert {folder: dict(counted) for folder, counted in overview.folders.items()} == {
        "cool": {"jazz": 2, "polka": 1},
        "brass": {"jazz": 1, None: 1},
        ".": {None: 2},
    }
    assert Path(overview.surest[0].path).name == "a.mp3"
    assert Path(overview.divided[0].path).name == "b.mp3"
    assert headline(overview) == "7 tracks, 3.0 hours; 20 % unsure; 1 error; 1 silence"
    text = overview_text(overview)
    assert "jazz   " + "█" * 40 in text
    assert "it is broken" in text


class Watched(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_holds_all_it_needs_and_only_text_of_the_files_names(table: Path) -> None:
    page = overview_page(overview_of(*read_library(table)), "mine & yours")
    (watched := Watched()).feed(page)
    assert watched.fetched == []
    assert "i" not in watched.tags
    assert "&lt;i&gt;c.mp3" in page
    assert "<title>mine &amp; yours</title>" in page
    assert "Each folder" in page


def test_playlists_hold_the_surest_first_and_leave_out_what_is_gone(table: Path, tmp_path: Path) -> None:
    _, tracks = read_library(table)
    (tmp_path / "music" / "brass" / "d.mp3").unlink()
    written = write_playlists(tracks, tmp_path / "lists")
    assert {path.name: n_tracks for path, n_tracks in written.items()} == {"jazz.m3u8": 2, "polka.m3u8": 1}
    lines = (tmp_path / "lists" / "jazz.m3u8").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert [Path(line).name for line in lines if not line.startswith("#")] == ["a.mp3", "b.mp3"]
    assert "#EXTINF:1800,a (0.90)" in lines


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], "most divided:"),
        (["--list", "--genre", "polka"], "polka 0.70, jazz 0.20"),
        (["--html", "page.html"], "page.html"),
        (["--m3u", "lists"], "jazz.m3u8: 3 tracks"),
    ],
)
def test_the_command_does_what_is_asked(
    table: Path, asked: list[str], expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(table.parent)
    assert main(["library", str(table), *asked]) == 0
    assert expected in capsys.readouterr().out


def test_a_place_without_a_table_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", str(tmp_path)]) == 2
    assert "holds no table of a scan" in capsys.readouterr().err


def test_a_scanned_table_can_be_looked_at(library: Path, scan: Callable[..., Any]) -> None:
    scan(library)
    genres, tracks = read_library(library.parent / "genres.parquet")
    overview = overview_of(genres, tracks)
    assert overview.n_tracks == 6
    assert overview.states["error"] == 1
    assert sum(overview.genres.values()) == overview.states.get("music", 0)
