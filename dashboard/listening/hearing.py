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


@dataclass(frozen=True, eq=False)
class Waiting:
    """A window that one model has still to score."""

    ear: Ear
    window: Window
    arrived: float


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
        self._waiting: deque[Waiting | Gap] = deque()
        self._has_begun = False

    @property
    def end_sample(self) -> int:
        """How far the stream has come, at the model's rate."""
        return self.ears[0].windower.end_sample

    @property
    def backlog_samples(self) -> int:
        """How far scoring is behind."""
        oldest = next(iter(self._windows()), None)
        return self.end_sample - oldest.window.end_sample if oldest else 0

    def take(self, block: Block) -> None:
        """Take the next block; what is missing before it is told in its turn, but before the first nothing is."""
        if self._has_begun and block.start_sample > self.end_sample:
            self.finish()
            self._waiting.append(Gap(self.end_sample, block.start_sample))
        self._has_begun = True
        for ear in self.ears:
            self._wait(ear, ear.windower.feed(block))

    def finish(self) -> None:
        """End the stretch, and with it the stream if nothing more comes."""
        for ear in self.ears:
            self._wait(ear, ear.windower.finish())

    def scores(self) -> Iterator[Heard | Shed | Gap]:
        """Score what waits, in order of time; shed the oldest first where it is too much.

        Yields
        ------
        Heard, Shed or Gap
            Each model's windows in order; a gap after all that ended before it, and before all behind it.
        """
        yield from self._shed()
        waiting, self._waiting = self._waiting, deque()
        stretch: list[Waiting] = []
        for each in waiting:
            if isinstance(each, Gap):
                yield from self._scored(stretch)
                yield each
                stretch = []
            else:
                stretch.append(each)
        yield from self._scored(stretch)

    def _scored(self, stretch: Sequence[Waiting]) -> Iterator[Heard]:
        for ear in self.ears:
            arrivals = deque(each.arrived for each in stretch if each.ear is ear)
            for score in ear.scorer.score_all(each.window for each in stretch if each.ear is ear):
                ear.heard.append(score)
                yield Heard(ear, score, ear.running.add(score), arrivals.popleft())

    def _windows(self) -> Iterator[Waiting]:
        return (each for each in self._waiting if isinstance(each, Waiting))

    def _wait(self, ear: Ear, windows: Iterator[Window]) -> None:
        self._waiting.extend(Waiting(ear, window, self._clock()) for window in windows)

    def _shed(self) -> Iterator[Shed]:
        newest = max((each.window.end_sample for each in self._windows()), default=0)
        oldest_kept = newest - self._backlog_samples
        for ear in self.ears:
            late = [
                each.window.index
                for each in self._windows()
                if each.ear is ear and each.window.end_sample < oldest_kept
            ]
            if late:
                yield Shed(ear, late[0], late[-1])
        self._waiting = deque(
            each for each in self._waiting if isinstance(each, Gap) or each.window.end_sample >= oldest_kept
        )
