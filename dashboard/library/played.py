"""Sound to play, as WAV files on disk: a browser may play one while it is still being written.

A WAV file's length is known before it is made, so that any range of it can be promised at once and given as soon as
it is there. It grows under a name of its own and takes its place when it is whole, so that workers that write the same
sound at the same time do not meet; what a stopped worker leaves is removed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Final, Literal

import numpy as np

from dashboard.errors import BusyError, DecoderError, StorageFullError
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds, unless_removed
from model.audio.playable import PlayableForm, as_int16
from model.errors import GenreError

_log = logging.getLogger(__name__)

Kind = Literal["played", "heard"]
"""The original's channels at its own rate, or mono at the model's rate, as the network hears it."""

_PATIENCE_SECONDS: Final = 30.0
_SUFFIX: Final = ".wav"
_GROWING_SUFFIX: Final = ".new"
_LEFT_SECONDS: Final = 600.0
"""A file that has not grown for so long was left by a worker that was stopped."""


class GrowingFile:
    """A file of known length that may still be written.

    Parameters
    ----------
    path : Path
        The file.
    n_bytes : int
        Its length in the end.
    n_written : int
        What is there already.
    place : Path, optional
        Where it goes once it is whole.
    """

    def __init__(self, path: Path, n_bytes: int, n_written: int, *, place: Path | None = None) -> None:
        self.path = path
        self._place = place or path
        self.n_bytes = n_bytes
        self.error: GenreError | None = None
        self._n_written = n_written
        self._changed = threading.Condition()

    def open(self) -> IO[bytes]:
        """Open it, under the name that it has by now."""
        with self._changed:
            return self.path.open("rb", buffering=0)

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""
        return self._n_written >= self.n_bytes

    def grow(self, n: int) -> None:
        """Take note that so many more bytes are there."""
        with self._changed:
            self._n_written += n
            if self.is_complete and self.path != self._place:
                self.path = self.path.replace(self._place)
            self._changed.notify_all()

    def fail(self, error: GenreError) -> None:
        """Take note that no more will come."""
        with self._changed:
            self.error = error
            self._changed.notify_all()

    def wait_for(self, position: int) -> int:
        """Wait for the byte at a position.

        Returns
        -------
        int
            How many bytes are there from it on; 0 at the end.

        Raises
        ------
        GenreError
            What the writing broke off for.
        BusyError
            If nothing comes for half a minute.
        """
        with self._changed:
            while self._n_written <= position < self.n_bytes:
                if self.error is not None:
                    raise self.error
                if not self._changed.wait(_PATIENCE_SECONDS):
                    raise BusyError("The sound is not ready yet; try again in a few seconds.")
            return max(0, self._n_written - position)


class Played:
    """Makes and keeps the files.

    Parameters
    ----------
    sounds : Sounds
        Decodes the tracks.
    folder : Path
        Wherein all of the records' files lie.
    max_bytes : int
        Room for them on disk; the least recently asked for go first.
    max_jobs : int
        Files written side by side.
    """

    def __init__(self, sounds: Sounds, folder: Path, *, max_bytes: int, max_jobs: int) -> None:
        self._sounds = sounds
        self._folder = folder
        self._max_bytes = max_bytes
        self._threads = ThreadPoolExecutor(max_jobs, thread_name_prefix="playing")
        self._lock = threading.Lock()
        self._growing: dict[Path, GrowingFile] = {}
        self._is_closing = False

    def file(self, record: TrackRecord, kind: Kind) -> GrowingFile:
        """Give the sound of a track to play; it may still be written.

        Parameters
        ----------
        record : TrackRecord
            The track.
        kind : {"played", "heard"}
            Which of its two forms.

        Returns
        -------
        GrowingFile
            A WAV file.

        Raises
        ------
        StorageFullError
            If there is no room for it.
        UnknownTrackError
            If the track was removed.
        """
        form = self.form(record, kind)
        path = record.sound_path(kind)
        with self._lock:
            if growing := self._growing.get(path):
                return growing
            try:
                is_there = path.stat().st_size == form.n_bytes
                os.utime(path)
            except FileNotFoundError:
                is_there = False
            if is_there:
                return GrowingFile(path, form.n_bytes, form.n_bytes)
            self._make_room(form.n_bytes)
            with unless_removed(record):
                stream = _begun(path)
            growing = GrowingFile(Path(stream.name), form.n_bytes, 0, place=path)
            self._growing[path] = growing
            self._threads.submit(self._write, growing, path, stream, record, kind, form)
            return growing

    def form(self, record: TrackRecord, kind: Kind) -> PlayableForm:
        """Give the form in which a track is played."""
        rate_hz = self._sounds.params.sample_rate_hz
        if kind == "heard":
            return PlayableForm(rate_hz, 1, record.duration_samples, 1 / max(record.peak, 1.0))
        seconds = record.duration_samples / rate_hz
        return PlayableForm.of(rate_hz=record.rate_hz, n_channels=record.n_channels, seconds=seconds, peak=record.peak)

    def close(self) -> None:
        """Stop writing."""
        self._is_closing = True
        self._threads.shutdown(cancel_futures=True)
        for growing in list(self._growing.values()):
            growing.fail(BusyError("The service is being stopped; try again in a few seconds."))

    def _write(
        self,
        growing: GrowingFile,
        place: Path,
        stream: IO[bytes],
        record: TrackRecord,
        kind: Kind,
        form: PlayableForm,
    ) -> None:
        try:
            with stream:
                _append(growing, stream, form.wav_header())
                for block in self._blocks(record, kind, form):
                    _append(growing, stream, block)
                    if self._is_closing:
                        break
            if not growing.is_complete:
                growing.fail(DecoderError(f"The sound of {record.title} broke off; try again."))
        except GenreError as error:
            growing.fail(error)
        except OSError as error:
            _log.warning("The sound of %s cannot be written: %s", record.id, error)
            growing.fail(StorageFullError("The service has no room for the sound at this moment; try again later."))
        except Exception:  # noqa: BLE001 -- logged; the readers wait for an answer
            _log.exception("Writing the sound of %s failed.", record.id)
            growing.fail(DecoderError(f"The sound of {record.title} broke off; the reason was logged."))
        finally:
            with self._lock:
                self._growing.pop(place, None)
            if not growing.is_complete:
                growing.path.unlink(missing_ok=True)

    def _blocks(self, record: TrackRecord, kind: Kind, form: PlayableForm) -> Iterable[bytes]:
        if kind == "played":
            return self._sounds.playable(record, form)
        return self._heard_blocks(record, form)

    def _heard_blocks(self, record: TrackRecord, form: PlayableForm) -> Iterator[bytes]:
        for block in self._sounds.blocks(record):
            for start in range(0, len(block), form.rate_hz):
                yield as_int16(block[np.newaxis, start : start + form.rate_hz], form.gain).tobytes()

    def _make_room(self, n_bytes: int) -> None:
        """Remove files that nobody has asked for lately, until there is room for one more."""
        files = []
        now = time.time()
        for path in self._folder.rglob(f"*{_SUFFIX}*"):
            with contextlib.suppress(FileNotFoundError):  # removed in the meantime
                status = path.stat()
                if path.suffix == _SUFFIX:
                    files.append((status, path))
                elif now - status.st_mtime > _LEFT_SECONDS:
                    path.unlink()
        files.sort(key=lambda pair: pair[0].st_mtime)
        room = self._max_bytes - n_bytes - sum(growing.n_bytes for growing in self._growing.values())
        used = sum(status.st_size for status, _ in files)
        for status, path in files:
            if used <= room:
                break
            path.unlink(missing_ok=True)
            used -= status.st_size


def _begun(place: Path) -> IO[bytes]:
    """Begin a file that is to go to a place: beside it, unless the system does not rename what is open (Windows)."""
    try:
        if sys.platform == "win32":
            return place.open("wb")
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=place.name, suffix=_GROWING_SUFFIX)
        os.close(descriptor)
        return Path(name).open("wb")
    except FileNotFoundError:
        raise
    except OSError as error:
        _log.warning("The sound in %s cannot be written: %s", place.parent, error)
        raise StorageFullError("The service has no room for the sound at this moment; try again later.") from error


def _append(growing: GrowingFile, stream: IO[bytes], content: bytes) -> None:
    stream.write(content)
    stream.flush()
    growing.grow(len(content))
