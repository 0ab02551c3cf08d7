"""Odd but real files: each is heard as the ``ffmpeg`` program hears it, or refused with the words that help."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from model.audio.decode import decode
from model.errors import AudioError, UnsupportedAudioError
from tests.model.audio.odd_files import HEARD, SANE, Folders, coded, damaged, not_audio, oracle

SECONDS: Final = 0.06

WARNINGS: Final = {
    **{name: {"truncated", "damaged"} for name in damaged.DAMAGED if name.startswith("cut")},
    "overwritten.mp3": {"damaged"},
    "zeroed.mp3": {"damaged", "truncated"},
    "lost-part.mp3": {"damaged"},
    "no-end.ogg": {"truncated"},
    "high-total.flac": {"truncated"},
    "joined-rates.mp3": {"format-changes", "damaged"},
    "joined-rates.aac": {"format-changes"},
    "joined.ac3": {"format-changes"},
    **{name: {"video"} for name in coded.WITH_VIDEO if name.startswith("video")},
}
WITHOUT_A_TRACE: Final = {"cut-no-xing.mp3", "cut.avi", "cut.ac3", "cut.caf"}  # FFmpeg sees no sign that more was there


def test_there_are_enough_of_them() -> None:
    assert len(HEARD) + len(not_audio.NOT_AUDIO) + len(not_audio.UNUSABLE) >= 120
    assert len(set(HEARD)) == len(HEARD)


@pytest.mark.parametrize("name", HEARD)
def test_a_file_is_heard_as_ffmpeg_hears_it(name: str, folders: Folders) -> None:
    track = decode(folders.files / name)
    expected = oracle.heard(folders.judged, name)
    assert abs(len(track.samples) - len(expected)) / oracle.RATE_HZ <= SECONDS
    assert oracle.likeness(track.samples, expected) > 0.98
    codes = {warning.code for warning in track.warnings}
    if name in WARNINGS and name not in WITHOUT_A_TRACE:
        assert codes & WARNINGS[name]
    elif name in SANE:
        assert codes <= {"damaged"}
        assert all("What follows" in warning.detail for warning in track.warnings)


@pytest.mark.parametrize("name", not_audio.NOT_AUDIO)
def test_what_is_no_audio_is_named(name: str) -> None:
    content, error, words = not_audio.NOT_AUDIO[name]
    with pytest.raises(AudioError, match=words) as caught:
        decode(content, name="song.mp3")
    assert type(caught.value) is error


@pytest.mark.parametrize("name", [*not_audio.UNUSABLE, "no-index.m4a"])
def test_audio_that_cannot_be_used_is_named(name: str, folders: Folders) -> None:
    words = not_audio.UNUSABLE[name][-1] if name in not_audio.UNUSABLE else "without its index"
    with pytest.raises(UnsupportedAudioError, match=words):
        decode(folders.files / name)


def test_a_file_without_a_name_is_heard_as_well(folders: Folders) -> None:
    content = (folders.files / "vbr-no-xing.mp3").read_bytes()
    np.testing.assert_array_equal(decode(content).samples, decode(folders.files / "vbr-no-xing.mp3").samples)
