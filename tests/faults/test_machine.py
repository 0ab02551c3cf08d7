"""Faults of the machine: a disk that is full under a take, a clock that jumps."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboard.errors import StorageFullError, UnknownTrackError
from dashboard.library.library import Library
from dashboard.library.takes import Take
from dashboard.settings import Settings
from model.params import AudioParams
from tests.dashboard.library.test_library import add


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_take_on_a_full_disk_is_refused_at_its_end_and_does_not_disturb_listening(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (path := tmp_path / "take").symlink_to("/dev/full")
    take = Take(path, rate_hz=16_000, title="Microphone", max_seconds=60.0)
    noise = np.random.default_rng(0).integers(-9000, 9000, 16_000).astype("<i2").tobytes()
    for _ in range(20):
        take.write(noise)
    take.gap(8_000)
    with pytest.raises(StorageFullError, match="no room for the recording"):
        take.finish()
    take.discard()
    assert not path.is_symlink()
    assert caplog.text.count("cannot be written") == 1


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("jump_seconds", [-3 * 86_400, -3600, 3600, 20 * 3600])
def test_a_clock_that_jumps_within_the_kept_time_or_back_loses_no_upload(
    settings: Settings, jump_seconds: float
) -> None:
    clock = Clock()
    library = Library(replace(settings, upload_hours=24.0), AudioParams(), clock)
    track = add(library, "ann", b"one")
    clock.now += jump_seconds
    assert library.find(track.id, "ann") == track
    assert [record.id for record in library.tracks("ann")][-1] == track.id
    clock.now -= jump_seconds
    assert library.find(track.id, "ann") == track


def test_what_expired_is_swept_also_after_the_clock_went_back(settings: Settings) -> None:
    clock = Clock()
    library = Library(replace(settings, upload_hours=24.0), AudioParams(), clock)
    clock.now += 10 * 86_400  # wrong by days,
    library.tracks(None)
    clock.now -= 10 * 86_400  # and put right
    track = add(library, "ann", b"one")
    clock.now += 25 * 3600
    library.tracks(None)
    with contextlib.suppress(UnknownTrackError):
        pytest.fail(f"{library.find(track.id, 'ann').title} is still there")
    assert not list((settings.data_folder / "visitors").rglob("sound"))
