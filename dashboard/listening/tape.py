"""Sound that comes in blocks, taken in stretches from left to right."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Tape:
    """Gives stretches of a sound that comes in blocks, from left to right; silence before and after it."""

    def __init__(self, blocks: Iterable[NDArray[np.float32]]) -> None:
        self._blocks = iter(blocks)
        self._held = np.zeros(0, np.float32)
        self._start = 0

    def stretch(self, start: int, n: int) -> NDArray[np.float32]:
        """Give `n` samples from `start` on; no start may lie before an earlier one."""
        parts = [self._held]
        n_held = len(self._held)
        while self._start + n_held < start + n and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            n_held += len(block)
        held = parts[0] if len(parts) == 1 else np.concatenate(parts)
        passed = min(max(0, start - self._start), len(held))
        self._held, self._start = held[passed:], self._start + passed
        inside = self._held[: max(0, start + n - self._start)]
        before = max(0, -start)
        return np.pad(inside, (before, n - before - len(inside)))
