"""The shortest track there can be, and a long one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import now, seek, until, wait_until_loaded
from tests.sounds import RATE_HZ, chord, encoded

INPUT = "#add input[type=file]"
LONG_SECONDS = 900


def test_a_track_of_one_window_is_heard_at_its_end(page: Page, tmp_path: Path) -> None:
    (short := tmp_path / "blink.wav").write_bytes(encoded(chord(3.0)))
    page.set_input_files(INPUT, short)
    expect(page.locator(".track-title")).to_contain_text("blink")
    wait_until_loaded(page)
    assert page.get_attribute("#timeline", "data-windows") == "1"
    page.click("#play")
    expect(page.locator("#lead")).to_have_text("Listening")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play again")
    expect(page.locator("#heard")).to_have_text("heard 0:00.0 \u2013 0:03.0")
    assert page.get_attribute("#now", "data-end") == str(3 * RATE_HZ)
    page.click("#reveal")
    page.keyboard.press("Home")
    expect(page.locator("#lead")).to_have_text("Listening")


def test_a_quarter_of_an_hour_is_shown_whole_and_followed(page: Page, tmp_path: Path) -> None:
    second = (chord(1.0, rate_hz=8000)).astype(np.float32)
    (long := tmp_path / "raga.flac").write_bytes(encoded(np.tile(second, LONG_SECONDS), rate_hz=8000, format="FLAC"))
    page.set_default_timeout(60_000)
    page.set_input_files(INPUT, long)
    expect(page.locator(".track-title")).to_contain_text("raga", timeout=30_000)
    wait_until_loaded(page)
    assert page.get_attribute("#timeline", "data-windows") == str((LONG_SECONDS - 3) * 2 + 1)
    expect(page.locator("#duration")).to_have_text("15:00")
    seek(page, 600)
    until(page, "document.getElementById('now').dataset.end > 0")
    assert now(page) == pytest.approx(600, abs=1)
    assert int(page.get_attribute("#now", "data-end") or 0) / RATE_HZ == pytest.approx(now(page), abs=0.51)
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#elapsed")).to_have_text("10:0" + f"{now(page) % 60:.1f}"[:3])
    page.click("#play")
    position = now(page)
    until(page, f"document.getElementById('audio').currentTime > {position + 1}")
    assert int(page.get_attribute("#now", "data-end") or 0) / RATE_HZ > position
