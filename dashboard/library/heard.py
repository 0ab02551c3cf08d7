"""Sound that is decoded for the first time: held in memory while it is short, else written beside its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np
from numpy.typing import NDArray

from dashboard.decoding.jobs import Decoded
from dashboard.library.record import SAMPLES_SUFFIX
from model.audio.track import Track

_SAMPLE_BYTES: Final = np.dtype(np.float32).itemsize


@dataclass(frozen=True, eq=False)
class Heard:
    """A file that was decoded from its start to its end.

    Attributes
    ----------
    decoded : Decoded
        What there is to say of it.
    n_samples : int
        Its length at the model's rate.
    track : Track or None
        Its sound, unless it is too long for memory.
    spilled : Path or None
        A file with its sound, where it is; whoever has this moves it or removes it.
    """

    decoded: Decoded
    n_samples: int
    track: Track | None
    spilled: Path | None = None

    def discard(self) -> None:
        """Remove the file, if it was not moved away."""
        if self.spilled is not None:
            self.spilled.unlink(missing_ok=True)


class Spill:
    """Takes the blocks of one file.

    Parameters
    ----------
    beside : Path
        The file that is decoded.
    is_short : callable
        Tells whether so many samples stay in memory.
    max_bytes : int or None
        Most that is written; what is longer is let go. None writes nothing.
    """

    def __init__(self, beside: Path, is_short: Callable[[int], bool], max_bytes: int | None) -> None:
        self.n_samples = 0
        self.path: Path | None = None
        self._place = beside.with_name(f"{beside.name}{SAMPLES_SUFFIX}")
        self._is_short = is_short
        self._most_samples = (max_bytes or 0) // _SAMPLE_BYTES
        self._blocks: list[NDArray[np.float32]] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        if kind is not None:
            self._let_go()

    def take(self, block: NDArray[np.float32]) -> None:
        """Take the next block."""
        self.n_samples += len(block)
        if self._is_short(self.n_samples):
            self._blocks.append(block)
        elif self.n_samples > self._most_samples:
            self._let_go()
        else:
            if self._file is None:
                self.path = self._place
                self._file = self._place.open("wb")
            for each in (*self._blocks, block):
                self._file.write(each.tobytes())
            self._blocks = []

    def finish(self) -> NDArray[np.float32] | None:
        """Give all samples, if they are in memory."""
        return np.concatenate(self._blocks) if self._blocks else None

    def _let_go(self) -> None:
        self._blocks = []
        if self._file is not None:
            self._file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None
