"""What a table knows already: which files are done, and which content. Some 170 bytes a row, however long the names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.scan.files import FoundFile
from model.scan.rows import Row

_DIGEST_BYTES: Final = 16
_UNKNOWN_SIZE: Final = -1
KNOWN_COLUMNS: Final = (
    *("path", "size_bytes", "revision", "content_sha256", "error"),
    *("model_sha256", "hop_seconds", "windows_part"),
)
_RECORD: Final = np.dtype(  # digests in hexadecimal: NumPy's bytes lose zeros at their end
    [
        ("path", f"S{2 * _DIGEST_BYTES}"),
        ("state", f"S{2 * _DIGEST_BYTES}"),
        ("content", "S64"),
        ("size", np.int64),
        ("row", np.int64),
    ]
)


class Known:
    """The rows of a table, by the digests of what they are about.

    A file is *done* if a row has its path, and its size and revision (a file's time of last change, an object's ETag)
    are still those of the row. Where they are not, or the storage does not tell them, the file is read and its SHA-256
    compared with the rows' of the same size or path: the same content is not decoded again. What changes a file's
    content but neither its size nor its time goes unseen, as with rsync and make; `trusts_revisions=False` reads every
    file.

    Parameters
    ----------
    rows : iterable of dict
        `KNOWN_COLUMNS` of every row, in the order in which they were written; a later row replaces an earlier one of
        its path.
    scored_by : dict
        The model and hop of this run; rows of another are there to be replaced.
    needs_windows : bool
        Whether a row without its windows counts as none.
    trusts_revisions : bool
        Whether size and revision are enough to call a file unchanged.
    retries_errors : bool
        Whether a file that could be read but not heard is tried again. One that could not be read always is.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        scored_by: Row,
        needs_windows: bool = False,
        trusts_revisions: bool = True,
        retries_errors: bool = False,
    ) -> None:
        self._scored_by = {name: scored_by[name] for name in ("model_sha256", "hop_seconds")}
        self._needs_windows = needs_windows
        self._trusts_revisions = trusts_revisions
        self._retries_errors = retries_errors
        records = np.fromiter(self._records(rows), _RECORD)
        order = np.lexsort((records["row"], records["path"]))
        self._by_path = records[order]
        self._size_order = np.argsort(self._by_path["size"], kind="stable")
        self._sizes = self._by_path["size"][self._size_order]

    def __len__(self) -> int:
        return len(self._by_path)

    def is_done(self, file: FoundFile) -> bool:
        """Tell whether a file has its row, without opening it."""
        if not self._trusts_revisions or file.size_bytes is None or file.revision is None:
            return False
        rows = self._of_path(file)
        return bool(len(rows)) and rows[-1]["state"] == _state(file.size_bytes, file.revision)

    def contents_like(self, file: FoundFile) -> tuple[str, ...]:
        """List the content hashes that a file may have: those of rows of its path or its size."""
        return tuple(dict.fromkeys(record["content"].decode() for record in self._like(file)))

    def row_of_content(self, content_sha256: str, file: FoundFile) -> int:
        """Give the number of the row of a content that `contents_like` named."""
        return next(int(record["row"]) for record in self._like(file) if record["content"].decode() == content_sha256)

    def replaced(self) -> list[int]:
        """List the numbers of rows whose path has a later row."""
        paths = self._by_path["path"]
        return sorted(self._by_path["row"][:-1][paths[:-1] == paths[1:]].tolist())

    def _of_path(self, file: FoundFile) -> NDArray[Any]:
        paths, digest = self._by_path["path"], np.bytes_(_digest(file.label))
        return self._by_path[np.searchsorted(paths, digest, "left") : np.searchsorted(paths, digest, "right")]

    def _like(self, file: FoundFile) -> list[Any]:
        """Take the rows of heard files that may have a file's content."""
        like = list(self._of_path(file))
        if file.size_bytes is not None:
            first, last = (np.searchsorted(self._sizes, file.size_bytes, side) for side in ("left", "right"))
            like += list(self._by_path[self._size_order[first:last]])
        return [record for record in like if record["content"]]

    def _records(self, rows: Iterable[Row]) -> Iterator[tuple[bytes, bytes, bytes, int, int]]:
        for number, row in enumerate(rows):
            is_heard = row["error"] is None and row["content_sha256"] is not None
            counts = all(row[name] == value for name, value in self._scored_by.items())
            if is_heard:
                counts &= not self._needs_windows or row["windows_part"] is not None
            else:
                counts &= row["content_sha256"] is not None and not self._retries_errors
            has_state = counts and row["revision"] is not None
            yield (
                _digest(row["path"]),
                _state(row["size_bytes"], row["revision"]) if has_state else b"",
                row["content_sha256"].encode() if counts and is_heard else b"",
                _UNKNOWN_SIZE if row["size_bytes"] is None else row["size_bytes"],
                number,
            )


def _state(size_bytes: int, revision: str) -> bytes:
    return _digest(f"{size_bytes} {revision}")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest().encode()
