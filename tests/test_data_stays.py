"""What the data's README says to leave where it is, is in no file of the project: no title of GTZAN's tracks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from model.recordings import known_recordings

PROJECT = Path(__file__).parents[1]
LEAST_LETTERS = 16  # Shorter titles are plain words too: "the right one" stands in a comment.


def tracked() -> list[Path]:
    """Every text file that belongs to the project."""
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("no git here to say which files belong to the project")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    paths = [PROJECT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def test_no_title_of_the_data_is_in_the_project() -> None:
    titles = {tuple(words_of(recording.title)) for recording in known_recordings().values()}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for title in titles:
        if len(" ".join(title)) >= LEAST_LETTERS:
            by_first.setdefault(title[0], []).append(title)
    if not by_first:
        pytest.skip("GTZAN's index of artists is not here; GTZAN_HOME names the folder that has it")
    found = []
    for path in tracked():
        words = words_of(path.read_text(encoding="utf-8", errors="replace"))
        for at, word in enumerate(words):
            for title in by_first.get(word, ()):
                if tuple(words[at : at + len(title)]) == title:
                    found.append((str(path.relative_to(PROJECT)), " ".join(title)))
    assert found == []
