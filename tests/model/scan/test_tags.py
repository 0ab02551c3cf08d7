"""Genre tags: a dry run writes nothing, an undo gives back exactly what was there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mutagen", reason="requires model/scan/requirements.txt")

import av
import mutagen
import mutagen.mp3
from mutagen.id3 import TCON, TYER

from model.cli import main
from model.scan.store import Store
from model.scan.tags import Change, Refusal, planned, undone
from tests.sounds import chord, encoded, write

FORMS = {"a.mp3": "MP3", "b.flac": "FLAC", "c.ogg": "OGG", "d.wav": "WAV", "e.m4a": "", "f.aiff": "AIFF"}


def m4a(path: Path, wav: Path) -> None:
    with av.open(str(wav)) as source, av.open(str(path), "w") as target:
        stream: Any = target.add_stream("aac", rate=source.streams.audio[0].rate)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A track of each form, all hip-hop; the MP3 says a number, the FLAC two genres and a title, the others nothing."""
    folder = tmp_path / "music"
    folder.mkdir()
    for name, form in sorted(FORMS.items(), key=lambda item: item[0] == "e.m4a"):
        if form:
            write(folder / name, encoded(chord(1.0), format=form))
        else:
            m4a(folder / name, folder / "d.wav")
    mp3 = mutagen.File(folder / "a.mp3")
    mp3.add_tags()
    mp3.tags.add(TCON(encoding=0, text=["(17)"]))
    mp3.tags.add(TYER(encoding=0, text=["1995"]))  # of ID3v2.3 alone
    mp3.save(v2_version=3)
    flac = mutagen.File(folder / "b.flac")
    flac["genre"], flac["title"] = ["Funk", "Soul"], ["kept"]
    flac.save()
    rows = [
        {
            "path": str(folder / name),
            "revision": str((folder / name).stat().st_mtime_ns),
            "genre": "hiphop",
            "p_hiphop": 1.0,
        }
        | {"state": "music"}
        for name in FORMS
    ]
    Store(tmp_path / "genres.parquet", ("hiphop",)).write(rows, [])
    return tmp_path / "genres.parquet"


KEYS = {"b.flac": "genre", "c.ogg": "genre", "e.m4a": "\xa9gen"}  # the others have ID3's


def genre_tags(table: Path) -> dict[str, list[str]]:
    found = {}
    for name in FORMS:
        audio = mutagen.File(table.parent / "music" / name)
        if name not in KEYS and audio.tags is not None:
            audio = type(audio)(audio.filename, translate=False)
        field = (audio.tags or {}).get(KEYS.get(name, "TCON"), [])
        found[name] = [str(value) for value in getattr(field, "text", field)]
    return found


def contents(table: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (table.parent / "music").iterdir()}


def test_a_dry_run_shows_what_would_change_and_writes_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(table)
    assert main(["library", str(table), "--write-tags"]) == 0
    told = capsys.readouterr().out
    assert "a.mp3: (17) -> Hip-Hop" in told
    assert "b.flac: Funk, Soul -> Hip-Hop" in told
    assert "e.m4a: no genre -> Hip-Hop" in told
    assert "nothing was written" in told
    assert contents(table) == before
    assert not list(table.parent.glob("*undo*"))


def test_tags_are_written_and_given_back(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = genre_tags(table)
    assert before["a.mp3"] == ["(17)"]
    assert main(["library", str(table), "--write-tags", "--yes"]) == 0
    assert genre_tags(table) == {name: ["Hip-Hop"] for name in FORMS}
    assert mutagen.File(table.parent / "music" / "b.flac")["title"] == ["kept"]
    mp3 = mutagen.mp3.MP3(table.parent / "music" / "a.mp3", translate=False)
    assert (mp3.tags.version, str(mp3["TYER"])) == ((2, 3, 0), "1995")  # not turned into another version
    (undo,) = table.parent.glob("genres-undo-*.jsonl")
    flac = mutagen.File(table.parent / "music" / "c.ogg")
    flac["genre"] = ["Trip-Hop"]  # by someone else, meanwhile
    flac.save()
    capsys.readouterr()
    assert main(["library", str(table), "--undo", str(undo)]) == 1
    assert "c.ogg says ['Trip-Hop'] by now" in capsys.readouterr().out
    assert genre_tags(table) == before | {"c.ogg": ["Trip-Hop"]}
    assert [step for step in undone(undo) if isinstance(step, Change)] == []  # given back once is enough


def test_what_changed_since_the_scan_is_left_alone(table: Path) -> None:
    from model.scan.library import read_library

    (table.parent / "music" / "a.mp3").touch()
    (table.parent / "music" / "b.flac").unlink()
    refused = {Path(plan.path).name: plan.why for plan in planned(read_library(table)[1]) if isinstance(plan, Refusal)}
    assert refused == {"a.mp3": "has changed since the scan; scan again", "b.flac": "is gone"}
