"""The secret that signs visitors' cookies, the same for all workers."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from dashboard.errors import StartError

_NAME: Final = "secret"
_N_BYTES: Final = 32


def read_secret(folder: Path) -> str:
    """Read the secret of a data folder; the first time, one is made.

    Parameters
    ----------
    folder : Path
        The data folder.

    Returns
    -------
    str
        256 random bits, in hexadecimal.

    Raises
    ------
    StartError
        If it cannot be read or written.
    """
    path = folder / _NAME
    try:
        with contextlib.suppress(FileNotFoundError):
            return path.read_text(encoding="ascii")
        descriptor, name = tempfile.mkstemp(dir=folder)  # for its owner only
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_N_BYTES))
        try:
            with contextlib.suppress(FileExistsError):  # another worker's, made at the same time
                os.link(name, path)
        finally:
            Path(name).unlink()
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise StartError(
            f"The secret in {path} cannot be read or made ({error}); remove it, or set GENRE_SECRET."
        ) from error
