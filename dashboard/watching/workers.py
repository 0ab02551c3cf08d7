"""How workers sum their figures: through files in a folder, which Prometheus' client must know before it is loaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(folder: Path) -> None:
    """Let the workers of this program sum their figures; before any is made.

    Parameters
    ----------
    folder : Path
        Theirs alone; emptied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER_VARIABLE] = str(folder)


def worker_ended(pid: int) -> None:
    """Take a worker that has ended out of what is counted at the moment."""
    if FOLDER_VARIABLE in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
