"""Compressed sound that comes in order and may never end: a pipe, or the body of a radio station's answer.

FFmpeg decodes, by PyAV, from bytes that are handed to it: it opens nothing itself, and knows only containers that hold
sound and refer to nothing outside themselves. A packet that cannot be decoded is left out, as every radio set does:
whoever tunes in begins in the middle of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from numpy.typing import NDArray

from model.errors import SourceError
from model.sources.block import Block
from model.sources.pcm import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, PcmStream

_CONTAINERS: Final = "mp3,aac,ogg,flac,wav,aiff,au,w64,caf,matroska,mov,mpegts"
_MOST_BROKEN_PACKETS: Final = 100  # in a row; more is no sound
_PROBED_BYTES: Final = 64 * 2**10
_PROBED_SECONDS: Final = 1.0
_BUFFER_BYTES: Final = 4096  # small, so that a slow stream is heard as it comes


class Reader(Protocol):
    """What bytes are read from: at most as many as asked for, as soon as some are there; none is the end."""

    def read(self, size: int, /) -> bytes:
        """Read on."""
        ...


class EncodedStream:
    """A source of compressed sound.

    Parameters
    ----------
    reader : Reader
        Gives the bytes.
    rate_out_hz : int
        The model's rate.
    name : str
        What to call it.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        rate_out_hz: int,
        name: str = "the pipe",
    ) -> None:
        self.name = name
        self._reader = reader
        self._rate_out_hz = rate_out_hz
        self._is_open = True

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes; see `Source`."""
        with self._opened() as container:
            stream: PcmStream | None = None
            start = 0
            for planes, rate_hz in self._decoded(container):
                if stream is None or stream.rate_in_hz != rate_hz:
                    if stream is not None:
                        yield _moved(stream.finish(), start)
                        start += stream.end_sample
                    stream = PcmStream(rate_hz, self._rate_out_hz)
                yield _moved(stream.feed(planes.mean(axis=0, dtype=np.float32)), start)
            if stream is not None:
                yield _moved(stream.finish(), start)

    def close(self) -> None:
        """Decode no further."""
        self._is_open = False

    def _opened(self) -> InputContainer:
        options = {
            "format_whitelist": _CONTAINERS,
            "protocol_whitelist": "",
            "probesize": str(_PROBED_BYTES),
            "analyzeduration": str(round(_PROBED_SECONDS * 1e6)),
        }
        try:
            container = av.open(
                self._reader,
                "r",
                options=options,
                buffer_size=_BUFFER_BYTES,
                metadata_errors="ignore",
            )
        except FFmpegError as error:
            raise SourceError(
                f"What comes from {self.name} is no sound that can be read here; use MP3, AAC, Ogg, Opus, FLAC or WAV."
            ) from error
        if not container.streams.audio:
            container.close()
            raise SourceError(f"What comes from {self.name} holds no sound.")
        return container

    def _decoded(self, container: InputContainer) -> Iterator[tuple[NDArray[np.float32], int]]:
        to_float = AudioResampler(format="fltp")
        n_broken = 0
        packets = container.demux(container.streams.audio[0])
        while self._is_open:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                decoded = [made for frame in packet.decode() for made in to_float.resample(frame)]
                frames = [(_planes(frame), frame.sample_rate) for frame in decoded]
                n_broken = 0
            except (InvalidDataError, _NonFiniteError) as error:
                n_broken += 1
                if n_broken > _MOST_BROKEN_PACKETS:
                    raise SourceError(f"What comes from {self.name} can be decoded no longer.") from error
                continue
            except FFmpegError as error:
                raise SourceError(f"{self.name} broke off ({error.strerror}).") from error
            for planes, rate_hz in frames:
                if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
                    raise SourceError(f"{self.name} is at {rate_hz} Hz, which cannot be used.")
                yield planes, rate_hz


class _NonFiniteError(Exception):
    """A packet holds NaN or infinite samples, which is as good as broken."""


def _planes(frame: AudioFrame) -> NDArray[np.float32]:
    planes: NDArray[np.float32] = np.asarray(frame.to_ndarray(), dtype=np.float32)
    if not np.isfinite(planes).all():
        raise _NonFiniteError
    return planes


def _moved(block: Block, start: int) -> Block:
    """Place a block of a stretch in the whole."""
    return Block(start + block.start_sample, block.samples)
