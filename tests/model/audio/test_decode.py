"""Decoding: every format to the same sound, and every fault to its own error."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.audio.decode import decode, probe
from model.audio.encode import encode_wav
from model.audio.limits import Limits
from model.audio.track import Track
from model.errors import (
    AudioError,
    AudioTooLargeError,
    AudioTooLongError,
    AudioTooShortError,
    EmptyAudioError,
    NonFiniteSamplesError,
    SampleRateError,
    UnsupportedAudioError,
)
from tests.sounds import RATE_HZ, chord, encoded, write

SOUND = chord(4.0)


@pytest.mark.parametrize(
    ("format", "subtype", "tolerance"),
    [
        ("WAV", "PCM_U8", 1 / 127),
        ("WAV", "PCM_16", 1e-4),
        ("WAV", "PCM_24", 1e-6),
        ("WAV", "PCM_32", 1e-6),
        ("WAV", "FLOAT", 1e-7),
        ("WAV", "DOUBLE", 1e-7),
        ("FLAC", "PCM_16", 1e-4),
        ("AIFF", "PCM_16", 1e-4),
        ("AU", "PCM_16", 1e-4),
    ],
)
def test_lossless_files_decode_to_their_samples(format: str, subtype: str, tolerance: float) -> None:
    track = decode(encoded(SOUND, format=format, subtype=subtype))
    assert track.samples.dtype == np.float32
    assert track.sample_rate_hz == RATE_HZ
    np.testing.assert_allclose(track.samples, SOUND, atol=tolerance)


@pytest.mark.parametrize(("format", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")])
def test_lossy_files_decode_to_nearly_their_samples(format: str, subtype: str) -> None:
    rate_hz = 48_000 if subtype == "OPUS" else RATE_HZ
    track = decode(encoded(chord(4.0, rate_hz=rate_hz), rate_hz=rate_hz, format=format, subtype=subtype))
    assert track.duration_seconds == pytest.approx(4.0, abs=0.1)
    n = min(len(track.samples), len(SOUND))
    assert np.corrcoef(track.samples[:n], SOUND[:n])[0, 1] > 0.9


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 32_000, 44_100, 48_000, 96_000])
def test_any_sample_rate_is_resampled_to_the_models(rate_hz: int) -> None:
    time = np.arange(rate_hz * 4) / rate_hz
    tone = (0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    track = decode(encoded(tone, rate_hz=rate_hz, subtype="FLOAT"))
    assert abs(len(track.samples) - 4 * RATE_HZ) <= 1
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(len(track.samples)) / RATE_HZ)
    middle = slice(RATE_HZ // 2, -RATE_HZ // 2)
    np.testing.assert_allclose(track.samples[middle], expected[middle], atol=2e-3)


def test_channels_are_averaged() -> None:
    channels = np.stack([SOUND, -SOUND, SOUND * 0.5], axis=1)
    track = decode(encoded(channels, subtype="FLOAT"))
    np.testing.assert_allclose(track.samples, SOUND / 6, atol=1e-6)


def test_a_path_names_the_track(tmp_path: Path) -> None:
    path = write(tmp_path / "song.wav", encoded(SOUND))
    assert decode(path).name == "song.wav"
    assert decode(path, name="my song").name == "my song"


def test_a_source_that_is_already_open_stays_open() -> None:
    stream = io.BytesIO(encoded(SOUND))
    decode(stream)
    assert not stream.closed


def test_probe_reads_the_header_alone() -> None:
    info = probe(encoded(np.stack([SOUND, SOUND], axis=1), rate_hz=44_100, format="FLAC"))
    assert (info.format, info.sample_rate_hz, info.n_channels, info.n_frames) == ("FLAC", 44_100, 2, len(SOUND))


def test_encoded_wav_decodes_to_the_same_sound_and_clips_what_is_too_loud() -> None:
    loud = SOUND.copy()
    loud[100] = 3.0
    again = decode(encode_wav(Track(loud, RATE_HZ)))
    np.testing.assert_allclose(again.samples, np.clip(loud, -1, 1), atol=1e-4)


def test_a_wav_of_unknown_length_is_read_to_its_end() -> None:
    content = bytearray(encoded(SOUND))
    data_at = content.index(b"data")
    content[4:8] = content[data_at + 4 : data_at + 8] = struct.pack("<I", 0xFFFFFFFF)
    assert decode(bytes(content)).duration_seconds == pytest.approx(4.0, abs=0.01)


def _with_sample_rate(content: bytes, rate_hz: int) -> bytes:
    changed = bytearray(content)
    at = content.index(b"fmt ") + 12
    changed[at : at + 4] = struct.pack("<I", rate_hz)
    return bytes(changed)


BAD = {
    "no bytes": (b"", EmptyAudioError, "0 bytes"),
    "no samples": (encoded(SOUND[:0]), EmptyAudioError, "no samples"),
    "text": (b"not audio at all " * 50, UnsupportedAudioError, "not audio but text. WAV, FLAC, OGG, MP3"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(2000), UnsupportedAudioError, r"not audio but a picture \(PNG\)"),
    "cut WAV": (encoded(SOUND)[:100_000], AudioTooShortError, "ends at .* of 4.0 s it promises"),
    "cut AIFF": (encoded(SOUND, format="AIFF")[:100_000], AudioTooShortError, "ends at .* of 4.0 s it promises"),
    "cut AU": (encoded(SOUND, format="AU")[:100_000], AudioTooShortError, "ends at .* of 4.0 s it promises"),
    "cut FLAC": (encoded(SOUND, format="FLAC")[:60_000], AudioTooShortError, "ends at .* of 4.0 s it promises"),
    "cut OGG": (encoded(SOUND, format="OGG")[:15_000], AudioTooShortError, "stops at 1.5 s without its end mark"),
    "cut MP3": (encoded(SOUND, format="MP3")[:12_000], AudioTooShortError, "ends at .* of 4.0 s it promises"),
    "zero rate": (_with_sample_rate(encoded(SOUND), 0), UnsupportedAudioError, "0 Hz"),
    "absurd rate": (_with_sample_rate(encoded(SOUND), 2_000_000_000), SampleRateError, "2000000000 Hz"),
    "NaN": (encoded(np.full_like(SOUND, np.nan), subtype="FLOAT"), NonFiniteSamplesError, "nothing but NaN"),
    "too short": (encoded(SOUND[: RATE_HZ * 2]), AudioTooShortError, "2.00 s"),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("what", BAD)
def test_bad_input_raises_its_own_error_that_says_what_to_do(what: str) -> None:
    content, error, words = BAD[what]
    with pytest.raises(AudioError, match=words) as caught:
        decode(content, name="upload.bin")
    assert type(caught.value) is error
    assert "upload.bin" in str(caught.value)


def test_a_file_over_the_size_limit_is_refused_before_decoding() -> None:
    with pytest.raises(AudioTooLargeError, match="limit is 0 MiB"):
        decode(encoded(SOUND), limits=Limits(max_bytes=1000))


def test_a_track_over_the_length_limit_is_refused_by_its_header() -> None:
    with pytest.raises(AudioTooLongError, match="at least 4 s; the limit is 3 s"):
        probe(encoded(SOUND), limits=Limits(max_seconds=3))


def test_a_track_whose_header_hides_its_length_is_refused_while_decoding() -> None:
    content = bytearray(encoded(SOUND))
    data_at = content.index(b"data")
    content[4:8] = content[data_at + 4 : data_at + 8] = struct.pack("<I", 0xFFFFFFFF)
    with pytest.raises(AudioTooLongError):
        decode(bytes(content), limits=Limits(max_seconds=3))


def test_exactly_one_window_is_long_enough() -> None:
    assert len(decode(encoded(SOUND[:66_150])).samples) == 66_150
    with pytest.raises(AudioTooShortError):
        decode(encoded(SOUND[:66_149]))


def test_files_soundfile_writes_itself_agree(tmp_path: Path) -> None:
    path = tmp_path / "stereo.ogg"
    soundfile.write(path, np.stack([SOUND, SOUND], axis=1), RATE_HZ)
    assert decode(path).duration_seconds == pytest.approx(4.0)
