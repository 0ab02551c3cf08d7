"""Sound to play: written once, whole, on the scores' axis of time, and playable while it is written."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dashboard.decoding.decoders import shared_decoders
from dashboard.errors import BusyError
from dashboard.library.growing import GrowingFile
from dashboard.library.played import Kind, Played
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from model.audio.decode import decode
from model.audio.limits import Limits
from model.errors import UnsupportedAudioError
from model.params import AudioParams
from tests.dashboard.records import track_record
from tests.sounds import chord, encoded, write


@pytest.fixture
def sounds() -> Sounds:
    return Sounds(AudioParams(), Limits(), decoders=shared_decoders(), cache_bytes=10**7, max_jobs=2)


@pytest.fixture
def played(sounds: Sounds, tmp_path: Path) -> Iterator[Played]:
    played = Played(sounds, tmp_path, max_bytes=10**7, max_jobs=2)
    yield played
    played.close()


@pytest.fixture
def stereo(tmp_path: Path) -> TrackRecord:
    """Five seconds at 44.1 kHz, left and right different."""
    left = chord(5.0, rate_hz=44_100)
    content = encoded(np.stack([left, left[::-1]], axis=1), rate_hz=44_100, subtype="FLOAT")
    path = write(tmp_path / "stereo", content)
    return TrackRecord("a" * 32, "Song", "upload", path, tmp_path / "a-", 110_250, "WAV FLOAT", 44_100, 2)


def content_of(file: GrowingFile) -> bytes:
    while not file.is_complete:
        file.wait_for(file.n_bytes - 1)
    return file.path.read_bytes()


def samples_of(file: GrowingFile) -> tuple[np.ndarray, int]:
    return soundfile.read(io.BytesIO(content_of(file)), dtype="float32", always_2d=True)


def test_the_original_is_played_in_its_channels_at_its_rate(played: Played, stereo: TrackRecord) -> None:
    samples, rate_hz = samples_of(played.file(stereo, "played"))
    original, _ = soundfile.read(stereo.path, dtype="float32")
    assert rate_hz == 44_100
    np.testing.assert_allclose(samples, original, atol=1e-4)


def test_as_heard_is_what_the_network_hears(played: Played, stereo: TrackRecord) -> None:
    samples, rate_hz = samples_of(played.file(stereo, "heard"))
    assert (rate_hz, samples.shape[1]) == (22_050, 1)
    np.testing.assert_allclose(samples[:, 0], decode(stereo.path).samples, atol=1e-4)


def test_sound_beyond_full_scale_is_scaled_down(played: Played, stereo: TrackRecord) -> None:
    original, rate_hz = soundfile.read(stereo.path, dtype="float32")
    loudest = float(np.abs(original).max())
    soundfile.write(stereo.path, original * 4 / loudest, rate_hz, format="WAV", subtype="FLOAT")
    samples, _ = samples_of(played.file(replace(stereo, peak=4.0), "played"))
    np.testing.assert_allclose(samples, original / loudest, atol=1e-4)


def test_many_who_ask_get_one_file(played: Played, stereo: TrackRecord) -> None:
    with ThreadPoolExecutor(4) as threads:
        files = list(threads.map(played.file, [stereo] * 4, ["played"] * 4))
    contents = {content_of(file) for file in files}
    assert len(contents) == 1
    assert {file.path for file in files} == {stereo.sound_path("played")}
    assert content_of(played.file(stereo, "played")) in contents


@pytest.mark.parametrize("kind", ["played", "heard"])
def test_a_file_that_was_left_unfinished_is_made_anew(
    sounds: Sounds, tmp_path: Path, stereo: TrackRecord, kind: Kind
) -> None:
    before = Played(sounds, tmp_path, max_bytes=10**7, max_jobs=1)
    whole = content_of(before.file(stereo, kind))
    before.close()
    stereo.sound_path(kind).write_bytes(whole[:1000])
    after = Played(sounds, tmp_path, max_bytes=10**7, max_jobs=1)
    assert content_of(after.file(stereo, kind)) == whole
    after.close()


def test_a_fault_is_raised_to_who_waits_and_leaves_no_file(played: Played, stereo: TrackRecord) -> None:
    stereo.path.write_bytes(b"no sound at all")
    file = played.file(stereo, "played")
    with pytest.raises(UnsupportedAudioError):
        file.wait_for(file.n_bytes - 1)
    played.close()
    assert not stereo.sound_path("played").exists()


def test_who_comes_after_the_close_is_told_so(played: Played, stereo: TrackRecord) -> None:
    played.close()
    with pytest.raises(BusyError, match="being stopped"):
        played.file(stereo, "played")


def test_the_least_recently_asked_for_go_first(sounds: Sounds, tmp_path: Path) -> None:
    (files := tmp_path / "files").mkdir()
    songs = [track_record(files, number) for number in range(3)]
    for song in songs:
        song.path.rename(song.path.with_suffix(".sound"))
    songs = [replace(song, path=song.path.with_suffix(".sound")) for song in songs]
    played = Played(sounds, tmp_path, max_bytes=1_000_000, max_jobs=1)  # some 400 kB each
    for song in (*songs[:2], songs[0]):
        content_of(played.file(song, "heard"))
        time.sleep(0.02)  # a file's time of change is not finer everywhere
    content_of(played.file(songs[2], "heard"))
    assert [song.sound_path("heard").exists() for song in songs] == [True, False, True]
    played.close()


def test_a_growing_file_gives_what_is_there() -> None:
    file = GrowingFile(Path("x"), 100, 0)
    file.grow(30)
    assert (file.wait_for(0), file.wait_for(29), file.is_complete) == (30, 1, False)
    later = threading.Timer(0.05, file.grow, [70])
    later.start()
    assert file.wait_for(30) == 70
    assert (file.wait_for(100), file.is_complete) == (0, True)
    later.join()
