"""Raw PCM that comes in chunks of any size, at any rate: to mono float32 at the model's rate, as a file would give it.

The resampler is the one that decodes files, so a stream in any chunking gives the very samples of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from model.audio.resample import Resampler
from model.errors import ParameterError, SampleRateError
from model.sources.block import Block

LOWEST_RATE_HZ: Final = 4_000
HIGHEST_RATE_HZ: Final = 384_000
MOST_CHANNELS: Final = 32

_FULL_SCALE: Final = 32_768
_READ_SECONDS: Final = 0.05


class Pcm16:
    """Turns 16-bit little-endian PCM into mono float32; a sample that is cut in two by chunks is put together.

    Parameters
    ----------
    n_channels : int
        Interleaved channels, which are averaged.

    Raises
    ------
    ParameterError
        If the number of channels is out of range.
    """

    def __init__(self, n_channels: int = 1) -> None:
        if not 1 <= n_channels <= MOST_CHANNELS:
            raise ParameterError(f"The sound has {n_channels} channels; use 1 to {MOST_CHANNELS}.")
        self._n_channels = n_channels
        self._rest = b""

    def feed(self, chunk: bytes) -> NDArray[np.float32]:
        """Take the next bytes.

        Parameters
        ----------
        chunk : bytes
            Any number of them.

        Returns
        -------
        np.ndarray [shape=(n,)], float32
            The samples that are whole by now.
        """
        content = self._rest + chunk if self._rest else chunk
        n_bytes = len(content) - len(content) % (2 * self._n_channels)
        self._rest = content[n_bytes:]
        samples = np.frombuffer(content, "<i2", count=n_bytes // 2).astype(np.float32)
        samples /= _FULL_SCALE
        if self._n_channels == 1:
            return samples
        mono: NDArray[np.float32] = samples.reshape(-1, self._n_channels).mean(axis=1, dtype=np.float32)
        return mono


class PcmStream:
    """Mono samples at a device's rate in, blocks at the model's rate out.

    Parameters
    ----------
    rate_in_hz : int
        The device's rate.
    rate_out_hz : int
        The model's.

    Raises
    ------
    SampleRateError
        If the device's rate is out of range.
    """

    def __init__(self, rate_in_hz: int, rate_out_hz: int) -> None:
        if not LOWEST_RATE_HZ <= rate_in_hz <= HIGHEST_RATE_HZ:
            raise SampleRateError(
                f"The sound comes at {rate_in_hz} Hz; it must lie between {LOWEST_RATE_HZ} and {HIGHEST_RATE_HZ} Hz."
            )
        self.rate_in_hz = rate_in_hz
        self.rate_out_hz = rate_out_hz
        self._n_in = 0
        self._begin()

    @property
    def n_samples_in(self) -> int:
        """Samples of the device so far, those that are missing included."""
        return self._n_in

    @property
    def end_sample(self) -> int:
        """Where the next block starts, at the model's rate."""
        return self._start + self._n_out

    def feed(self, samples: NDArray[np.float32]) -> Block:
        """Take the next samples.

        Parameters
        ----------
        samples : np.ndarray [shape=(n,)], float32
            Mono, at the device's rate.

        Returns
        -------
        Block
            What is ready of them, and of those before.
        """
        self._n_in += len(samples)
        return self._given(self._resampler.feed(samples))

    def finish(self) -> Block:
        """End the stretch; give what the resampler held back. More may be fed, as a new stretch."""
        block = self._given(self._resampler.finish())
        self._begin()
        return block

    def skip(self, n_samples: int) -> Block:
        """Take note that samples are missing; what comes next is a new stretch behind the gap.

        Parameters
        ----------
        n_samples : int
            How many, at the device's rate.

        Returns
        -------
        Block
            The rest of the stretch before.

        Raises
        ------
        ParameterError
            If the number is negative.
        """
        if n_samples < 0:
            raise ParameterError(f"{n_samples} samples cannot be missing; a stream never goes back.")
        block = self.finish()
        self._n_in += n_samples
        self._begin()
        return block

    def _begin(self) -> None:
        self._start = round(self._n_in * self.rate_out_hz / self.rate_in_hz)
        self._n_out = 0
        self._resampler = Resampler(self.rate_in_hz, self.rate_out_hz)

    def _given(self, samples: NDArray[np.float32]) -> Block:
        block = Block(self.end_sample, samples)
        self._n_out += len(samples)
        return block


class Readable(Protocol):
    """What raw PCM can be read from; `read1` gives what is there and waits only for the first byte."""

    def read1(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes; none is the end."""
        ...


class PcmPipe:
    """A source of raw 16-bit little-endian PCM, for example standard input.

    Parameters
    ----------
    file : Readable
        Gives the bytes.
    rate_hz : int
        Its sample rate.
    n_channels : int
        Its channels, interleaved.
    rate_out_hz : int
        The model's rate.
    name : str
        What to call it.
    """

    def __init__(
        self, file: Readable, *, rate_hz: int, n_channels: int, rate_out_hz: int, name: str = "the pipe"
    ) -> None:
        self.name = name
        self._file = file
        self._pcm = Pcm16(n_channels)
        self._stream = PcmStream(rate_hz, rate_out_hz)
        self._n_bytes = max(1, round(_READ_SECONDS * rate_hz)) * 2 * n_channels
        self._is_open = True

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes; see `Source`."""
        while self._is_open and (chunk := self._file.read1(self._n_bytes)):
            yield self._stream.feed(self._pcm.feed(chunk))
        yield self._stream.finish()

    def close(self) -> None:
        """Read no further."""
        self._is_open = False
