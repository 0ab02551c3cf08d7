"""Genre tags: what they say, what they should say, written with a way back. Nothing else of a file is touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, TCON
from mutagen.mp4 import MP4Tags

from model.errors import AudioError, ParameterError
from model.scan.library import ScannedTrack

_ID3V23: Final = (2, 3, 0)
_ID3V24: Final = (2, 4, 0)


@dataclass(frozen=True)
class Change:
    """A file's genre tag, before and after.

    Attributes
    ----------
    path : str
        The file.
    before, after : list of str
        The tag's values; none where there is no such tag.
    had_tags : bool
        Whether the file had tags of any kind.
    """

    path: str
    before: list[str]
    after: list[str]
    had_tags: bool


@dataclass(frozen=True)
class Refusal:
    """A file whose tag stays as it is, and why."""

    path: str
    why: str


def planned(tracks: Iterable[ScannedTrack]) -> Iterator[Change | Refusal]:
    """Tell what writing tags would do.

    Parameters
    ----------
    tracks : iterable of ScannedTrack
        Those without a genre are passed over, and those whose tag says it already.

    Yields
    ------
    Change or Refusal
        One a file: elsewhere, gone, changed since the scan, or of a kind without tags is refused.
    """
    for track in tracks:
        if track.genre is None:
            continue
        if "://" in track.path:
            yield Refusal(track.path, "is not on this machine")
        elif not Path(track.path).is_file():
            yield Refusal(track.path, "is gone")
        elif str(Path(track.path).stat().st_mtime_ns) != track.revision:
            yield Refusal(track.path, "has changed since the scan; scan again")
        else:
            yield from _planned(track.path, tag_of(track.genre))


def apply(change: Change, undo: TextIO) -> None:
    """Write a tag, and before that the way back.

    Parameters
    ----------
    change : Change
        From `planned`.
    undo : text file
        Gets a line of JSON.

    Raises
    ------
    AudioError
        If the file cannot be written.
    """
    print(json.dumps(asdict(change)), file=undo, flush=True)
    try:
        _write(change.path, change.after)
    except (OSError, mutagen.MutagenError) as error:
        raise AudioError(f"{change.path} cannot be written: {error}.") from error


def undone(undo: Path) -> Iterator[Change | Refusal]:
    """Give files the tags that they had.

    Parameters
    ----------
    undo : Path
        What `apply` wrote.

    Yields
    ------
    Change or Refusal
        One a file: from the tag as it was written to the one before it. A file whose tag was changed by another since
        is left alone.

    Raises
    ------
    ParameterError
        If this is no such file.
    """
    try:
        changes = [Change(**json.loads(line)) for line in undo.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, TypeError) as error:
        raise ParameterError(f"{undo} is no undo file that can be read ({error}).") from error
    for change in reversed(changes):
        try:
            audio = _opened(change.path)
            now = [] if audio is None else _genres(audio.tags)
            if now == change.before:
                continue
            if audio is None or now != change.after:
                yield Refusal(change.path, f"says {now} by now, not {change.after}")
                continue
            if change.had_tags:
                _write(change.path, change.before)
            else:
                audio.delete()
        except (OSError, mutagen.MutagenError) as error:
            yield Refusal(change.path, f"cannot be written ({error})")
            continue
        yield Change(change.path, change.after, change.before, change.had_tags)


def tag_of(genre: str) -> str:
    """Write a genre as tags do.

    Examples
    --------
    >>> tag_of("hiphop"), tag_of("jazz")
    ('Hip-Hop', 'Jazz')
    """
    return {"hiphop": "Hip-Hop"}.get(genre, genre.title())


def _planned(path: str, tag: str) -> Iterator[Change | Refusal]:
    try:
        audio = _opened(path)
    except mutagen.MutagenError as error:
        yield Refusal(path, f"cannot be read for its tags ({error})")
        return
    if audio is None:
        yield Refusal(path, "is of a kind that has no tags here")
        return
    if isinstance(audio.tags, ID3) and audio.tags.version < _ID3V23:
        yield Refusal(path, "has tags of before the year 2000 (ID3v2.2), all of which would have to be written anew")
        return
    before = _genres(audio.tags)
    if before != [tag]:
        yield Change(path, before, [tag], had_tags=audio.tags is not None)


def _opened(path: str) -> Any:
    """Open a file's tags as they stand: mutagen would else turn ID3v2.3 into v2.4. None for a file without tags."""
    audio = mutagen.File(path)
    return type(audio)(path, translate=False) if audio is not None and isinstance(audio.tags, ID3) else audio


def _key(tags: Any) -> str:
    """Name the genre's field in tags of a kind; those of Vorbis call it by its name."""
    kinds = {ID3: "TCON", MP4Tags: "\xa9gen", APEv2: "Genre", ASFTags: "WM/Genre"}
    return next((key for kind, key in kinds.items() if isinstance(tags, kind)), "genre")


def _genres(tags: Any) -> list[str]:
    """Read a genre tag as it stands, one text a value."""
    field = None if tags is None else tags.get(_key(tags))
    if field is None:
        return []
    return [str(value) for value in (field.text if isinstance(field, TCON) else field)]


def _write(path: str, genres: list[str]) -> None:
    audio = _opened(path)
    if audio.tags is None:
        audio.add_tags()
    tags, key = audio.tags, _key(audio.tags)
    if not genres:
        if key in tags:
            del tags[key]
    elif isinstance(tags, ID3):
        tags.setall(key, [TCON(encoding=3, text=genres)])  # type: ignore[no-untyped-call]
    else:
        tags[key] = genres
    if isinstance(tags, ID3):
        audio.save(v2_version=3 if tags.version < _ID3V24 else 4)
    else:
        audio.save()
