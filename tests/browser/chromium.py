"""Find a Chromium for the browser tests, and install one where there is none.

``python -m tests.browser.chromium --install`` takes, in this order: the one named by ``GENRE_CHROMIUM``, one on PATH,
the system's package manager's (where it may be used without a password), Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import packages

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """Path of a Chromium, or None."""
    if named := os.environ.get("GENRE_CHROMIUM"):
        if not Path(named).is_file():
            raise SystemExit(f"GENRE_CHROMIUM is {named}, which is no file; name a Chromium or unset it.")
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> str:
    """Install a Chromium and give its path."""
    packages.install("chromium")
    if path := find():
        return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if path := find():
        return path
    raise SystemExit(
        "No Chromium could be found or installed, and the browser tests need one. Install Chromium or Chrome, "
        "or name it: GENRE_CHROMIUM=/path/to/chromium make test"
    )


if __name__ == "__main__":
    print(find() or (install() if "--install" in sys.argv else "none found"))  # noqa: T201
