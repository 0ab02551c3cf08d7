"""``python -m tests.fresh``: time a fresh clone from ``make run`` to a page that answers, and weigh what it installs.

The clone holds the last commit; pip downloads everything anew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from dashboard.serving.server import listen
from dashboard.settings import PROJECT_FOLDER, Settings

RESULT: Final = Path(__file__).with_suffix(".json")
_PATIENCE_SECONDS: Final = 600.0
_POLL_SECONDS: Final = 0.05


def measure() -> tuple[float, float]:
    """Clone, run and wait for the page.

    Returns
    -------
    tuple of float
        Seconds from ``make run`` to the page's first answer; size of ``.venv`` in MB.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", "--depth=1", PROJECT_FOLDER.as_uri(), str(clone)], check=True)
        with listen(Settings(port=0)) as probe:
            port = probe.getsockname()[1]
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        environment |= {
            "GENRE_PORT": str(port),
            "GENRE_DATA_FOLDER": str(Path(folder) / "data"),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_CACHE_DIR": str(Path(folder) / "cache"),
        }
        begun = time.perf_counter()
        process = subprocess.Popen(["make", "run"], cwd=clone, env=environment, start_new_session=True)
        try:
            while not _answers(f"http://127.0.0.1:{port}/"):
                if process.poll() is not None or time.perf_counter() - begun > _PATIENCE_SECONDS:
                    raise RuntimeError("`make run` did not come to a page that answers; its output says why.")
                time.sleep(_POLL_SECONDS)
            seconds = time.perf_counter() - begun
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        files = (path for path in (clone / ".venv").rglob("*") if path.is_file() and not path.is_symlink())
        return seconds, sum(path.stat().st_blocks * 512 for path in files) / 1e6


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status == 200
    except urllib.error.URLError:
        return False


def main() -> int:
    """Measure, write and print."""
    seconds, megabytes = measure()
    figures = {"command": "make fresh", "seconds": round(seconds, 1), "installed_mb": round(megabytes)}
    RESULT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"from `make run` in a fresh clone to a page that answers   {seconds:.1f} s")  # noqa: T201
    print(f"installed in .venv                                       {megabytes:.0f} MB")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
