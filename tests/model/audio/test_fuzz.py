"""Three hundred damaged files: none crashes the decoder, hangs, or gives anything but sound or an error of its own."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="its limit of memory is set by Unix's resource module")
def test_damaged_files_are_heard_or_refused() -> None:
    from tests.model.audio.fuzz import run

    result = run(300, seed=7)
    assert result["faults"] == {}
    assert sum(result["outcomes"].values()) == 300
    assert result["outcomes"]["heard"] > 50
    assert result["longest_seconds"] < 10
    assert result["peak_memory_mib"] < 600
