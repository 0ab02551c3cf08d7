"""The sound of a track: decoded in a process of its own, kept while there is room, streamed where it is long."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.decoding.decoders import Decoders, Decoding
from dashboard.decoding.jobs import Bounds, Decoded, Job
from dashboard.errors import BusyError, UnknownTrackError
from dashboard.library.record import TrackRecord
from dashboard.watching.metrics import Metrics
from model.audio.limits import Limits
from model.audio.playable import PlayableForm
from model.audio.track import Track
from model.params import AudioParams

_PATIENCE_SECONDS: Final = 30.0


class Turns:
    """Lets a few work at a time, and the others wait for a while.

    Parameters
    ----------
    n : int
        How many.
    """

    def __init__(self, n: int) -> None:
        self._free = threading.BoundedSemaphore(n)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for one's turn, and have it.

        Raises
        ------
        BusyError
            If it does not come within half a minute.
        """
        if not self._free.acquire(timeout=_PATIENCE_SECONDS):
            raise BusyError("Too many tracks are being worked on at this moment; try again in a few seconds.")
        try:
            yield
        finally:
            self._free.release()


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
        Its sound, unless it is too long to be kept.
    """

    decoded: Decoded
    n_samples: int
    track: Track | None


class Sounds:
    """Decodes tracks; keeps short ones.

    Parameters
    ----------
    params : AudioParams
        The model's rate and window.
    limits : Limits
        What the decoder accepts.
    decoders : Decoders
        Decode, in processes of their own.
    bounds : Bounds
        What one file may use of them.
    cache_bytes : int
        Decoded sound kept in memory, in bytes; the least recently used goes first. A track that takes more than half
        of it is decoded anew each time, block by block.
    max_jobs : int
        Tracks decoded side by side, beside those that are scored or played meanwhile.
    metrics : Metrics, optional
        Count seconds of decoding.
    """

    def __init__(
        self,
        params: AudioParams,
        limits: Limits,
        *,
        decoders: Decoders,
        cache_bytes: int,
        max_jobs: int,
        bounds: Bounds | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.params = params
        self.limits = limits
        self._decoders = decoders
        self._metrics = metrics or Metrics()
        self._bounds = bounds or Bounds()
        self._cache_bytes = cache_bytes
        self._jobs = Turns(max_jobs)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Track] = OrderedDict()
        self._in_use: weakref.WeakValueDictionary[str, Track] = weakref.WeakValueDictionary()
        self._decodings: dict[str, _Decoding] = {}

    def hear(self, path: Path, name: str) -> Heard:
        """Decode a whole file, which shows whether it can be used.

        Parameters
        ----------
        path : Path
            The file.
        name : str
            What to call it in messages.

        Returns
        -------
        Heard
            What is in it.

        Raises
        ------
        AudioError, DecoderError
            If it cannot be used.
        BusyError
            If too much is being decoded.
        """
        kept: list[NDArray[np.float32]] | None = []
        n_samples = 0
        with self.job(), self._open(path, self._job(name)) as decoding:
            for block in decoding.blocks():
                n_samples += len(block)
                if kept is not None and self._is_short(n_samples):
                    kept.append(block)
                else:
                    kept = None
            decoded = decoding.decoded
        track = None
        if kept is not None:
            track = Track(np.concatenate(kept), self.params.sample_rate_hz, name, decoded.warnings)
        return Heard(decoded, n_samples, track)

    def open(self, path: Path, name: str, *, params: AudioParams | None = None) -> AbstractContextManager[Decoding]:
        """Decode a file block by block; the process that does so ends when this is left.

        Parameters
        ----------
        path, name
            As for `hear`.
        params : AudioParams, optional
            The rate, and the window that it must fill; the default model's without.

        Returns
        -------
        context manager
            Gives the `Decoding`.
        """
        return self._open(path, self._job(name, params=params))

    def blocks(self, record: TrackRecord) -> Generator[NDArray[np.float32], None, None]:
        """Give what the network hears of a track, from its start; a short one comes in one block.

        Parameters
        ----------
        record : TrackRecord
            The track.

        Yields
        ------
        np.ndarray [shape=(n,)], float32
            Mono samples at the model's rate; shared, not to be changed.

        Raises
        ------
        AudioError, DecoderError
            If its file has become unusable.
        UnknownTrackError
            If it was removed.
        BusyError
            If too much is being decoded.
        """
        if self._is_short(record.duration_samples):
            yield self._whole(record).samples
            return
        with unless_removed(record), self._open(record.path, self._job(record.title)) as decoding:
            yield from decoding.blocks()

    def stretch(self, record: TrackRecord, start: int, end: int) -> NDArray[np.float32]:
        """Give some of what the network hears of a track, from one sample to before another; raises as `blocks`."""
        parts = []
        position = 0
        blocks = self.blocks(record)
        with contextlib.closing(blocks):
            for block in blocks:
                parts.append(block[max(0, start - position) : max(0, end - position)])
                position += len(block)
                if position >= end:
                    break
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def playable(self, record: TrackRecord, form: PlayableForm) -> Iterator[bytes]:
        """Give the sound of a track to play, in a form; raises as `blocks` does."""
        job = self._job(record.title, playable=form)
        with unless_removed(record), self._open(record.path, job) as decoding:
            yield from decoding.contents()

    def keep(self, identity: str, track: Track) -> None:
        """Keep the sound of a track that was decoded elsewhere."""
        with self._lock:
            self._in_use[identity] = track
            self._kept[identity] = track
            self._kept.move_to_end(identity)
            while self._kept and sum(kept.samples.nbytes for kept in self._kept.values()) > self._cache_bytes:
                self._kept.popitem(last=False)

    def job(self) -> AbstractContextManager[None]:
        """Wait for one's turn to decode; see `Turns.take`."""
        return self._jobs.take()

    def _whole(self, record: TrackRecord) -> Track:
        with self._alone(record.id):
            track = self._recall(record.id)
            if track is None:
                with unless_removed(record):
                    heard = self.hear(record.path, record.title)
                if heard.track is None:  # the record says it is short
                    raise UnknownTrackError(f"The file of {record.title} has changed; add it again.")
                track = heard.track
                self.keep(record.id, track)
        return track

    @contextmanager
    def _open(self, path: Path, job: Job) -> Iterator[Decoding]:
        begun = time.perf_counter()
        try:
            with self._decoders.open(path, job) as decoding:
                yield decoding
        finally:
            self._metrics.decoding_seconds.inc(time.perf_counter() - begun)

    def _job(self, name: str, *, params: AudioParams | None = None, playable: PlayableForm | None = None) -> Job:
        return Job(name, self.limits, params or self.params, self._bounds, playable)

    def _is_short(self, n_samples: int) -> bool:
        return n_samples * np.dtype(np.float32).itemsize <= self._cache_bytes // 2

    def _recall(self, identity: str) -> Track | None:
        with self._lock:
            if identity in self._kept:
                self._kept.move_to_end(identity)
            return self._in_use.get(identity)

    @contextmanager
    def _alone(self, identity: str) -> Iterator[None]:
        """Let one caller at a time work on a track; the others find its result."""
        with self._lock:
            decoding = self._decodings.setdefault(identity, _Decoding())
            decoding.n_callers += 1
        try:
            with decoding.lock:
                yield
        finally:
            with self._lock:
                decoding.n_callers -= 1
                if not decoding.n_callers:
                    del self._decodings[identity]


@contextmanager
def unless_removed(record: TrackRecord) -> Iterator[None]:
    """Say that a track is gone if its files vanish in the middle of work."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnknownTrackError(f"{record.title} was removed in the meantime; choose another track.") from error


class _Decoding:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_callers = 0
