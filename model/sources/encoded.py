"""Compressed sound that comes in order and may never end: a pipe, or the body of a radio station's answer.

It goes through the decoder of files (`model.audio.decode`), so the same bytes give the same sound. What needs to look
back is refused, as a file whose index lies at its end.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Final, Protocol

from av.error import FFmpegError

from model.audio.decode import Decoding
from model.audio.limits import Limits
from model.audio.warnings import AudioWarning
from model.errors import AudioError, SourceError
from model.params import AudioParams
from model.sources.block import Block

_NO_LIMITS: Final = Limits(max_bytes=sys.maxsize, max_seconds=math.inf)


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
        self.warnings: tuple[AudioWarning, ...] = ()
        """What there is to say of the sound; all of it once the blocks have been taken."""
        self._reader = reader
        self._params = AudioParams(sample_rate_hz=rate_out_hz)
        self._is_open = True

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes; see `Source`."""
        start = 0
        try:
            with Decoding(
                self._reader,
                name=f"What comes from {self.name}",
                limits=_NO_LIMITS,
                params=self._params,
                is_live=True,
            ) as decoding:
                for samples in decoding.blocks():
                    self.warnings = decoding.warnings
                    yield Block(start, samples)
                    start += len(samples)
                    if not self._is_open:
                        return
                self.warnings = decoding.warnings
        except AudioError as error:
            raise SourceError(str(error)) from error
        except FFmpegError as error:
            raise SourceError(f"{self.name} broke off ({error.strerror}).") from error

    def close(self) -> None:
        """Decode no further."""
        self._is_open = False
