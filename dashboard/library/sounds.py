"""The sound of a track: decoded in a process of its own, kept while there is room, streamed where it is long."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.decoding.decoders import Decoders, Decoding
from dashboard.decoding.jobs import Bounds, Job
from dashboard.errors import UnknownTrackError
from dashboard.library.growing import GrowingFile, GrowingFiles
from dashboard.library.heard import Heard, Spill
from dashboard.library.record import TrackRecord, unless_removed
from dashboard.library.turns import Turns
from dashboard.watching.metrics import Metrics
from model.audio.limits import Limits
from model.audio.playable import PlayableForm
from model.audio.track import Track
from model.params import AudioParams

_SAMPLE_BYTES: Final = np.dtype(np.float32).itemsize
_READ_BYTES: Final = 64 * 2**10 * _SAMPLE_BYTES


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
        of it is kept on disk.
    max_jobs : int
        Tracks decoded side by side, beside those that are scored or played meanwhile.
    files : GrowingFiles, optional
        Keep the sound of long tracks; without, and where one would take more than all their room, such a track is
        decoded anew each time.
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
        files: GrowingFiles | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.params = params
        self.limits = limits
        self._decoders = decoders
        self._files = files
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
        spill = Spill(path, self._is_short, None if self._files is None else self._files.max_bytes)
        with self.job(), spill, self._open(path, self._job(name)) as decoding:
            for block in decoding.blocks():
                spill.take(block)
            decoded = decoding.decoded
            samples = spill.finish()
        track = None if samples is None else Track(samples, self.params.sample_rate_hz, name, decoded.warnings)
        return Heard(decoded, spill.n_samples, track, spill.path)

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
        file = self._on_disk(record)
        yield from self._decoded(record) if file is None else _read(file, 0)

    def stretch(self, record: TrackRecord, start: int, end: int) -> NDArray[np.float32]:
        """Give some of what the network hears of a track, from one sample to before another; raises as `blocks`."""
        file = None if self._is_short(record.duration_samples) else self._on_disk(record)
        blocks = self.blocks(record) if file is None else _read(file, start)
        position = start if file else 0
        parts = []
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

    def keep_spilled(self, record: TrackRecord, heard: Heard) -> None:
        """Keep the sound of a long track that was just decoded, if there is room."""
        if self._files is not None and heard.spilled is not None:
            with unless_removed(record):
                self._files.adopt(heard.spilled, record.samples_path)

    def close(self) -> None:
        """Stop writing."""
        if self._files is not None:
            self._files.close()

    def job(self) -> AbstractContextManager[None]:
        """Wait for one's turn to decode; see `Turns.take`."""
        return self._jobs.take()

    def _decoded(self, record: TrackRecord) -> Generator[NDArray[np.float32], None, None]:
        with unless_removed(record), self._open(record.path, self._job(record.title)) as decoding:
            yield from decoding.blocks()

    def _on_disk(self, record: TrackRecord) -> GrowingFile | None:
        """Give the file with the sound of a long track; None where there cannot be one."""
        n_bytes = record.duration_samples * _SAMPLE_BYTES
        if self._files is None or n_bytes > self._files.max_bytes:
            return None
        contents = lambda: (block.tobytes() for block in self._decoded(record))  # noqa: E731
        return self._files.file(record, record.samples_path, n_bytes, contents)

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
        return n_samples * _SAMPLE_BYTES <= self._cache_bytes // 2

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


class _Decoding:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_callers = 0


def _read(file: GrowingFile, start: int) -> Generator[NDArray[np.float32], None, None]:
    """Read a file of samples from one of them on, as far as it is written and then as it grows."""
    position = start * _SAMPLE_BYTES
    rest = b""
    with file.open() as stream:
        stream.seek(position)
        while n_there := file.wait_for(position):
            content = stream.read(min(n_there, _READ_BYTES))
            position += len(content)
            content = rest + content
            n_whole = len(content) - len(content) % _SAMPLE_BYTES
            rest = content[n_whole:]
            yield np.frombuffer(content, np.float32, n_whole // _SAMPLE_BYTES)
