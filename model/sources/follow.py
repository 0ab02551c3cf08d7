"""From the blocks of a source to windows and scores, also where sound is missing in between.

A window never reaches across a gap: behind it, windows start anew with the first sample that came. Where nothing is
missing, windows and scores are exactly those of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from model.analyzer import Analyzer
from model.errors import ParameterError
from model.params import AudioParams
from model.scorer import WindowScore
from model.sources.block import Block, Source
from model.windows import Window, Windower


class StreamWindower:
    """Cuts the blocks of one source into windows.

    Parameters
    ----------
    params : AudioParams
        The model's window.
    hop_samples : int
        Distance between windows.
    """

    def __init__(self, params: AudioParams, hop_samples: int) -> None:
        self._windower = Windower(window_samples=params.window_samples, hop_samples=hop_samples)
        self._start = 0  # of the stretch at hand
        self._n_windows = 0

    @property
    def end_sample(self) -> int:
        """Where the next block is expected."""
        return self._start + self._windower.n_samples

    def feed(self, block: Block) -> Iterator[Window]:
        """Take the next block.

        Parameters
        ----------
        block : Block
            It may lie behind a gap, but never before what came already.

        Yields
        ------
        Window
            In order of time, numbered through, at their places in the stream.

        Raises
        ------
        ParameterError
            If the block lies before the end of what came already.
        """
        if block.start_sample < self.end_sample:
            raise ParameterError(
                f"A block starts at sample {block.start_sample}, before {self.end_sample}; a stream never goes back."
            )
        if block.start_sample > self.end_sample:
            yield from self.finish()
            self._start = block.start_sample
        yield from self._placed(self._windower.feed(block.samples))

    def finish(self) -> Iterator[Window]:
        """End the stretch; give the window that ends with it, if the regular ones did not reach its end.

        Yields
        ------
        Window
            At most one.
        """
        end = self.end_sample
        yield from self._placed(self._windower.finish())
        self._start = end

    def _placed(self, windows: Iterator[Window]) -> Iterator[Window]:
        for window in windows:
            yield replace(
                window,
                index=self._n_windows,
                start_sample=self._start + window.start_sample,
                end_sample=self._start + window.end_sample,
            )
            self._n_windows += 1


@dataclass(frozen=True)
class Gap:
    """Sound is missing: from one sample up to another."""

    start_sample: int
    end_sample: int


@dataclass(frozen=True)
class Title:
    """From a sample on, something else plays, as the source says."""

    start_sample: int
    text: str


def follow(source: Source, analyzer: Analyzer) -> Iterator[WindowScore | Gap | Title]:
    """Score a source as it flows: each window as soon as its last sample has come.

    Parameters
    ----------
    source : Source
        The sound; left open.
    analyzer : Analyzer
        Its scorer and hop are used; its own stream is left alone.

    Yields
    ------
    WindowScore, Gap or Title
        In order of time.

    Raises
    ------
    SourceError
        If the sound cannot be had any longer.
    """
    windower = StreamWindower(analyzer.params, analyzer.hop_samples)
    title = None
    for block in source.blocks():
        if block.start_sample > windower.end_sample:
            yield from analyzer.scorer.score_all(windower.finish())
            yield Gap(windower.end_sample, block.start_sample)
        if block.title and block.title != title:
            title = block.title
            yield Title(block.start_sample, title)
        yield from analyzer.scorer.score_all(windower.feed(block))
    yield from analyzer.scorer.score_all(windower.finish())
