"""Decoded sound: made once however many ask, kept within its bounds, written whole."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest

from dashboard.decoding.decoders import Decoding, shared_decoders
from dashboard.decoding.jobs import Job
from dashboard.errors import UnknownTrackError
from dashboard.library.growing import GrowingFiles
from dashboard.library.record import SAMPLES_SUFFIX, TrackRecord
from dashboard.library.sounds import Sounds
from model.audio.decode import decode
from model.audio.limits import Limits
from model.errors import AudioError
from model.params import AudioParams
from tests.dashboard.records import track_record
from tests.sounds import chord


@pytest.fixture
def sounds() -> Sounds:
    return Sounds(AudioParams(), Limits(), decoders=shared_decoders(), cache_bytes=10**7, max_jobs=2)


@pytest.fixture
def song(tmp_path: Path) -> TrackRecord:
    return track_record(tmp_path)


class Counted:
    """Decoders that count the files they open."""

    def __init__(self) -> None:
        self.n_opened = 0

    def open(self, path: Path, job: Job) -> AbstractContextManager[Decoding]:
        self.n_opened += 1
        return shared_decoders().open(path, job)


def of(decoders: Counted, cache_bytes: int, files: GrowingFiles | None = None) -> Sounds:
    return Sounds(
        AudioParams(),
        Limits(),
        decoders=decoders,  # type: ignore[arg-type]
        cache_bytes=cache_bytes,
        max_jobs=2,
        files=files,
    )


@pytest.fixture
def files(tmp_path: Path) -> Iterator[GrowingFiles]:
    files = GrowingFiles(tmp_path, SAMPLES_SUFFIX, max_bytes=10**7, max_jobs=2)
    yield files
    files.close()


def first_block(sounds: Sounds, song: TrackRecord) -> np.ndarray:
    return next(sounds.blocks(song))


def test_a_short_track_is_decoded_once_for_all_who_ask(song: TrackRecord) -> None:
    sounds = of(decoders := Counted(), 10**7)
    with ThreadPoolExecutor(8) as threads:
        blocks = list(threads.map(first_block, [sounds] * 8, [song] * 8))
    assert decoders.n_opened == 1
    assert all(block is blocks[0] for block in blocks)
    assert len(blocks[0]) == song.duration_samples


def test_decoded_sound_is_kept_while_there_is_room(tmp_path: Path) -> None:
    sounds = of(Counted(), 2_200_000)
    songs = [track_record(tmp_path, number) for number in range(4)]  # 0.8 to 1.07 MB each
    kept = [weakref.ref(first_block(sounds, song)) for song in songs]
    assert [samples() is not None for samples in kept] == [False, False, True, True]
    assert first_block(sounds, songs[3]) is kept[3]()


def test_a_long_track_is_streamed_and_gives_the_same_samples(song: TrackRecord) -> None:
    sounds = of(decoders := Counted(), 1_000_000)
    for n_opened in (1, 2):
        blocks = list(sounds.blocks(song))
        assert decoders.n_opened == n_opened
        assert len(blocks) > 1
        assert np.array_equal(np.concatenate(blocks), decode(song.path).samples)


def test_a_file_that_is_heard_says_what_it_is(sounds: Sounds, song: TrackRecord) -> None:
    heard = sounds.hear(song.path, "Song")
    assert heard.n_samples == song.duration_samples
    assert heard.decoded.info.sample_rate_hz == 22_050
    assert heard.decoded.peak == pytest.approx(float(np.abs(chord(9.1)).max()), abs=1e-3)
    assert np.array_equal(heard.track.samples, decode(song.path).samples)


def test_a_long_file_is_heard_without_being_kept(song: TrackRecord) -> None:
    heard = of(Counted(), 100_000).hear(song.path, "Song")
    assert (heard.n_samples, heard.track) == (song.duration_samples, None)


@pytest.mark.parametrize("cache_bytes", [10**7, 10**5])
def test_a_track_whose_file_vanished_is_gone(song: TrackRecord, cache_bytes: int) -> None:
    song.path.unlink()
    with pytest.raises(UnknownTrackError, match="was removed in the meantime"):
        first_block(of(Counted(), cache_bytes), song)


def whole(sounds: Sounds, song: TrackRecord) -> np.ndarray:
    return np.concatenate(list(sounds.blocks(song)))


def test_a_long_track_is_decoded_once_for_all_who_ask_now_and_later(song: TrackRecord, files: GrowingFiles) -> None:
    sounds = of(decoders := Counted(), 1000, files)
    with ThreadPoolExecutor(4) as threads:
        heard = list(threads.map(whole, [sounds] * 4, [song] * 4))
    later = whole(of(decoders, 1000, files), song)
    expected = decode(song.path).samples
    for samples in (*heard, later):
        np.testing.assert_array_equal(samples, expected)
    np.testing.assert_array_equal(sounds.stretch(song, 30_000, 70_000), expected[30_000:70_000])
    assert decoders.n_opened == 1


def test_what_was_decoded_to_be_added_is_not_decoded_again(song: TrackRecord, files: GrowingFiles) -> None:
    sounds = of(decoders := Counted(), 1000, files)
    heard = sounds.hear(song.path, song.title)
    assert heard.track is None
    sounds.keep_spilled(song, heard)
    np.testing.assert_array_equal(whole(sounds, song), decode(song.path).samples)
    assert decoders.n_opened == 1
    heard.discard()  # it was moved away: nothing is lost
    assert song.samples_path.exists()


def test_a_file_that_cannot_be_used_leaves_nothing_on_the_disk(song: TrackRecord, files: GrowingFiles) -> None:
    song.path.write_bytes(song.path.read_bytes()[:1000])
    before = sorted(song.path.parent.iterdir())
    with pytest.raises(AudioError):
        of(Counted(), 1000, files).hear(song.path, song.title)
    with pytest.raises(AudioError):
        whole(of(Counted(), 1000, files), song)
    assert sorted(song.path.parent.iterdir()) == before


def test_a_track_that_takes_more_than_all_the_room_is_decoded_anew(song: TrackRecord, tmp_path: Path) -> None:
    files = GrowingFiles(tmp_path, SAMPLES_SUFFIX, max_bytes=1000, max_jobs=2)
    sounds = of(decoders := Counted(), 1000, files)
    assert sounds.hear(song.path, song.title).spilled is None
    np.testing.assert_array_equal(whole(sounds, song), whole(sounds, song))
    assert decoders.n_opened == 3
    assert not song.samples_path.exists()
    files.close()
