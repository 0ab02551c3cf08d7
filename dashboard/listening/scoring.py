"""One shared, bounded scoring per track, model and window hop.

Whoever opens a track that is being scored, or was a moment ago, gets the scores there are at once and the rest as
they come. A reader who leaves stops nothing for the others; when the last one leaves, the work stops.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from dashboard.errors import BusyError, ScoringError, StoppingError
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.packing import packed, unpacked
from dashboard.sharing.kept import Kept, NothingKept
from dashboard.watching.metrics import Metrics
from model.analyzer import Analyzer
from model.checkpoint import Card
from model.errors import AudioTooShortError, GenreError
from model.scorer import Scorer, WindowScore
from model.summary import RunningSummary, Summary
from model.windows import hop_from_seconds

_log = logging.getLogger(__name__)

_Key = tuple[str, str, int]
_WINDOW_BYTES: Final = 1000  # what a scored window takes in memory, measured with ten genres


class ScoredWindow(NamedTuple):
    """A window's scores, and the summary of the track up to and with it."""

    score: WindowScore
    so_far: Summary


class Scoring:
    """Scores tracks for all readers.

    Parameters
    ----------
    sounds : Sounds
        Decodes tracks.
    cache_bytes : int
        Scores of finished tracks kept in memory, in bytes; the least recently used go first.
    max_jobs : int
        Tracks scored side by side.
    max_waiting : int
        Tracks that may wait for their turn.
    kept : Kept, optional
        Keeps scores for all workers besides.
    metrics : Metrics, optional
        Count windows and jobs.
    """

    def __init__(
        self,
        sounds: Sounds,
        *,
        cache_bytes: int,
        max_jobs: int,
        max_waiting: int,
        kept: Kept | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._sounds = sounds
        self._kept = kept or NothingKept()
        self._metrics = metrics or Metrics()
        self._max_kept_windows = cache_bytes // _WINDOW_BYTES
        self._max_unfinished = max_jobs + max_waiting
        self._threads = ThreadPoolExecutor(max_jobs, thread_name_prefix="scoring")
        self._lock = threading.Lock()
        self._is_closed = False
        self._unfinished: dict[_Key, _Run] = {}
        self._finished: OrderedDict[_Key, _Run] = OrderedDict()

    def open(self, record: TrackRecord, scorer: Scorer, hop_seconds: float) -> Reader:
        """Start to read the scores of a track.

        Parameters
        ----------
        record : TrackRecord
            The track.
        scorer : Scorer
            The model that scores it.
        hop_seconds : float
            Distance between windows, 0.1 s to the model's window.

        Returns
        -------
        Reader
            To be closed by the caller.

        Raises
        ------
        ParameterError
            If the hop is out of range.
        AudioTooShortError
            If the track is shorter than the model's window.
        BusyError
            If too many tracks wait to be scored.
        StoppingError
            If all work has been stopped.
        """
        card = scorer.classifier.card
        audio = card.params.audio
        key = (record.id, card.files["litert"].sha256, hop_from_seconds(hop_seconds, audio))
        if record.duration_samples < audio.window_samples:
            raise AudioTooShortError(
                f"{record.title} lasts {record.duration_samples / audio.sample_rate_hz:.1f} s; {card.name} hears "
                f"{audio.window_seconds:g} s at a time. Use a longer track or another model."
            )
        with self._lock:
            run = self._finished.get(key) or self._unfinished.get(key)
            if run is None:
                if self._is_closed:
                    raise StoppingError()
                if len(self._unfinished) >= self._max_unfinished:
                    raise BusyError("Too many tracks are being scored at this moment; try again in a few seconds.")
                run = self._unfinished[key] = _Run()
                future = self._threads.submit(self._score, run, key, record, scorer, hop_seconds)
                self._metrics.jobs.inc()
                future.add_done_callback(lambda _: run.finish())
                future.add_done_callback(lambda _: self._metrics.jobs.dec())
            elif key in self._finished:
                self._finished.move_to_end(key)
            run.n_readers += 1
        return Reader(self, run, record, card, hop_samples=key[2])

    def close(self) -> None:
        """Stop all work; to readers it breaks off, and nothing more is begun."""
        with self._lock:
            self._is_closed = True
            for run in self._unfinished.values():
                run.is_stopped = True
        self._threads.shutdown(cancel_futures=True)

    def leave(self, run: _Run) -> None:
        """Take note that a reader has left."""
        with self._lock:
            run.n_readers -= 1

    def _score(self, run: _Run, key: _Key, record: TrackRecord, scorer: Scorer, hop_seconds: float) -> None:
        try:
            if self._is_wanted(run, key):
                is_whole = self._score_windows(run, key, record, scorer, hop_seconds)
                with self._lock:
                    self._forget(run, key)
                    if is_whole:
                        run.is_complete = True
                        self._finished[key] = run
                        self._shrink()
        except GenreError as error:
            self._fail(run, key, error)
        except Exception:  # noqa: BLE001 -- logged; the readers wait for an answer
            _log.exception("Scoring %s failed.", record.id)
            self._fail(run, key, ScoringError("The scores broke off; the reason was logged. Try again."))

    def _score_windows(self, run: _Run, key: _Key, record: TrackRecord, scorer: Scorer, hop_seconds: float) -> bool:
        name = f"scores-{key[1]}-{key[2]}"
        running = RunningSummary(len(scorer.classifier.card.genres))
        scores: Iterable[WindowScore] | None = unpacked(self._kept.get(name, of=record.id))
        is_new = scores is None
        if scores is None:
            analyzer = Analyzer(scorer, hop_seconds=hop_seconds)
            scores = analyzer.analyze_blocks(self._sounds.blocks(record))
        all_scores = []
        for score in scores:
            run.add(ScoredWindow(score, running.add(score)))
            all_scores.append(score)
            if is_new:
                self._metrics.windows.labels("track").inc()
            if not self._is_wanted(run, key):
                return False
        if is_new:
            self._kept.put(name, packed(all_scores), of=record.id)
        return True

    def _is_wanted(self, run: _Run, key: _Key) -> bool:
        """Say whether someone still reads; if not, nobody can join this run any more."""
        if run.is_stopped:
            raise StoppingError()
        with self._lock:
            if not run.n_readers:
                self._forget(run, key)
            return run.n_readers > 0

    def _fail(self, run: _Run, key: _Key, error: GenreError) -> None:
        run.error = error
        with self._lock:
            self._forget(run, key)

    def _forget(self, run: _Run, key: _Key) -> None:
        if self._unfinished.get(key) is run:  # it may be another one, begun after this was abandoned
            del self._unfinished[key]

    def _shrink(self) -> None:
        while self._finished and sum(run.n_windows for run in self._finished.values()) > self._max_kept_windows:
            self._finished.popitem(last=False)


class Reader:
    """Reads the scores of one track.

    Parameters
    ----------
    scoring : Scoring
        Where it was opened.
    run : _Run
        What it reads.
    record : TrackRecord
        The track.
    card : Card
        The model that scores it.
    hop_samples : int
        Distance between windows.
    """

    def __init__(self, scoring: Scoring, run: _Run, record: TrackRecord, card: Card, *, hop_samples: int) -> None:
        self.record = record
        self.card = card
        self.hop_samples = hop_samples
        self.so_far = RunningSummary(len(card.genres)).summary
        self._scoring = scoring
        self._run = run
        self._is_open = True

    def blocks(self) -> Iterator[list[ScoredWindow]]:
        """Read on until the end; `so_far` is then the summary of the whole.

        Yields
        ------
        list of ScoredWindow
            All that have come since the last block; never empty.

        Raises
        ------
        GenreError
            What the scores broke off for.
        """
        n_read = 0
        while block := self._run.wait_for(n_read):
            n_read += len(block)
            self.so_far = block[-1].so_far
            yield block
        if self._run.error is not None:
            raise self._run.error
        if not self._run.is_complete:
            raise StoppingError()

    def windows(self) -> Iterator[ScoredWindow]:
        """Read on until the end, window by window; raises as `blocks` does."""
        for block in self.blocks():
            yield from block

    def close(self) -> None:
        """Leave; a second time does nothing."""
        if self._is_open:
            self._is_open = False
            self._scoring.leave(self._run)


class _Run:
    """The scores of one track, as they come."""

    def __init__(self) -> None:
        self.n_readers = 0
        self.is_stopped = False
        self.is_complete = False
        self.error: GenreError | None = None
        self._windows: list[ScoredWindow] = []
        self._is_finished = False
        self._changed = threading.Condition()

    @property
    def n_windows(self) -> int:
        return len(self._windows)

    def add(self, window: ScoredWindow) -> None:
        with self._changed:
            self._windows.append(window)
            self._changed.notify_all()

    def finish(self) -> None:
        with self._changed:
            self._is_finished = True
            self._changed.notify_all()

    def wait_for(self, n_read: int) -> list[ScoredWindow]:
        """Wait for windows after the first `n_read`; none is the end."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._windows) > n_read or self._is_finished)
            return self._windows[n_read:]
