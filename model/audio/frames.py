"""From packets to blocks of samples: what cannot be decoded is skipped and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from model.audio.container import OpenedAudio
from model.audio.warnings import DAMAGED, FORMAT_CHANGES, TRUNCATED, WarningLog

_BLOCK_SECONDS: Final = 0.25  # what flows is heard no later than this after it came
_MOST_VALUES: Final = 65_536  # a file may have hundreds of channels
_SCALES: Final = {"u8": 2.0**7, "s16": 2.0**15, "s32": 2.0**31, "s64": 2.0**63, "flt": 1.0, "dbl": 1.0}
_TYPES: Final = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
_USUAL_SPEAKERS: Final = {1: ("FC",), 2: ("FL", "FR")}  # where the file does not say
_CHANNELS: Final = {1: "mono", 2: "stereo"}
_LEAST_MISSING_SECONDS: Final = 0.1
_LEAST_MISSING_SHARE: Final = 0.002
_LEAST_GAP_SECONDS: Final = 0.05  # time stamps are rounded, and encoders begin late


@dataclass(frozen=True, eq=False)
class Sound:
    """A stretch of sound as its file holds it.

    Attributes
    ----------
    samples : np.ndarray [shape=(n_channels, n)], float32
        Full scale is -1 to 1; files of floats may go beyond.
    rate_hz : int
        Sample rate.
    speakers : tuple of str
        Which channel is which, as FFmpeg abbreviates: ``("FL", "FR")``.
    """

    samples: NDArray[np.float32]
    rate_hz: int
    speakers: tuple[str, ...]


def sounds(audio: OpenedAudio, log: WarningLog) -> Iterator[Sound]:
    """Decode a file block by block.

    Parameters
    ----------
    audio : OpenedAudio
        The file.
    log : WarningLog
        Takes what was skipped, what changed, and what is missing at the end.

    Yields
    ------
    Sound
        In order of time; rate and channels are the same within one, and may differ from the one before.
    """
    kept: list[AudioFrame] = []
    n_kept = 0
    seconds = 0.0
    last: AudioFrame | None = None
    last_form: tuple[int, str, str] | None = None
    first_change = ""
    n_changes = 0
    damage = _Damage(log)
    for frame in _frames(audio, damage):
        form = _form(frame)
        if last and form != last_form:
            if kept:
                yield _joined(kept)
                kept, n_kept = [], 0
            n_changes += 1
            first_change = (
                first_change or f"At {seconds:.1f} s the sound changes from {_words(last)} to {_words(frame)}"
            )
            later = "" if n_changes == 1 else f", and later {n_changes - 1} times more"
            log.note(FORMAT_CHANGES, f"{first_change}{later}.")
        last, last_form = frame, form
        damage.follow(frame)
        kept.append(frame)
        n_kept += frame.samples
        seconds += frame.samples / max(1, frame.sample_rate)
        damage.heard_until(seconds)
        if n_kept >= min(_BLOCK_SECONDS * frame.sample_rate, _MOST_VALUES // frame.layout.nb_channels):
            yield _joined(kept)
            kept, n_kept = [], 0
    if kept:
        yield _joined(kept)
    damage.finish()
    promised = seconds / audio.share_there if audio.share_there < 1 else audio.promised_seconds
    unsure = 0.0 if audio.counts_its_samples else _LEAST_MISSING_SECONDS + _LEAST_MISSING_SHARE * promised
    if promised - seconds > max(_LEAST_GAP_SECONDS, unsure):
        log.note(TRUNCATED, f"The file ends at {seconds:.1f} s of {promised:.1f} s it promises.")
    elif audio.lacks_its_end:
        log.note(TRUNCATED, f"The file stops at {seconds:.1f} s without its end mark; the rest may be missing.")


class _Damage:
    """Counts the damaged stretches: neighbouring packets that cannot be decoded are one."""

    def __init__(self, log: WarningLog) -> None:
        self._log = log
        self._seconds = 0.0
        self._n = 0
        self._first = 0.0
        self._is_open = False
        self._expected: float | None = None  # when the next frame begins, by the file's time stamps

    def note(self) -> None:
        self._is_open = True

    def follow(self, frame: AudioFrame) -> None:
        """Note what is lost without a fault: the frame begins later than the one before ended."""
        start = frame.time
        if start is None or not frame.sample_rate:
            self._expected = None
            return
        if self._expected is not None and start - self._expected > _LEAST_GAP_SECONDS:
            self.note()
        self._expected = start + frame.samples / frame.sample_rate

    def heard_until(self, seconds: float) -> None:
        if self._is_open:
            self._is_open = False
            self._first = self._first if self._n else self._seconds
            self._n += 1
            what = "A damaged part was" if self._n == 1 else f"{self._n} damaged parts were"
            place = "at" if self._n == 1 else "the first at"
            self._log.note(DAMAGED, f"{what} skipped, {place} {self._first:.1f} s.")
        self._seconds = seconds

    def finish(self) -> None:
        if self._is_open and not self._n:
            self._log.note(DAMAGED, f"What follows {self._seconds:.1f} s cannot be decoded.")


def _frames(audio: OpenedAudio, damage: _Damage) -> Iterator[AudioFrame]:
    packets = audio.container.demux(audio.stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, IndexError):  # PyAV, at the end, asks for streams that only came in the midst
            return
        except av.error.FFmpegError:  # of the file's content: what our own source raises is not one of these
            damage.note()
            yield from _decoded(audio, None, damage)  # what the decoder still holds
            return
        yield from _decoded(audio, packet, damage)


def _decoded(audio: OpenedAudio, packet: av.Packet[AudioStream] | None, damage: _Damage) -> list[AudioFrame]:
    try:
        frames = audio.stream.codec_context.decode(packet)
    except (av.error.FFmpegError, ValueError):
        damage.note()
        return []
    return [frame for frame in frames if frame.samples]


def _form(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.layout.name, frame.format.name


def _words(frame: AudioFrame) -> str:
    n = frame.layout.nb_channels
    return f"{frame.sample_rate} Hz {_CHANNELS.get(n, f'with {n} channels')}"


def _joined(frames: list[AudioFrame]) -> Sound:
    first = frames[0]
    return Sound(_samples(frames), first.sample_rate, _speakers(first))


def _speakers(frame: AudioFrame) -> tuple[str, ...]:
    names = tuple(channel.name for channel in frame.layout.channels)
    if "NONE" not in names:
        return names
    return _USUAL_SPEAKERS.get(len(names), tuple(f"channel {number}" for number in range(1, len(names) + 1)))


def _samples(frames: list[AudioFrame]) -> NDArray[np.float32]:
    """Give the samples of frames of one form as floats, [n_channels, n]: put together first, then turned at once."""
    kind = frames[0].format.name.removesuffix("p")
    n_channels = frames[0].layout.nb_channels
    dtype, scale = _TYPES[kind], np.float32(1 / _SCALES[kind])
    n = sum(frame.samples for frame in frames)
    is_planar = frames[0].format.is_planar
    raw = np.empty((n_channels, n) if is_planar else (n, n_channels), dtype)
    start = 0
    for frame in frames:
        end = start + frame.samples
        if is_planar:
            for row, plane in zip(raw, frame.planes, strict=False):  # FFmpeg may give more planes than channels
                row[start:end] = np.frombuffer(memoryview(plane), dtype, end - start)
        else:
            packed = np.frombuffer(memoryview(frame.planes[0]), dtype, (end - start) * n_channels)
            raw[start:end] = packed.reshape(-1, n_channels)
        start = end
    with np.errstate(over="ignore"):  # a double may exceed every float32
        samples = (raw if is_planar else raw.T).astype(np.float32, order="C", copy=False)
    if kind == "u8":
        samples -= 128
    if scale != 1:
        samples *= scale
    return samples
