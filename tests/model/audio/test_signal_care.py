"""Odd sound in sane files: channels that cancel, offsets, floats beyond full scale, samples that are no numbers."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from model.audio.decode import Decoding, decode
from model.audio.limits import Limits
from model.errors import AudioTooLargeError, NonFiniteSamplesError
from tests.sounds import RATE_HZ, chord, encoded

SOUND = chord(4.0)
NOISE = (0.002 * np.random.default_rng(5).standard_normal(len(SOUND))).astype(np.float32)


def stereo(left: np.ndarray, right: np.ndarray) -> bytes:
    return encoded(np.stack([left, right], axis=1), subtype="FLOAT")


def codes(content: bytes) -> set[str]:
    return {warning.code for warning in decode(content).warnings}


@pytest.mark.parametrize("right", [-SOUND, -SOUND + NOISE, -0.95 * SOUND], ids=["opposite", "nearly", "unequal"])
def test_channels_that_cancel_are_heard_one_by_one(right: np.ndarray) -> None:
    track = decode(stereo(SOUND, right))
    np.testing.assert_allclose(track.samples[RATE_HZ:], SOUND[RATE_HZ:], atol=0.01)
    (warning,) = track.warnings
    assert warning.code == "opposite-channels"
    assert "(left) is heard" in warning.detail


def test_where_only_a_part_cancels_the_rest_is_the_mean_and_nothing_clicks() -> None:
    time = np.arange(6 * RATE_HZ) / RATE_HZ
    left = (0.3 * np.sin(2 * np.pi * 100 * time)).astype(np.float32)
    right = np.where(time < 3, left, -left).astype(np.float32)
    heard = decode(stereo(left, right)).samples
    np.testing.assert_array_equal(heard[: 2 * RATE_HZ], left[: 2 * RATE_HZ])
    np.testing.assert_array_equal(heard[-RATE_HZ:], left[-RATE_HZ:])
    assert np.abs(np.diff(heard)).max() < 2 * np.abs(np.diff(left)).max()


def test_wide_stereo_and_silence_beside_sound_are_the_mean() -> None:
    other = chord(4.0, level=0.1)[::-1]
    for right in (other, np.zeros_like(SOUND), -0.5 * SOUND):
        content = stereo(SOUND, right)
        np.testing.assert_allclose(decode(content).samples, (SOUND + right) / 2, atol=1e-6)
        assert codes(content) == set()


def test_an_offset_is_told_and_left_to_the_features() -> None:
    track = decode(encoded(SOUND + np.float32(0.02), subtype="FLOAT"))
    np.testing.assert_allclose(track.samples, SOUND + 0.02, atol=1e-6)
    assert [(warning.code, "+0.02" in warning.detail) for warning in track.warnings] == [("dc-offset", True)]


@pytest.mark.parametrize("gain", [8.0, 32_767.0, 2.0**31])
def test_floats_beyond_full_scale_are_kept_and_told(gain: float) -> None:
    with Decoding(encoded(SOUND * np.float32(gain), subtype="FLOAT")) as decoding:
        samples = np.concatenate(list(decoding.blocks()))
        assert decoding.peak == pytest.approx(gain * np.abs(SOUND).max())
        assert "beyond-full-scale" in {warning.code for warning in decoding.warnings}
    np.testing.assert_allclose(samples / gain, SOUND, atol=1e-6)


def test_clipped_sound_is_told() -> None:
    assert codes(encoded(np.clip(20 * SOUND, -1, 1))) == {"clipped"}
    assert codes(encoded(SOUND / np.abs(SOUND).max())) == set()


def test_samples_that_are_no_numbers_are_silence() -> None:
    broken = SOUND.copy()
    broken[RATE_HZ] = np.nan
    broken[RATE_HZ + 1 : RATE_HZ + 3] = (np.inf, 1e30)
    track = decode(encoded(broken, subtype="FLOAT"))
    np.testing.assert_array_equal(track.samples[RATE_HZ : RATE_HZ + 3], 0)
    assert np.isfinite(track.samples).all()
    (warning,) = track.warnings
    assert warning.detail.startswith("3 samples are NaN, infinite or absurdly large, the first at 1.000 s")
    with pytest.raises(NonFiniteSamplesError):
        decode(encoded(np.full_like(SOUND, np.inf), subtype="FLOAT"))


def test_pieces_give_the_original_channels_on_the_same_axis_of_time() -> None:
    left, right = chord(4.0, rate_hz=44_100), chord(4.0, rate_hz=44_100, level=0.1)
    content = encoded(np.stack([left, right], axis=1), rate_hz=44_100, subtype="FLOAT")
    with Decoding(content) as decoding:
        pieces = list(decoding.pieces())
    sounds = [piece.sound for piece in pieces if piece.sound]
    assert {(sound.rate_hz, sound.speakers) for sound in sounds} == {(44_100, ("FL", "FR"))}
    np.testing.assert_array_equal(np.concatenate([sound.samples for sound in sounds], axis=1), [left, right])
    np.testing.assert_array_equal(np.concatenate([piece.heard for piece in pieces]), decode(content).samples)


class Pipe:
    """Bytes that come in order and do not seek."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def read(self, n: int, /) -> bytes:
        return self._file.read(min(n, 1000))


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "MP3"])
def test_a_pipe_gives_the_samples_of_the_file(form: str) -> None:
    content = encoded(SOUND, format=form)
    piped, whole = decode(Pipe(content)).samples, decode(content).samples
    np.testing.assert_array_equal(piped[: len(whole) - 100], whole[:-100])
    assert len(piped) - len(whole) <= (0.03 * RATE_HZ if form == "MP3" else 0)  # its last frame's padding is heard


def test_a_pipe_that_gives_too_much_is_refused_while_it_is_read() -> None:
    with pytest.raises(AudioTooLargeError, match="at least"):
        decode(Pipe(encoded(SOUND)), limits=Limits(max_bytes=100_000))


@pytest.mark.parametrize(("form", "subtype"), [("WAV", "PCM_16"), ("WAV", "PCM_24"), ("FLAC", None), ("OGG", None),
                                               ("MP3", None), ("AIFF", None)])  # fmt: skip
@pytest.mark.parametrize("rate_hz", [22_050, 44_100])
def test_sane_files_give_the_samples_that_libsndfile_gives(form: str, subtype: str | None, rate_hz: int) -> None:
    soxr = pytest.importorskip("soxr")
    left = chord(4.0, rate_hz=rate_hz)
    content = encoded(np.stack([left, np.roll(left, 99)], axis=1), rate_hz=rate_hz, format=form, subtype=subtype)
    channels, _ = soundfile.read(io.BytesIO(content), dtype="float32")
    expected = channels.mean(axis=1)
    if rate_hz != RATE_HZ:
        expected = soxr.resample(expected, rate_hz, RATE_HZ, quality="HQ")
    samples = decode(content).samples
    assert len(samples) == len(expected)
    np.testing.assert_allclose(samples, expected, atol=1e-4)
