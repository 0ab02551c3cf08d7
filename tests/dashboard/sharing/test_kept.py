"""Results that are kept: whole or not at all, within their room, forgotten when they should be."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from dashboard.sharing import kept as kept_module
from dashboard.sharing.kept import KeptOnDisk


def keeper(folder: Path, *, max_bytes: int = 10**6, seconds: float = 3600.0) -> KeptOnDisk:
    return KeptOnDisk(folder / "kept", max_bytes=max_bytes, seconds=seconds)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_one_worker_keeps_another_finds(tmp_path: Path) -> None:
    keeper(tmp_path).put("scores", b"a", of="1" * 32)
    other = keeper(tmp_path)
    assert other.get("scores", of="1" * 32) == b"a"
    assert other.get("scores", of="2" * 32) is None
    assert other.get("picture", of="1" * 32) is None


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content])
def test_a_damaged_result_is_no_result(tmp_path: Path, damage: object, caplog: pytest.LogCaptureFixture) -> None:
    kept = keeper(tmp_path)
    kept.put("scores", b"abc" * 100, of="1" * 32)
    (path,) = files(tmp_path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert kept.get("scores", of="1" * 32) is None
    assert "damaged" in caplog.text
    kept.put("scores", b"new", of="1" * 32)
    assert kept.get("scores", of="1" * 32) == b"new"


def test_a_full_disk_keeps_nothing_and_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = keeper(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(kept_module, "seal", full)
        kept.put("scores", b"a", of="1" * 32)
    assert kept.get("scores", of="1" * 32) is None
    assert not files(tmp_path)
    assert "No space left" in caplog.text
    kept.put("scores", b"a", of="1" * 32)
    assert kept.get("scores", of="1" * 32) == b"a"


def test_the_least_recently_used_make_room(tmp_path: Path) -> None:
    kept = keeper(tmp_path, max_bytes=10_000)
    for number in range(5):
        kept.put("scores", bytes(1_900), of=f"{number:032d}")
        for path in files(tmp_path):
            status = path.stat()
            os.utime(path, (status.st_atime, status.st_mtime - 10))  # a file's time is not finer everywhere
    assert kept.get("scores", of=f"{0:032d}")
    kept.put("scores", bytes(1_900), of=f"{5:032d}")
    assert [kept.get("scores", of=f"{number:032d}") is not None for number in range(6)] == [
        True,
        False,
        False,
        *[True] * 3,
    ]


def test_a_track_is_forgotten_with_all_that_was_made_of_it(tmp_path: Path) -> None:
    kept = keeper(tmp_path)
    for key in ("scores", "picture"):
        kept.put(key, b"a", of="1" * 32)
    kept.put("scores", b"b", of="2" * 32)
    kept.forget("1" * 32)
    assert kept.get("scores", of="1" * 32) is kept.get("picture", of="1" * 32) is None
    assert kept.get("scores", of="2" * 32) == b"b"


def test_what_nobody_used_for_long_and_what_a_killed_worker_left_goes(tmp_path: Path) -> None:
    kept = keeper(tmp_path, max_bytes=100)
    kept.put("old", b"a", of="1" * 32)
    (old,) = files(tmp_path)
    left = old.with_suffix(".new")
    left.write_bytes(b"half")
    before = time.time() - 7200
    for path in (old, left):
        os.utime(path, (before, before))
    kept.put("new", bytes(50), of="2" * 32)
    assert not old.exists()
    assert not left.exists()


def test_writers_and_readers_side_by_side_see_whole_results(tmp_path: Path) -> None:
    results = [bytes([number]) * 20_000 for number in range(4)]
    faults: list[bytes | None] = []

    def write(content: bytes) -> None:
        kept = keeper(tmp_path)
        for _ in range(50):
            kept.put("scores", content, of="1" * 32)
            if (found := kept.get("scores", of="1" * 32)) not in results:
                faults.append(found)

    threads = [threading.Thread(target=write, args=[content]) for content in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(files(tmp_path)) == 1
