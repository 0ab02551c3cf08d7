"""The one interface of all that flows: a source yields blocks of mono sound, each with its place in the stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Block:
    """Some sound of a stream.

    Attributes
    ----------
    start_sample : int
        Its place in the stream, at the model's rate. Between it and the end of the block before, sound is missing.
    samples : np.ndarray [shape=(n,)], float32
        Mono, at the model's rate; may be empty.
    title : str or None
        What plays, where the source says so.
    """

    start_sample: int
    samples: NDArray[np.float32]
    title: str | None = None

    @property
    def end_sample(self) -> int:
        """One past its last sample."""
        return self.start_sample + len(self.samples)


class Source(Protocol):
    """Sound that flows, in order of time, never going back.

    Attributes
    ----------
    name : str
        What to call it, for people.
    """

    name: str

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes, until it ends; to be called once.

        Yields
        ------
        Block
            At the model's rate.

        Raises
        ------
        SourceError
            If the sound cannot be had, or cannot be had any longer.
        """
        ...

    def close(self) -> None:
        """Let go of the device, the pipe or the connection; `blocks` then ends."""
        ...
