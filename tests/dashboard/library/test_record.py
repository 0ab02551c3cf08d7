"""Track records: titles from any file name, lengths known before decoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.library.record import resampled_length, safe_title
from model.audio.limits import AudioInfo
from model.params import AudioParams


@given(n_frames=st.integers(44_100, 500_000), rate_hz=st.sampled_from([8000, 16_000, 22_050, 44_100, 48_000]))
def test_length_is_known_before_decoding(n_frames: int, rate_hz: int) -> None:
    import numpy as np
    import soxr

    stream = soxr.ResampleStream(rate_hz, 22_050, 1, dtype="float32", quality="HQ")
    n = len(stream.resample_chunk(np.zeros(n_frames, np.float32), last=True)) if rate_hz != 22_050 else n_frames
    assert resampled_length(AudioInfo("WAV PCM_16", rate_hz, 1, n_frames), AudioParams()) == n


@given(st.text())
def test_any_file_name_makes_a_short_harmless_title(file_name: str) -> None:
    title = safe_title(file_name)
    assert 0 < len(title) <= 120
    assert title.isprintable()
    assert not set(title) & set("/\\")


@pytest.mark.parametrize(
    ("file_name", "title"),
    [
        (None, "untitled"),
        ("C:\\Music\\song.wav", "song.wav"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.wav", "a b .wav"),
        ("\u202egnp.wav", "gnp.wav"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_titles(file_name: str | None, title: str) -> None:
    assert safe_title(file_name) == title
