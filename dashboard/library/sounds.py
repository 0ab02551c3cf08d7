"""The sound of a track: decoded once however many ask at a time, kept while there is room, written out for playing."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from dashboard.errors import BusyError, UnknownTrackError
from dashboard.library.record import TrackRecord
from model.audio.decode import decode
from model.audio.encode import encode_wav
from model.audio.limits import Limits
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


class Sounds:
    """Decoded tracks.

    Parameters
    ----------
    params : AudioParams
        The model's rate and window.
    limits : Limits
        What the decoder accepts.
    cache_bytes : int
        Decoded sound kept in memory, in bytes; the least recently used goes first.
    max_jobs : int
        Tracks decoded side by side.
    """

    def __init__(self, params: AudioParams, limits: Limits, *, cache_bytes: int, max_jobs: int) -> None:
        self.params = params
        self.limits = limits
        self._cache_bytes = cache_bytes
        self._jobs = Turns(max_jobs)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Track] = OrderedDict()
        self._in_use: weakref.WeakValueDictionary[str, Track] = weakref.WeakValueDictionary()
        self._decodings: dict[str, _Decoding] = {}

    def track(self, record: TrackRecord) -> Track:
        """Give the sound of a track.

        Parameters
        ----------
        record : TrackRecord
            The track.

        Returns
        -------
        Track
            Mono float32 at the model's rate; shared, not to be changed.

        Raises
        ------
        AudioError
            If its file has become unusable.
        BusyError
            If too much is being decoded.
        """
        with self._alone(record.id):
            known = self._recall(record.id)
            if known is None:
                with self.job(), _unless_removed(record):
                    known = decode(record.path, name=record.title, limits=self.limits, params=self.params)
                self.keep(record.id, known)
        return known

    def keep(self, identity: str, track: Track) -> None:
        """Keep the sound of a track that was decoded elsewhere."""
        with self._lock:
            self._in_use[identity] = track
            self._kept[identity] = track
            self._kept.move_to_end(identity)
            while self._kept and sum(kept.samples.nbytes for kept in self._kept.values()) > self._cache_bytes:
                self._kept.popitem(last=False)

    def played(self, record: TrackRecord) -> Path:
        """Give the sound of a track as a 16-bit WAV file, as the model hears it.

        Parameters
        ----------
        record : TrackRecord
            The track.

        Returns
        -------
        Path
            The file; it is complete.

        Raises
        ------
        AudioError, BusyError
            As `track`.
        """
        if not record.played_path.exists():
            content = encode_wav(self.track(record))
            with _unless_removed(record):
                write_whole(record.played_path, content)
        return record.played_path

    def job(self) -> AbstractContextManager[None]:
        """Wait for one's turn to decode; see `Turns.take`."""
        return self._jobs.take()

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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there in full or not at all.

    Parameters
    ----------
    path : Path
        The file; its folder must exist.
    content : bytes
        What it shall hold.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="part-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _unless_removed(record: TrackRecord) -> Iterator[None]:
    """Say that a track is gone if its files vanish in the middle of work."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnknownTrackError(f"{record.title} was removed in the meantime; choose another track.") from error


class _Decoding:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_callers = 0
