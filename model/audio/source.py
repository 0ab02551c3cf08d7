"""The bytes of a file as the decoder reads them: from a path, from memory, from a file or from a pipe."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, Protocol

from model.audio.limits import Limits
from model.audio.passing import of_unknown_size
from model.audio.sniff import HEAD_BYTES
from model.errors import AudioTooLargeError, EmptyAudioError


class Readable(Protocol):
    """Anything that gives bytes: a socket's file, a pipe. It need not seek."""

    def read(self, n: int, /) -> bytes:
        """Give at most `n` bytes; none at the end."""


AudioSource = Path | str | bytes | BinaryIO | Readable


def label_of(source: AudioSource, name: str | None) -> str:
    """Say what to call a source in messages."""
    if name:
        return name
    return Path(source).name if isinstance(source, str | Path) else "the audio"


class Source:
    """One file's bytes, within the limit in size.

    Parameters
    ----------
    source : AudioSource
        The file; where it can seek it is read from its start.
    label : str
        What to call it.
    limits : Limits
        Largest size accepted.

    Raises
    ------
    EmptyAudioError
        If it holds no bytes.
    AudioTooLargeError
        If it is too large; of a source that cannot seek, that shows while it is read.
    """

    def __init__(self, source: AudioSource, label: str, limits: Limits) -> None:
        self._label = label
        self._limits = limits
        self._file, self._own = _opened(source)
        self._seekable: BinaryIO | None = None
        self._n_read = 0
        self._start = 0
        self.name = ""  # what FFmpeg may take a hint from
        self.n_bytes: int | None = None
        try:
            self.head = self._prepare()
        except BaseException:
            self.close()
            raise
        self._unread = b"" if self._seekable else self.head

    def read(self, n: int, /) -> bytes:
        """Give the next bytes, at most `n`; none at the end."""
        if self._unread:
            content, self._unread = self._unread[:n], self._unread[n:]
            return content
        content = self._file.read(n) or b""
        self._n_read += len(content)
        if self._n_read > self._limits.max_bytes and not self._seekable:
            raise self._too_large(self._n_read)
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the file."""
        if self._seekable is None:
            raise io.UnsupportedOperation("seek")
        shift = self._start if whence == io.SEEK_SET else 0
        return self._seekable.seek(offset + shift, whence) - self._start

    def tell(self) -> int:
        """Tell the place in the file."""
        if self._seekable is None:
            raise io.UnsupportedOperation("tell")
        return self._seekable.tell() - self._start

    def skip(self, n: int) -> None:
        """Let the file begin `n` bytes later, and go there; only where it can seek."""
        self._start += n
        self.seek(0)

    def seekable(self) -> bool:
        """Tell whether the file can seek."""
        return self._seekable is not None

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._own:
            self._own.close()

    def _prepare(self) -> bytes:
        if getattr(self._file, "seekable", lambda: False)():
            self._seekable = self._file  # type: ignore[assignment]
            self.n_bytes = self.seek(0, io.SEEK_END)
            self.seek(0)
            if self.n_bytes > self._limits.max_bytes:
                raise self._too_large(self.n_bytes)
            head = self._file.read(HEAD_BYTES)
            self.seek(0)
        else:
            head = of_unknown_size(self._read_on(HEAD_BYTES), self._read_on)
        if not head:
            raise EmptyAudioError(f"{self._label} is empty (0 bytes); choose a file that holds sound.")
        return head

    def _read_on(self, n_bytes: int) -> bytes:
        """Read so many bytes, fewer only at the end."""
        content = b""
        while len(content) < n_bytes and (more := self._file.read(n_bytes - len(content))):
            content += more
        return content

    def _too_large(self, n_bytes: int) -> AudioTooLargeError:
        more = "" if self._seekable else "at least "
        return AudioTooLargeError(
            f"{self._label} has {more}{n_bytes / 2**20:.1f} MiB; "
            f"the limit is {self._limits.max_bytes / 2**20:.0f} MiB. Use a shorter or compressed file."
        )


def _opened(source: AudioSource) -> tuple[BinaryIO | Readable, BinaryIO | None]:
    """Open a source; give its file, and once more what is to be closed here."""
    if isinstance(source, bytes):
        return io.BytesIO(source), None
    if isinstance(source, str | Path):
        file = Path(source).open("rb")  # noqa: SIM115 closed by `Source.close`
        return file, file
    return source, None
