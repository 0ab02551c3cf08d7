"""What a worker does: read a file, hash it, and score it unless its content is known."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import fsspec

from model.analyzer import Analyzer
from model.audio.decode import Decoding
from model.audio.limits import Limits
from model.checkpoint import CARD_NAME, read_card, read_weights, sha256
from model.classifier import Classifier
from model.cli.quiet import quiet_native_start
from model.errors import AudioTooLargeError, GenreError
from model.result import classify_file
from model.scan.files import FoundFile
from model.scan.rows import Row, row_of, windows_of
from model.scorer import Scorer

_IN_MEMORY_BYTES: Final = 64 * 2**20  # a fetched file larger than this waits on disk


@dataclass(frozen=True)
class Job:
    """One file to see to.

    Attributes
    ----------
    file : FoundFile
        Where it is.
    known : tuple of str
        Content hashes of rows that may be this file's: where one is, nothing is decoded.
    """

    file: FoundFile
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of a file.

    Attributes
    ----------
    file : FoundFile
        The file.
    row : dict
        What there is to write in its row beyond what the client knows.
    windows : list of dict
        A row for each window, if asked for.
    is_known : bool
        Its content is that of a row written before; nothing was decoded.
    """

    file: FoundFile
    row: Row
    windows: list[Row] = field(default_factory=list)
    is_known: bool = False


@dataclass(frozen=True)
class Ear:
    """The model as it travels to the workers: its files and how it is to listen.

    Attributes
    ----------
    files : tuple of (str, bytes)
        Card and weights.
    hop_seconds : float
        From window to window.
    keeps_windows : bool
        Whether every window's scores come back.
    """

    files: tuple[tuple[str, bytes], ...]
    hop_seconds: float
    keeps_windows: bool = False

    @classmethod
    def of_checkpoint(cls, folder: Path, hop_seconds: float, *, keeps_windows: bool = False) -> Ear:
        """Pack a checkpoint, so that workers need no folder of it."""
        card = read_card(folder)
        weights = read_weights(folder, card, "litert")
        files = ((CARD_NAME, (folder / CARD_NAME).read_bytes()), (card.files["litert"].name, weights))
        return cls(files, hop_seconds, keeps_windows)

    @property
    def key(self) -> str:
        """Name it by its content."""
        contents = "".join(sha256(content) for _, content in self.files)
        return f"{sha256(contents.encode())}-{self.hop_seconds}-{self.keeps_windows}"

    def unpack(self) -> Listener:
        """Make a listener with this model."""
        with tempfile.TemporaryDirectory(prefix="genre-model-") as folder:
            for name, content in self.files:
                (Path(folder) / name).write_bytes(content)
            with quiet_native_start():
                classifier = Classifier(Path(folder))
        scorer = Scorer(classifier, n_workers=1)
        return Listener(Analyzer(scorer, hop_seconds=self.hop_seconds), keeps_windows=self.keeps_windows)


class Listener:
    """Sees to files, one after another.

    Parameters
    ----------
    analyzer : Analyzer
        Scores them.
    keeps_windows : bool
        Whether every window's scores are given.
    """

    def __init__(self, analyzer: Analyzer, *, keeps_windows: bool = False) -> None:
        self._analyzer = analyzer
        self._keeps_windows = keeps_windows
        self._limits = Limits()

    def see_to(self, job: Job) -> Done:
        """Read a file and score it; whatever is wrong with it is written in its row."""
        started = time.perf_counter()
        row: Row = {}
        windows: list[Row] = []
        is_known = False
        try:
            with self._opened(job.file) as sound:
                row["content_sha256"] = hashlib.file_digest(sound, "sha256").hexdigest()
                row["size_bytes"] = sound.tell()
                is_known = row["content_sha256"] in job.known
                if not is_known:
                    sound.seek(0)
                    windows = self._score(sound, job.file.label, row)
        except GenreError as error:
            row["error"] = str(error)
        except OSError as error:
            row["error"] = f"{job.file.label} cannot be opened: {error.strerror or error}."
        except Exception as error:  # noqa: BLE001 a fault of the program in one file shall not lose the others
            row["error"] = f"{job.file.label} cannot be classified, by a fault of this program: {error!r}."
        row["seconds_spent"] = time.perf_counter() - started
        return Done(job.file, row, windows, is_known)

    def _score(self, sound: Any, label: str, row: Row) -> list[Row]:
        with Decoding(sound, name=label, params=self._analyzer.params, limits=self._limits) as decoding:
            result = classify_file(self._analyzer, decoding)
        row |= row_of(result)
        if not self._keeps_windows:
            return []
        return windows_of(
            result,
            {
                "content_sha256": row["content_sha256"],
                "model_sha256": result["model"]["sha256"],
                "hop_seconds": result["hop_seconds"],
            },
        )

    @contextmanager
    def _opened(self, file: FoundFile) -> Iterator[Any]:
        """Open a file where it lies; one from elsewhere is fetched first, since decoders look back and forth."""
        if file.is_local:
            with Path(file.address).open("rb") as sound:
                yield sound
            return
        with fsspec.open(file.address, "rb") as far, tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as fetched:
            n_bytes = 0
            while block := far.read(2**20):
                n_bytes += len(block)
                if n_bytes > self._limits.max_bytes:
                    raise AudioTooLargeError(
                        f"{file.label} is larger than {self._limits.max_bytes / 2**30:g} GiB; use a shorter recording."
                    )
                fetched.write(block)
            fetched.seek(0)
            yield fetched


_LISTENERS: Final[dict[str, Listener]] = {}  # of this process, by the key of their ear


def bring(ear: Ear) -> None:
    """Make the listener that tasks will name; again for the same ear, it stays."""
    if ear.key not in _LISTENERS:
        _LISTENERS[ear.key] = ear.unpack()


def see_to_all(ear_key: str, jobs: Sequence[Job]) -> list[Done]:
    """See to some files in a worker, with the listener that was brought there."""
    listener = _LISTENERS[ear_key]
    return [listener.see_to(job) for job in jobs]
