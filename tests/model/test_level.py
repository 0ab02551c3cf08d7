"""Levels in dBFS, and silence."""

from __future__ import annotations

import numpy as np
import pytest

from model.level import is_silence, rms_dbfs


def test_full_scale_is_0_dbfs() -> None:
    square_wave = np.tile(np.float32([1, -1]), 500)
    assert rms_dbfs(square_wave) == pytest.approx(0)
    assert rms_dbfs(0.1 * square_wave) == pytest.approx(-20, abs=1e-4)


def test_an_offset_is_no_sound() -> None:
    assert is_silence(rms_dbfs(np.full(66_150, 0.05, np.float32)))
    square_wave = np.tile(np.float32([0.1, -0.1]), 500)
    assert rms_dbfs(square_wave + np.float32(0.05)) == pytest.approx(-20, abs=1e-4)


def test_digital_silence_has_a_finite_level() -> None:
    assert rms_dbfs(np.zeros(1000, np.float32)) == -160


def test_silence_begins_below_60_db() -> None:
    assert is_silence(-60.1)
    assert not is_silence(-60.0)


def test_a_soft_sound_far_off_centre_keeps_its_level() -> None:
    """The difference of two nearly equal squares: their means must be taken in double precision."""
    offset = np.float32(0.5)
    soft = np.tile(np.float32([2**-9, -(2**-9)]), 33_075)
    assert rms_dbfs(soft + offset) == pytest.approx(rms_dbfs(soft), abs=1e-3)
