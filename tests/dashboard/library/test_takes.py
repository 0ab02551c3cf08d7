"""A take holds the very samples that came, at their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from dashboard.library.takes import Take
from tests.sounds import chord

RATE_HZ = 16_000


def pcm(seconds: float) -> bytes:
    return (chord(seconds, rate_hz=RATE_HZ, level=0.5) * 32_767).astype("<i2").tobytes()


def take(tmp_path: Path, max_seconds: float = 60.0) -> Take:
    (path := tmp_path / "take").touch()
    return Take(path, rate_hz=RATE_HZ, title="Microphone", max_seconds=max_seconds)


def written(tmp_path: Path) -> np.ndarray:
    samples, rate_hz = soundfile.read(tmp_path / "take", dtype="int16")
    assert rate_hz == RATE_HZ
    return samples


def test_every_sample_is_kept_however_the_bytes_were_cut(tmp_path: Path) -> None:
    content = pcm(3.3)
    growing = take(tmp_path)
    for start in range(0, len(content), 777):
        growing.write(content[start : start + 777])
    growing.finish()
    assert written(tmp_path).tobytes() == content
    assert growing.info.n_frames == len(content) // 2


def test_what_follows_a_gap_keeps_its_time(tmp_path: Path) -> None:
    content = pcm(1.5)
    growing = take(tmp_path)
    growing.write(content)
    growing.gap(40_000)
    growing.write(content)
    growing.finish()
    samples = written(tmp_path)
    assert len(samples) == 2 * 24_000 + 40_000
    assert not samples[24_000:64_000].any()
    assert samples[64_000:].tobytes() == content


def test_a_full_take_stays_as_it_is(tmp_path: Path) -> None:
    growing = take(tmp_path, max_seconds=2.0)
    growing.write(pcm(1.2))
    growing.gap(10**12)
    growing.write(pcm(1.2))
    growing.finish()
    assert growing.is_full
    assert len(written(tmp_path)) == 2 * RATE_HZ


def test_a_take_can_be_thrown_away(tmp_path: Path) -> None:
    growing = take(tmp_path)
    growing.write(pcm(1.2))
    growing.discard()
    assert not (tmp_path / "take").exists()
