"""What a library's files are: a folder's, a list's; each found without being opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from model.errors import ParameterError
from model.scan.files import FoundFile, find_files


def test_a_folder_gives_its_sound_files_with_size_and_time_in_order(library: Path) -> None:
    found = list(find_files(str(library)))
    names = [str(Path(file.address).relative_to(library)) for file in found]
    assert names == ["a.wav", "b.flac", "broken.mp3", "deeper/c.wav", "deeper/down/d.ogg", "e.wav"]
    status = (library / "a.wav").stat()
    assert found[0] == FoundFile(str(library / "a.wav"), status.st_size, str(status.st_mtime_ns))


def test_a_list_is_taken_as_it_is_relative_to_its_own_folder(library: Path) -> None:
    (playlist := library / "list.m3u8").write_text(
        "#EXTM3U\n\nb.flac\ndeeper/c.wav\nmissing.bin\nhttp://host/far.mp3\n"
    )
    found = list(find_files(str(playlist)))
    assert [file.address for file in found] == [
        str(library / "b.flac"),
        str(library / "deeper/c.wav"),
        str(library / "missing.bin"),
        "http://host/far.mp3",
    ]
    assert [file.revision is None for file in found] == [False, False, True, True]


def test_one_file_is_a_library_of_one(library: Path) -> None:
    assert [file.address for file in find_files(str(library / "b.flac"))] == [str(library / "b.flac")]


@pytest.mark.parametrize("where", ["nothing/here", "unknown://somewhere"])
def test_a_place_that_is_not_there_is_named(where: str) -> None:
    with pytest.raises(ParameterError, match=where):
        list(find_files(where))


def test_a_name_that_is_no_text_is_written_with_escapes(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"caf\xe9.wav")  # noqa: PTH118 -- paths are text
    try:
        open(name, "wb").close()  # noqa: PTH123
    except OSError:
        pytest.skip("this file system takes only names that are text")
    (found,) = find_files(str(tmp_path))
    assert found.label == f"{tmp_path}/caf\\xe9.wav"
    assert os.fsencode(found.address) == name


def test_links_to_folders_are_not_followed(library: Path) -> None:
    (library / "deeper" / "loop").symlink_to(library)
    assert len(list(find_files(str(library)))) == 6
