"""Where the tests find GTZAN, if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("GTZAN_HOME", Path(__file__).parents[2] / "shared" / "gtzan"))

needs_gtzan = pytest.mark.skipif(
    not (ROOT / "logmel.npz").exists(), reason=f"GTZAN is not in {ROOT}; name its folder with GTZAN_HOME"
)
