"""Training batches: windows of every source, changed by the augmenter, beside what they should teach.

The batch of a step depends on the seed and the step's number only, so a resumed run sees the batches it would have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import numpy as np

from model.study.training.augment import Augmenter
from model.study.training.sources import Batch, Source

_BATCHES_AHEAD: Final = 3


class Batches:
    """Draws batches.

    Parameters
    ----------
    sources : sequence of (source, int)
        Where windows come from and how many of each batch; in this order.
    augmenter : Augmenter
        Changes the windows.
    seed : int
        Of all chance.
    """

    def __init__(self, sources: Sequence[tuple[Source, int]], augmenter: Augmenter, *, seed: int) -> None:
        self._sources = [(source, n) for source, n in sources if n]
        self._augmenter = augmenter
        self._seed = seed

    def draw(self, step: int) -> Batch:
        """Draw the batch of a step, counted from 0."""
        random = np.random.default_rng([self._seed, step])
        drawn = [source.draw(n, self._augmenter, random) for source, n in self._sources]
        whole = Batch(*(np.concatenate(parts) for parts in zip(*(batch for batch, _ in drawn), strict=True)))
        treble_chance = np.concatenate([chance for _, chance in drawn])
        return whole._replace(windows_db=self._augmenter.change(whole.windows_db, random, treble_chance))

    def stream(self, steps: range) -> Iterator[Batch]:
        """Draw the batches of some steps, a few ahead of the reader."""
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
            under_way: deque[Future[Batch]] = deque()
            for step in steps:
                under_way.append(thread.submit(self.draw, step))
                if len(under_way) > _BATCHES_AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
