"""Decoded sound: made once however many ask, kept within its bounds, written whole."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from model.audio.decode import decode
from model.audio.limits import Limits
from model.audio.track import Track
from model.params import AudioParams
from tests.dashboard.records import track_record


@pytest.fixture
def sounds() -> Sounds:
    return Sounds(AudioParams(), Limits(), cache_bytes=10**7, max_jobs=2)


@pytest.fixture
def song(tmp_path: Path) -> TrackRecord:
    return track_record(tmp_path)


def test_a_track_is_decoded_once_for_all_who_ask(
    sounds: Sounds, song: TrackRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_decoded = 0

    def slow_decode(*arguments: object, **options: object) -> Track:
        nonlocal n_decoded
        n_decoded += 1
        return decode(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("dashboard.library.sounds.decode", slow_decode)
    with ThreadPoolExecutor(8) as threads:
        tracks = list(threads.map(sounds.track, [song] * 8))
    assert n_decoded == 1
    assert all(track is tracks[0] for track in tracks)


def test_decoded_sound_is_kept_while_there_is_room(tmp_path: Path) -> None:
    sounds = Sounds(AudioParams(), Limits(), cache_bytes=2_200_000, max_jobs=2)
    songs = [track_record(tmp_path, number) for number in range(4)]  # 0.8 to 1.07 MB each
    kept = [weakref.ref(sounds.track(song)) for song in songs]
    assert [track() is not None for track in kept] == [False, False, True, True]
    assert sounds.track(songs[3]) is kept[3]()


def test_sound_for_playing_is_written_once_and_whole(sounds: Sounds, song: TrackRecord, tmp_path: Path) -> None:
    song = replace(song, played_path=tmp_path / "elsewhere.wav")
    with ThreadPoolExecutor(4) as threads:
        paths = set(threads.map(sounds.played, [song] * 4))
    assert paths == {song.played_path}
    assert not list(tmp_path.glob("part-*"))
    np.testing.assert_allclose(decode(song.played_path).samples, sounds.track(song).samples, atol=1e-4)
