"""The programs that make odd files and judge what is made of them.

``python -m tests.model.audio.odd_files.programs --install`` installs them where the system's package manager may be
used without a password; the tests are skipped where they are missing.
"""

from __future__ import annotations

import shutil
import sys

from tests import packages

PROGRAMS = ("ffmpeg", "sox")


def missing() -> list[str]:
    """Those that are not on PATH."""
    return [name for name in PROGRAMS if not shutil.which(name)]


if __name__ == "__main__":
    if missing() and "--install" in sys.argv:
        packages.install("ffmpeg", "sox", "libsox-fmt-all")
    print(f"missing: {', '.join(missing())}" if missing() else "all there")  # noqa: T201
