"""Decoded sound: made once however many ask, kept within its bounds, written whole."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest

from dashboard.decoding.decoders import Decoding, shared_decoders
from dashboard.decoding.jobs import Job
from dashboard.errors import UnknownTrackError
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from model.audio.decode import decode
from model.audio.limits import Limits
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


def of(decoders: Counted, cache_bytes: int) -> Sounds:
    return Sounds(AudioParams(), Limits(), decoders=decoders, cache_bytes=cache_bytes, max_jobs=2)  # type: ignore[arg-type]


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
