"""What was listened to live, written down while it comes: FLAC, 16 bit, mono, at its own rate, sample for sample."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from dashboard.errors import StorageFullError
from model.audio.limits import AudioInfo

_log = logging.getLogger(__name__)

_WRITTEN_SECONDS: Final = 1.0


class Take:
    """A recording that grows.

    Parameters
    ----------
    path : Path
        An empty file.
    rate_hz : int
        Of the sound.
    title : str
        For people.
    max_seconds : float
        What comes later is not written down.
    """

    def __init__(self, path: Path, *, rate_hz: int, title: str, max_seconds: float) -> None:
        self.path = path
        self.title = title
        self._rate_hz = rate_hz
        self._room = int(max_seconds * rate_hz)
        self._n_samples = 0
        self._fault: BaseException | None = None
        self._waiting = bytearray()
        self._written_bytes = 2 * round(_WRITTEN_SECONDS * rate_hz)
        self._file = soundfile.SoundFile(path, "w", rate_hz, 1, subtype="PCM_16", format="FLAC")

    @property
    def is_full(self) -> bool:
        """Whether nothing more is written down."""
        return self._room == 0

    @property
    def info(self) -> AudioInfo:
        """What it is."""
        return AudioInfo("FLAC PCM_16", self._rate_hz, 1, self._n_samples)

    def write(self, chunk: bytes) -> None:
        """Write down some bytes of 16-bit PCM."""
        self._waiting += chunk
        if len(self._waiting) >= self._written_bytes:
            self._flush()

    def gap(self, n_samples: int) -> None:
        """Write down silence where sound is missing, so that what follows keeps its time."""
        self._flush()
        self._waiting.clear()  # half a sample, if anything
        for _ in range(min(n_samples, self._room) // self._rate_hz):
            self.write(bytes(2 * self._rate_hz))
        self.write(bytes(2 * (min(n_samples, self._room) % self._rate_hz)))

    def finish(self) -> None:
        """Complete the file.

        Raises
        ------
        StorageFullError
            If it could not be written; listening itself went on.
        """
        self._flush()
        self._try(self._file.close)
        if self._fault is not None:
            raise StorageFullError(
                "There was no room for the recording, so it was not kept; remove an upload, or try again later."
            ) from self._fault

    def discard(self) -> None:
        """Throw it away."""
        self._try(self._file.close)
        self.path.unlink(missing_ok=True)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except (OSError, AssertionError, soundfile.SoundFileError) as error:  # libsndfile asserts what it has written
            if self._fault is None:
                _log.warning("A take cannot be written: %r", error)
            self._fault = error

    def _flush(self) -> None:
        n = min(len(self._waiting) // 2, self._room)
        if self._fault is None:
            samples = np.frombuffer(bytes(self._waiting[: 2 * n]), "<i2")
            self._try(lambda: self._file.write(samples))
        self._n_samples += n
        self._room -= n
        del self._waiting[: len(self._waiting) // 2 * 2]
