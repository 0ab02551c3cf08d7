"""The page's pure modules, tested by node's own test runner: no browser, no server."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OLDEST_NODE = 18


@cache
def node() -> str:
    """Path of a node that has a test runner; skips where there is none."""
    path = shutil.which("node")
    if path is None:
        pytest.skip(f"no node here; node {OLDEST_NODE} or newer runs these tests")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.match(r"v(\d+)", version)[1]) < OLDEST_NODE:
        pytest.skip(f"node is {version.strip()}; node {OLDEST_NODE} or newer runs these tests")
    return path


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_module(file: Path) -> None:
    done = subprocess.run([node(), "--test", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]|^\u2139 pass [1-9]", done.stdout, re.MULTILINE), done.stdout
