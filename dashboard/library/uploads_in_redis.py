"""Uploads that several hosts share: Redis says what there is and holds the bytes; each host has files of its own.

A host fetches a track's file when it is first asked for, and checks it by its id, which is a hash of its bytes. Where
Redis no longer knows an upload, the file goes at the next sweep.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from dashboard.library.record import ID, track_id
from dashboard.library.uploads import FILE_NAME, META_NAME, Upload, UploadStore, children, upload_of
from dashboard.settings import Settings
from dashboard.sharing.in_redis import PREFIX, answering, lock_in
from dashboard.sharing.locks import FileLock

_log = logging.getLogger(__name__)

_PIECE_BYTES: Final = 4 * 2**20


class UploadsInRedis(UploadStore):
    """The uploads of all hosts; every method raises `SharedAwayError` if Redis does not answer.

    Parameters
    ----------
    client : redis.Redis
        The connection.
    folder, kept_seconds, clock
        As for `UploadStore`; the folder is this host's own.
    """

    def __init__(self, client: Any, folder: Path, *, kept_seconds: float, clock: Callable[[], float]) -> None:
        super().__init__(folder, kept_seconds=kept_seconds, clock=clock)
        self._client = client

    def find(self, identity: str, visitor: str) -> Upload | None:
        """Find an upload of a visitor, and have its file here."""
        if not ID.fullmatch(identity):
            return None
        folder = self._folder_of(visitor) / identity
        with answering():
            text = self._client.hget(_key(folder.parent.name), identity)
        meta = None if text is None else json.loads(text)
        if meta is None or self._is_expired(meta):
            return None
        if not (folder / FILE_NAME).is_file():
            self._fetch(folder, meta)
        return upload_of(folder, meta)

    def of_visitor(self, visitor: str) -> list[Upload]:
        """List a visitor's uploads, newest first; their files may still be elsewhere."""
        uploads = self._of_owner(self._folder_of(visitor))
        return sorted(uploads, key=lambda upload: upload.created, reverse=True)

    def of_all(self) -> Iterator[Upload]:
        """List everybody's uploads."""
        with answering():
            for key in self._client.scan_iter(match=_key("*")):
                yield from self._of_owner(self._visitors / key.decode("ascii").rpartition(":")[2])

    def add(self, content: Path, visitor: str, identity: str, meta: dict[str, Any]) -> None:
        """Keep a file as a visitor's upload; it is there for all hosts once all of it is."""
        super().add(content, visitor, identity, meta)
        folder = self._folder_of(visitor) / identity
        try:
            with answering(), (folder / FILE_NAME).open("rb") as file:
                for number, piece in enumerate(iter(lambda: file.read(_PIECE_BYTES), b"")):
                    self._client.set(_piece(folder, number), piece)
                self._client.hset(_key(folder.parent.name), identity, (folder / META_NAME).read_text("utf-8"))
        except BaseException:
            super().remove(identity, visitor)
            raise

    def change(self, identity: str, visitor: str, changes: dict[str, Any]) -> None:
        """Change what is kept about a visitor's upload; there must be such an upload."""
        key = _key(self._folder_of(visitor).name)
        with answering():
            meta = {**json.loads(self._client.hget(key, identity)), **changes}
            self._client.hset(key, identity, json.dumps(meta))

    def remove(self, identity: str, visitor: str) -> None:
        """Forget a visitor's upload, here and everywhere."""
        self._remove_shared(self._folder_of(visitor) / identity)
        super().remove(identity, visitor)

    def sweep(self) -> None:
        """Remove what has expired, at most once a minute, and the files of what Redis no longer knows."""
        if not self._is_due():
            return
        self._sweep_files()
        with answering():
            for key in self._client.scan_iter(match=_key("*")):
                owner = self._visitors / key.decode("ascii").rpartition(":")[2]
                for name, text in self._client.hgetall(key).items():
                    if self._is_expired(json.loads(text)):
                        self._remove_shared(owner / name.decode("ascii"))
            for owner in children(self._visitors):
                for folder in children(owner):
                    if not self._client.hexists(_key(owner.name), folder.name):
                        self._discard(folder)

    def _of_owner(self, owner: Path) -> list[Upload]:
        with answering():
            found = self._client.hgetall(_key(owner.name))
        metas = {name.decode("ascii"): json.loads(text) for name, text in found.items()}
        return [upload_of(owner / name, meta) for name, meta in metas.items() if not self._is_expired(meta)]

    def _is_expired(self, meta: dict[str, Any]) -> bool:
        return self._clock() - float(meta["created"]) > self._kept_seconds

    def _remove_shared(self, folder: Path) -> None:
        with answering():
            self._client.hdel(_key(folder.parent.name), folder.name)
            number = 0
            while self._client.delete(_piece(folder, number)):
                number += 1

    def _fetch(self, folder: Path, meta: dict[str, Any]) -> None:
        """Write a file that another host received, whole or not at all."""
        fresh = Path(tempfile.mkdtemp(dir=self._incoming, prefix="fetched-"))
        digest = hashlib.sha256()
        try:
            with (fresh / FILE_NAME).open("wb") as file:
                number = 0
                while True:
                    with answering():
                        piece = self._client.get(_piece(folder, number))
                    if piece is None:
                        break
                    digest.update(piece)
                    file.write(piece)
                    number += 1
            if track_id(digest.hexdigest()) != folder.name:
                _log.warning("The upload %s is not whole in Redis.", folder.name)
                return
            (fresh / META_NAME).write_text(json.dumps(meta), encoding="utf-8")
            if not (folder / FILE_NAME).is_file():  # another worker's
                self._place(fresh, folder)
        finally:
            self._discard(fresh)


def open_uploads(
    settings: Settings, clock: Callable[[], float], redis: Any
) -> tuple[UploadStore, Callable[[], AbstractContextManager[None]]]:
    """Open the uploads of this host, or of several where Redis is given, and the lock that goes with them."""
    seconds = settings.upload_hours * 3600
    if redis is None:
        store = UploadStore(settings.data_folder, kept_seconds=seconds, clock=clock)
        return store, FileLock(settings.data_folder / "lock")
    shared = UploadsInRedis(redis, settings.data_folder, kept_seconds=seconds, clock=clock)
    return shared, lock_in(redis, "library")


def _key(owner: str) -> str:
    return f"{PREFIX}uploads:{owner}"


def _piece(folder: Path, number: int) -> str:
    return f"{PREFIX}sound:{folder.parent.name}:{folder.name}:{number}"
