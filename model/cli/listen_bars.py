"""Ten live bars in a terminal, drawn by rich."""

from __future__ import annotations

from types import TracebackType
from typing import Final

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from model.checkpoint import Card
from model.cli.listen_output import Event, clock, whole_in_words
from model.result import leading_genre
from model.scorer import State, WindowScore
from model.sources.follow import Title
from model.summary import Summary

_BAR_WIDTH: Final = 40
_REFRESH_HZ: Final = 10


class Bars:
    """The last window as one bar a genre, with what was heard so far beside it."""

    def __init__(self, card: Card) -> None:
        self._genres = card.genres
        self._rate_hz = card.params.audio.sample_rate_hz
        self._window_seconds = card.params.audio.window_seconds
        self._live = Live(refresh_per_second=_REFRESH_HZ)
        self._source = ""
        self._title = ""

    def __enter__(self) -> Bars:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def begin(self, source: str, hop_samples: int) -> None:  # noqa: ARG002 -- as every output
        """Say what is listened to."""
        self._source = source
        self._live.update(Text(f"listening to {source}; the first scores come after {self._window_seconds:g} s"))

    def show(self, event: Event, so_far: Summary) -> None:
        """Draw a window; note another title."""
        if isinstance(event, Title):
            self._title = event.text
        elif isinstance(event, WindowScore):
            self._live.update(self._drawn(event, so_far))

    def end(self, whole: Summary) -> None:
        """Sum up below the last bars."""
        self._live.console.print(whole_in_words(whole, self._genres), highlight=False)

    def _drawn(self, score: WindowScore, so_far: Summary) -> RenderableType:
        lead = leading_genre(self._genres, score.probabilities, score.state)
        heard = f"heard {clock(score.start_sample / self._rate_hz)} - {clock(score.end_sample / self._rate_hz)}"
        head = Text.assemble((lead or score.state.value, "bold"), f"   {heard}   {score.level_dbfs:.0f} dBFS")
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        table.add_column("now", width=_BAR_WIDTH)
        table.add_column("", justify="right")
        table.add_column("so far", justify="right")
        is_silent = score.state is State.SILENCE
        for genre, now, before in zip(self._genres, score.probabilities, so_far.probabilities, strict=True):
            style = "bold" if genre == lead else "dim" if lead is None else ""
            bar = ProgressBar(total=1.0, completed=0.0 if is_silent else float(now), width=_BAR_WIDTH)
            value = "" if is_silent else f"{now:.2f}"
            table.add_row(Text(genre, style), bar, Text(value, style), f"{before:.2f}")
        return Group(Text(" - ".join(filter(None, (self._source, self._title))), "dim"), head, table)
