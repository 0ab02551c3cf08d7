"""The examples in docstrings run and give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

WITH_EXAMPLES = (
    "analyzer",
    "calibration",
    "classifier",
    "descriptors.window",
    "features",
    "level",
    "mel",
    "posteriors",
    "result",
    "segments",
    "summary",
    "windows",
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_give_what_they_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    failed, attempted = doctest.testmod(importlib.import_module(f"model.{name}"))
    assert attempted
    assert not failed
