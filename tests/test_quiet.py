"""Turns of tests: alone means alone, and nobody waits for ever."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from tests.quiet import turn

# Holds a turn, says so, and ends when its input is closed.
HOLDER = """
import sys
from pathlib import Path
from tests.quiet import turn
with turn(alone=sys.argv[2] == "alone", folder=Path(sys.argv[1])):
    print("here", flush=True)
    sys.stdin.read()
print("gone", flush=True)
"""


def holder(folder: Path, kind: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(timeout=20)
    process.stdout.close()


def test_two_run_side_by_side_and_who_wants_to_be_alone_waits_and_is_next(tmp_path: Path) -> None:
    first, second = holder(tmp_path, "beside"), holder(tmp_path, "beside")
    assert [said(first), said(second)] == ["here", "here"]
    alone = holder(tmp_path, "alone")
    heard: list[str] = []
    listener = threading.Thread(target=lambda: heard.append(said(alone)))
    listener.start()
    listener.join(0.5)
    assert heard == []
    end(first)
    listener.join(0.2)
    assert heard == []
    later = holder(tmp_path, "beside")
    end(second)
    listener.join(20)
    assert heard == ["here"]
    waiting = threading.Thread(target=lambda: heard.append(said(later)))
    waiting.start()
    waiting.join(0.5)
    assert heard == ["here"]
    end(alone)
    waiting.join(20)
    assert heard == ["here", "here"]
    end(later)


def test_a_process_that_is_killed_gives_its_turn_back(tmp_path: Path) -> None:
    killed = holder(tmp_path, "alone")
    assert said(killed) == "here"
    killed.kill()
    with turn(alone=True, folder=tmp_path):
        end(killed)
