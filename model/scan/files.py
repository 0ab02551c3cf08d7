"""The files of a library: a folder's, a list's, a bucket's; found one by one, so that memory stays small."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fsspec

from model.errors import ParameterError

SUFFIXES: Final = frozenset(
    {
        *(".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".ape", ".au", ".caf", ".dsf", ".flac", ".m4a", ".m4b"),
        *(".mka", ".mp2", ".mp3", ".mp4", ".mpc", ".oga", ".ogg", ".opus", ".snd", ".spx", ".tta", ".voc", ".wav"),
        *(".webm", ".wma", ".wv"),
    }
)
"""What a folder or a bucket is searched for. A list is taken as it is."""


@dataclass(frozen=True)
class FoundFile:
    """A file before it is opened.

    Attributes
    ----------
    address : str
        Where it lies: an absolute path, or a URL.
    size_bytes : int or None
        Its size; None where the storage is not asked beforehand.
    revision : str or None
        What the storage says of its present content: the time of the last change in nanoseconds, or the ETag. None
        where the storage is not asked beforehand.
    """

    address: str
    size_bytes: int | None = None
    revision: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is opened as a path."""
        return "://" not in self.address

    @property
    def label(self) -> str:
        r"""The address as text that can be stored and printed; bytes that are no text are written as ``\xe9``."""
        return self.address.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def find_files(where: str) -> Iterator[FoundFile]:
    """Find the audio files of a library, in the order of their names.

    Parameters
    ----------
    where : str
        A folder, searched with its folders; ``s3://bucket/prefix``; one audio file; or else a text file that names one
        file a line (a path, relative to the list's own folder, or a URL), which may itself be a URL.

    Yields
    ------
    FoundFile
        One by one: nothing grows with their number but the largest folder's listing.

    Raises
    ------
    ParameterError
        If there is nothing at this place, or it cannot be listed.
    """
    try:
        if "://" not in where:
            yield from _find_here(Path(where))
        elif where.startswith(("http://", "https://")):
            yield from _of_list(where, base=None)
        else:
            yield from _find_there(where)
    except (OSError, ImportError, ValueError) as error:
        raise ParameterError(
            f"{where} cannot be listed ({error}); name a folder, a list of files, or s3://..."
        ) from error


def _find_here(path: Path) -> Iterator[FoundFile]:
    if path.is_dir():
        yield from _of_folder(str(path.absolute()))
    elif path.suffix.lower() in SUFFIXES:
        yield _local(str(path.absolute()))
    else:
        yield from _of_list(str(path), base=path.absolute().parent)


def _of_folder(folder: str) -> Iterator[FoundFile]:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _of_folder(entry.path)
        elif Path(entry.name).suffix.lower() in SUFFIXES and not entry.name.startswith(
            "._"
        ):  # "._": macOS's shadow files
            yield _local(entry.path)


def _local(path: str) -> FoundFile:
    """Describe a file by its path; where it cannot be asked, its row will say why."""
    try:
        status = Path(path).stat()
    except OSError:
        return FoundFile(path)
    return FoundFile(path, status.st_size, str(status.st_mtime_ns))


def _of_list(where: str, base: Path | None) -> Iterator[FoundFile]:
    with fsspec.open(where, "rb") as lines:
        for raw in lines:
            line = os.fsdecode(raw).strip()
            if not line or line.startswith("#"):  # an M3U playlist is a list, too
                continue
            if "://" in line:
                yield FoundFile(line)
            elif base is not None:
                yield _local(str(base / line))
            else:
                raise ParameterError(f"{where} names {line}; a list from the web must name files by whole addresses.")


def _find_there(where: str) -> Iterator[FoundFile]:
    storage, root = fsspec.core.url_to_fs(where, use_listings_cache=False)
    protocol = where.partition("://")[0]
    if not storage.exists(root):
        raise FileNotFoundError(f"{where} does not exist")
    for _, _, files in storage.walk(root, detail=True):
        for name, about in sorted(files.items()):
            if Path(name).suffix.lower() in SUFFIXES:
                yield FoundFile(f"{protocol}://{about['name']}", about.get("size"), _revision(about))


def _revision(about: dict[str, Any]) -> str | None:
    """Take what tells one content of an object from the next; an ETag where there is one."""
    stated = about.get("ETag") or about.get("LastModified") or about.get("mtime")
    return None if stated is None else str(stated).strip('"')
