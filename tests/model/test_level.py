"""Levels in dBFS, and silence."""

from __future__ import annotations

import numpy as np
import pytest

from model.level import is_silence, rms_dbfs


def test_full_scale_is_0_dbfs() -> None:
    assert rms_dbfs(np.ones(1000, np.float32)) == pytest.approx(0)
    assert rms_dbfs(np.full(1000, 0.1, np.float32)) == pytest.approx(-20, abs=1e-4)


def test_digital_silence_has_a_finite_level() -> None:
    assert rms_dbfs(np.zeros(1000, np.float32)) == -160


def test_silence_begins_below_60_db() -> None:
    assert is_silence(-60.1)
    assert not is_silence(-60.0)
