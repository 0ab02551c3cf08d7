"""Decoder processes: the same sound as here, faults as faults, and a file that kills or hangs one costs itself only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboard.decoding.decoders import CAN_FORK, Decoders, Decoding
from dashboard.decoding.jobs import Bounds, Job
from dashboard.errors import DecoderError
from model.audio.decode import decode
from model.audio.limits import Limits
from model.audio.playable import PlayableForm
from model.errors import AudioTooLongError, AudioTooShortError, UnsupportedAudioError
from model.params import AudioParams
from tests.sounds import chord, encoded, write

needs_fork = pytest.mark.skipif(not CAN_FORK, reason="this system does not fork")


@pytest.fixture(scope="module", params=[pytest.param(True, marks=needs_fork), False], ids=["forked", "alone"])
def decoders(request: pytest.FixtureRequest) -> Iterator[Decoders]:
    decoders = Decoders(can_fork=request.param)
    decoders.warm_up()
    yield decoders
    decoders.close()


@pytest.fixture(scope="module")
def forking() -> Iterator[Decoders]:
    decoders = Decoders()
    yield decoders
    decoders.close()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write(tmp_path / "song.flac", encoded(chord(8.0, rate_hz=44_100), rate_hz=44_100, format="FLAC"))


def job(**values: object) -> Job:
    return Job(**{"name": "Song", "limits": Limits(), "params": AudioParams(), "bounds": Bounds(), **values})  # type: ignore[arg-type]


def heard(decoding: Decoding) -> np.ndarray:
    return np.concatenate(list(decoding.blocks()))


def test_samples_are_those_that_this_process_would_decode(decoders: Decoders, song: Path) -> None:
    with decoders.open(song, job()) as decoding:
        samples = heard(decoding)
        assert np.array_equal(samples, decode(song).samples)
        assert decoding.decoded.info.format.startswith("FLAC")
        assert decoding.warnings == ()


def test_sound_to_play_comes_in_its_form(decoders: Decoders, song: Path) -> None:
    form = PlayableForm(44_100, 2, 8 * 44_100)
    with decoders.open(song, job(playable=form)) as decoding:
        content = b"".join(decoding.contents())
    frames = np.frombuffer(content, np.int16).reshape(-1, 2)
    assert len(frames) == form.n_frames
    np.testing.assert_allclose(frames[:, 0] / 32_767, chord(8.0, rate_hz=44_100), atol=1e-4)


def test_faults_of_sound_are_what_they_are_here(decoders: Decoders, tmp_path: Path, song: Path) -> None:
    cases = [
        (UnsupportedAudioError, write(tmp_path / "text", b"hello, I am no audio" * 100), job()),
        (AudioTooShortError, write(tmp_path / "short", encoded(chord(1.0))), job()),
        (AudioTooLongError, song, job(limits=Limits(max_seconds=5.0))),
    ]
    for error, path, asked in cases:
        with decoders.open(path, asked) as decoding, pytest.raises(error, match="Song"):
            heard(decoding)


def test_a_missing_file_is_missing(decoders: Decoders, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), decoders.open(tmp_path / "none", job()):
        pass


@needs_fork
def test_a_file_that_hangs_its_decoder_is_given_up(forking: Decoders, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    keep_open = os.open(pipe, os.O_RDWR)  # whoever reads waits for ever
    begun = time.monotonic()
    with (
        forking.open(pipe, job(bounds=Bounds(stall_seconds=0.6))) as decoding,
        pytest.raises(DecoderError, match=r"Song takes more than 0\.6 s to decode"),
    ):
        heard(decoding)
    assert time.monotonic() - begun < 5
    os.close(keep_open)


@needs_fork
def test_a_decoder_that_dies_costs_its_own_file_only(forking: Decoders, tmp_path: Path, song: Path) -> None:
    long = write(tmp_path / "long.wav", encoded(chord(120.0)))
    with forking.open(long, job()) as doomed, forking.open(song, job()) as other:
        blocks = doomed.blocks()
        next(blocks)
        os.kill(doomed.pid, signal.SIGSEGV)
        with pytest.raises(DecoderError, match="Song breaks the decoder"):
            list(blocks)
        assert len(heard(other)) == 8 * 22_050


@needs_fork
def test_memory_is_bounded(forking: Decoders, tmp_path: Path) -> None:
    wide = write(tmp_path / "wide.wav", encoded(np.zeros((400_000, 64), np.float32), rate_hz=44_100))
    with (
        forking.open(wide, job(bounds=Bounds(memory_mib=1.0))) as decoding,
        pytest.raises((DecoderError, UnsupportedAudioError)),
    ):
        heard(decoding)


@needs_fork
def test_whoever_leaves_ends_the_process(forking: Decoders, tmp_path: Path) -> None:
    long = write(tmp_path / "long.wav", encoded(chord(120.0)))
    with forking.open(long, job()) as decoding:
        next(decoding.blocks())
        process = decoding.pid
    deadline = time.monotonic() + 5
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{process}").exists()


@needs_fork
def test_a_warm_process_that_died_is_replaced(song: Path) -> None:
    decoders = Decoders()
    for _ in range(2):
        with decoders.open(song, job()) as decoding:
            assert len(heard(decoding)) == 8 * 22_050
        os.kill(decoders.warm_pid, signal.SIGKILL)
    decoders.close()


@needs_fork
def test_a_decoder_opens_no_file_and_writes_none(forking: Decoders, song: Path) -> None:
    long_list = b"#EXTM3U\n" + str(song).encode() + b"\n"
    playlist = write(song.with_name("list.m3u"), long_list)
    with forking.open(playlist, job()) as decoding, pytest.raises(UnsupportedAudioError):
        heard(decoding)
