"""What the models hear in sound that flows: windows are scored as they end, and those that come too late are shed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from model.checkpoint import Card
from model.scorer import Scorer, WindowScore
from model.sources.block import Block
from model.sources.follow import Gap, StreamWindower
from model.summary import RunningSummary, Summary
from model.windows import Window, hop_from_seconds


class Ear:
    """One model that listens.

    Parameters
    ----------
    name : str
        What it is called in addresses.
    scorer : Scorer
        It.
    hop_seconds : float
        Distance between windows.

    Raises
    ------
    ParameterError
        If the hop is out of range.
    """

    def __init__(self, name: str, scorer: Scorer, hop_seconds: float) -> None:
        self.name = name
        self.scorer = scorer
        self.hop_samples = hop_from_seconds(hop_seconds, self.card.params.audio)
        self.windower = StreamWindower(self.card.params.audio, self.hop_samples)
        self.running = RunningSummary(len(self.card.genres))
        self.heard: list[WindowScore] = []

    @property
    def card(self) -> Card:
        """What the model is."""
        return self.scorer.classifier.card


@dataclass(frozen=True, eq=False)
class Heard:
    """What one model hears in a window, and has heard up to and with it; `arrived` is when its last sample came."""

    ear: Ear
    score: WindowScore
    so_far: Summary
    arrived: float


@dataclass(frozen=True, eq=False)
class Shed:
    """Windows that were left unscored because the service was too far behind: numbers of the first and the last."""

    ear: Ear
    first: int
    last: int


class Hearing:
    """Cuts one stream into the windows of each model, and scores those that wait.

    Parameters
    ----------
    ears : sequence of Ear
        The models.
    backlog_seconds : float
        How far the oldest window that waits may lie behind the newest; infinite where the sender waits for the scores.
    clock : callable, optional
        Gives the time in seconds.
    """

    def __init__(self, ears: Sequence[Ear], *, backlog_seconds: float, clock: Callable[[], float] = time.time) -> None:
        self.ears = ears
        self._clock = clock
        self._backlog_samples = backlog_seconds * ears[0].card.params.audio.sample_rate_hz
        self._waiting: deque[tuple[Ear, Window, float]] = deque()

    @property
    def end_sample(self) -> int:
        """How far the stream has come, at the model's rate."""
        return self.ears[0].windower.end_sample

    @property
    def backlog_samples(self) -> int:
        """How far scoring is behind."""
        return self.end_sample - self._waiting[0][1].end_sample if self._waiting else 0

    def take(self, block: Block) -> Gap | None:
        """Take the next block; tell of the gap before it, if there is one."""
        gap = Gap(self.end_sample, block.start_sample) if block.start_sample > self.end_sample else None
        for ear in self.ears:
            self._wait(ear, ear.windower.feed(block))
        return gap

    def finish(self) -> None:
        """End the stream."""
        for ear in self.ears:
            self._wait(ear, ear.windower.finish())

    def scores(self) -> Iterator[Heard | Shed]:
        """Score what waits, in order of time; shed the oldest first where it is too much.

        Yields
        ------
        Heard or Shed
            Each model's windows in order.
        """
        yield from self._shed()
        waiting, self._waiting = self._waiting, deque()
        for ear in self.ears:
            arrivals = deque(arrived for whose, _, arrived in waiting if whose is ear)
            for score in ear.scorer.score_all(window for whose, window, _ in waiting if whose is ear):
                ear.heard.append(score)
                yield Heard(ear, score, ear.running.add(score), arrivals.popleft())

    def _wait(self, ear: Ear, windows: Iterator[Window]) -> None:
        self._waiting.extend((ear, window, self._clock()) for window in windows)

    def _shed(self) -> Iterator[Shed]:
        if not self._waiting:
            return
        oldest_kept = max(window.end_sample for _, window, _ in self._waiting) - self._backlog_samples
        for ear in self.ears:
            late = [w.index for whose, w, _ in self._waiting if whose is ear and w.end_sample < oldest_kept]
            if late:
                yield Shed(ear, late[0], late[-1])
        self._waiting = deque(each for each in self._waiting if each[1].end_sample >= oldest_kept)
