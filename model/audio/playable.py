"""Sound to play: the original's channels at its own rate, as 16-bit samples that every browser plays alike.

More than two channels are mixed to two, rates that no sound card has are lowered, and sound beyond full scale is
scaled down, not clipped. It lies on the same axis of time as what the network hears, to the sample.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.audio.resample import Resampler

if TYPE_CHECKING:
    from model.audio.decode import Decoding
    from model.audio.frames import Sound

_HIGHEST_RATE_HZ: Final = 48_000
_FULL_SCALE: Final = 32_767
_SAMPLE_BYTES: Final = 2
_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_LEFT: Final = {"FL": 1.0, "FC": 0.707, "BL": 0.707, "SL": 0.707, "FLC": 0.707, "BC": 0.5, "TFL": 0.5, "TBL": 0.5}
_RIGHT: Final = {"FR": 1.0, "FC": 0.707, "BR": 0.707, "SR": 0.707, "FRC": 0.707, "BC": 0.5, "TFR": 0.5, "TBR": 0.5}


@dataclass(frozen=True)
class PlayableForm:
    """The form of a sound to play; known before it is made, so that it can be played while it is.

    Attributes
    ----------
    rate_hz : int
        Sample rate.
    n_channels : int
        1 or 2.
    n_frames : int
        Length, in samples of one channel.
    gain : float
        Factor that brings it within full scale.
    """

    rate_hz: int
    n_channels: int
    n_frames: int
    gain: float = 1.0

    @classmethod
    def of(cls, *, rate_hz: int, n_channels: int, seconds: float, peak: float) -> PlayableForm:
        """Choose the form for a file.

        Parameters
        ----------
        rate_hz, n_channels : int
            Of the file.
        seconds : float
            Its length as the network hears it.
        peak : float
            Its largest sample.

        Returns
        -------
        PlayableForm
            The file's own rate, or the half, quarter, ... of it that is at most 48 kHz.
        """
        while rate_hz > _HIGHEST_RATE_HZ:
            rate_hz = (rate_hz + 1) // 2
        return cls(rate_hz, min(n_channels, 2), round(seconds * rate_hz), 1 / max(peak, 1.0))

    @property
    def n_bytes(self) -> int:
        """Length of the whole WAV file."""
        return _HEADER.size + self.n_frames * self.n_channels * _SAMPLE_BYTES

    def wav_header(self) -> bytes:
        """Write the first bytes of the WAV file."""
        frame_bytes = self.n_channels * _SAMPLE_BYTES
        data_bytes = self.n_frames * frame_bytes
        return _HEADER.pack(
            *(b"RIFF", data_bytes + _HEADER.size - 8, b"WAVE", b"fmt ", 16, 1, self.n_channels, self.rate_hz),
            *(self.rate_hz * frame_bytes, frame_bytes, 8 * _SAMPLE_BYTES, b"data", data_bytes),
        )


def playable_blocks(decoding: Decoding, form: PlayableForm) -> Iterator[NDArray[np.int16]]:
    """Decode a file to the sound to play.

    Parameters
    ----------
    decoding : Decoding
        The file; none of it may have been taken yet.
    form : PlayableForm
        What to make of it.

    Yields
    ------
    np.ndarray [shape=(n, n_channels)], int16
        In order of time; `form.n_frames` in all.
    """
    n_left = form.n_frames
    for block in _channels(decoding, form):
        block = block[:, :n_left]
        n_left -= block.shape[1]
        if block.shape[1]:
            yield as_int16(block, form.gain)
    while n_left > 0:  # the scores' axis rounds its last sample
        n = min(n_left, form.rate_hz)
        n_left -= n
        yield np.zeros((n, form.n_channels), np.int16)


def as_int16(block: NDArray[np.float32], gain: float) -> NDArray[np.int16]:
    """Round samples of shape (n_channels, n) to 16 bits, and interleave them."""
    scaled = np.clip(block.T * np.float32(gain * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE)
    return np.ascontiguousarray(np.rint(scaled).astype(np.int16))


def _channels(decoding: Decoding, form: PlayableForm) -> Iterator[NDArray[np.float32]]:
    """Give the sound in the form's channels and rate."""
    resamplers: list[Resampler] = []
    rate_hz = 0
    for piece in decoding.pieces():
        if piece.sound is None:
            continue
        if piece.sound.rate_hz != rate_hz:
            if resamplers:
                yield np.stack([each.finish() for each in resamplers])
            rate_hz = piece.sound.rate_hz
            resamplers = [Resampler(rate_hz, form.rate_hz) for _ in range(form.n_channels)]
        mixed = mix(piece.sound, form.n_channels)
        yield np.stack([each.feed(channel) for each, channel in zip(resamplers, mixed, strict=True)])
    if resamplers:
        yield np.stack([each.finish() for each in resamplers])


def mix(sound: Sound, n_channels: int) -> NDArray[np.float32]:
    """Mix a stretch of sound to one or two channels.

    Parameters
    ----------
    sound : Sound
        Any number of channels.
    n_channels : int
        1 or 2.

    Returns
    -------
    np.ndarray [shape=(n_channels, n)], float32
        As loud as before, at most.
    """
    samples = sound.samples
    if len(samples) == n_channels:
        return samples
    if n_channels == 1:
        mean: NDArray[np.float32] = samples.mean(axis=0, keepdims=True, dtype=np.float32)
        return mean
    if len(samples) == 1:
        return np.repeat(samples, 2, axis=0)
    weights = np.array([[side.get(name, 0.0) for name in sound.speakers] for side in (_LEFT, _RIGHT)], np.float32)
    if not weights.any(axis=1).all():  # speakers without names: left and right by turns
        weights = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)[:, np.arange(len(samples)) % 2]
    mixed: NDArray[np.float32] = (weights / weights.sum(axis=1, keepdims=True)) @ samples
    return mixed
