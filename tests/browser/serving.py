"""The real page for a browser to look at: a server of its own process, and a Chromium with sound."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGUMENTS = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
ADDRESS = re.compile(r"http://[\w.:\[\]-]+/")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def served(data_folder: Path, *, port: str = "0", **settings: str) -> Iterator[str]:
    """Run ``python -m dashboard`` on a free port or a given one; give its address. `settings` are ``GENRE_*``."""
    environment = {**os.environ, "GENRE_DATA_FOLDER": str(data_folder), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--no-browser", "--port", port],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = next((found[0] for line in process.stdout if (found := ADDRESS.search(line))), None)
        if address is None:
            raise RuntimeError(f"The server ended with status {process.wait()} before it was ready.")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


@contextmanager
def launched(arguments: Sequence[str] = CHROMIUM_ARGUMENTS) -> Iterator[Browser]:
    """Start the Chromium that `chromium.find` finds. Without a sound card it plays into nothing, in real time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(arguments))
        try:
            yield browser
        finally:
            browser.close()


def wait_until_loaded(page: Page) -> None:
    """Wait until everything of the chosen track is on the page, and its sound, which waits for a hand, has come."""
    page.wait_for_selector("#page[data-ready]", state="attached")
    page.wait_for_selector("#timeline[data-complete=true]", state="attached")
    page.keyboard.press("Shift")
    until(page, "document.getElementById('audio').readyState > 0")


def until(page: Page, condition: str, timeout_seconds: float = 20) -> None:
    """Wait until an expression is true. (Playwright's own wait_for_function needs eval, which the page forbids.)"""
    deadline = time.monotonic() + timeout_seconds
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {timeout_seconds} s still not: {condition}")
        page.wait_for_timeout(20)


def choose(page: Page, name: str) -> None:
    """Press the tile of a track."""
    page.locator("#samples").get_by_role("button", name=re.compile(rf"^{re.escape(name)}\b")).click()
    wait_until_loaded(page)


def seek(page: Page, seconds: float) -> None:
    """Click on the waveform at a time."""
    page.locator("#stage").scroll_into_view_if_needed()
    box = page.locator("#waveform").bounding_box()
    assert box is not None
    until(page, "Number.isFinite(document.getElementById('audio').duration)")  # known once the sound's header is there
    duration = page.evaluate("document.getElementById('audio').duration")
    page.mouse.click(box["x"] + box["width"] * seconds / duration, box["y"] + box["height"] / 2)


def open_look(page: Page, look: str) -> None:
    """Open the closer look, if it is closed, at one of its tabs."""
    if page.get_attribute("#closer-button", "aria-expanded") == "false":
        page.click("#closer-button")
    page.click(f"#tab-{look}")


def now(page: Page) -> float:
    """Where the sound is, in seconds."""
    return float(page.evaluate("document.getElementById('audio').currentTime"))
