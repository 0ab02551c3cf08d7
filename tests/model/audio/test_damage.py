"""What damage takes from a file is said: time that is lost, wherever in it, never goes unmentioned."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.audio.decode import decode
from model.errors import AudioError
from tests.sounds import chord, encoded

RATE_HZ = 44_100
SECONDS = 8.0
LEAST_LOST_SECONDS = 0.06  # 0.05, and what encoders add at the ends
MOST_BYTES = 6000
FORMS = {
    "song.flac": (),
    "song.mp3": (),
    "song.aac": (),
    "song.ogg": ("-c:a", "libvorbis"),
    "song.opus": (),
    "song.mka": ("-c:a", "flac"),
    "song.oga": ("-c:a", "flac"),
    "song.m4a": ("-movflags", "faststart"),
}
BARE = "song.aac"  # its frames bear neither number nor time: one that is gone leaves no trace


@cache
def whole(name: str) -> bytes:
    """Write a file of 8 s."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg here, which writes the files that are damaged")
    wav = encoded(chord(SECONDS, rate_hz=RATE_HZ), rate_hz=RATE_HZ)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        subprocess.run(["ffmpeg", "-v", "error", "-i", "-", *FORMS[name], str(path)], input=wav, check=True)
        return path.read_bytes()


def is_said(content: bytes) -> bool:
    """Tell whether all the time is there, or that something is missing is said."""
    try:
        track = decode(content)
    except AudioError:
        return True
    return len(track.warnings) > 0 or SECONDS - track.duration_seconds < LEAST_LOST_SECONDS


@pytest.mark.parametrize("name", FORMS)
def test_a_whole_file_has_no_warnings(name: str) -> None:
    track = decode(whole(name))
    assert track.warnings == ()
    assert abs(track.duration_seconds - SECONDS) < LEAST_LOST_SECONDS


@settings(max_examples=30, deadline=None)
@given(data=st.data(), place=st.floats(0.2, 1), n_bytes=st.integers(50, MOST_BYTES))
def test_time_that_is_lost_is_said(data: st.DataObject, place: float, n_bytes: int) -> None:
    kind = data.draw(st.sampled_from(["zeroed", "overwritten", "cut out"]))
    name = data.draw(st.sampled_from([name for name in FORMS if name != BARE]))
    content = whole(name)
    start = round(place * (len(content) - n_bytes - 100))
    between = {
        "zeroed": bytes(n_bytes),
        "overwritten": np.random.default_rng(n_bytes).bytes(n_bytes),
        "cut out": b"",
    }[kind]
    assert is_said(content[:start] + between + content[start + n_bytes :]), (name, kind, start, n_bytes)
