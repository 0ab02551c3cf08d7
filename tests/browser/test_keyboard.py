"""The page by keys alone."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import FileChooser, Page, TimeoutError, expect

from tests.browser.serving import now, seek, until, wait_until_loaded


def test_space_plays_and_pauses(page: Page) -> None:
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_arrows_step_by_seconds_and_by_windows(page: Page) -> None:
    seek(page, 20.2)
    until(page, "document.getElementById('now').dataset.end")
    start = now(page)
    page.keyboard.press("ArrowRight")
    assert now(page) == pytest.approx(start + 5, abs=0.01)
    page.keyboard.press("ArrowLeft")
    assert now(page) == pytest.approx(start, abs=0.01)
    page.keyboard.press("Shift+ArrowRight")
    assert now(page) == pytest.approx(20.5, abs=0.01)
    page.keyboard.press("Shift+ArrowLeft")
    assert now(page) == pytest.approx(20, abs=0.01)
    expect(page.locator("#heard")).to_have_text("heard 0:17.0 \u2013 0:20.0")


def test_home_and_end_go_to_the_ends(page: Page) -> None:
    page.keyboard.press("End")
    assert now(page) == pytest.approx(page.evaluate("document.getElementById('audio').duration"), abs=0.01)
    page.keyboard.press("Home")
    assert now(page) == 0


def test_digits_choose_samples_and_t_the_theme(page: Page) -> None:
    page.keyboard.press("Shift+3")
    expect(page.locator("#samples").get_by_role("button", name=re.compile(r"^Metal\b"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_question_mark_opens_the_help_and_escape_closes_it(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and words")
    expect(dialog).to_be_visible()
    page.keyboard.press("Shift+3")
    expect(
        page.locator("#samples").get_by_role("button", name=re.compile(r"^Jazz\b"), include_hidden=True)
    ).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def chooser_of(page: Page, key: str, tries: int = 4) -> FileChooser:
    """Press a key until the chooser of files comes: Chromium drops what it asks for when the hand was too long ago."""
    for _ in range(tries - 1):
        with contextlib.suppress(TimeoutError):
            with page.expect_file_chooser(timeout=5_000) as opened:
                page.keyboard.press(key)
            return opened.value
    with page.expect_file_chooser() as opened:
        page.keyboard.press(key)
    return opened.value


@pytest.mark.parametrize(("key", "is_folder"), [("a", False), ("Shift+A", True)])
def test_a_chooses_tracks_and_with_shift_a_folder(page: Page, key: str, is_folder: bool) -> None:
    chooser = chooser_of(page, key)
    assert chooser.element.evaluate("input => input.webkitdirectory") == is_folder
    assert chooser.is_multiple()


def test_keys_are_left_alone_while_someone_types_or_means_another_control(page: Page) -> None:
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), { id: 'field' }))")
    page.focus("#field")
    page.keyboard.type("3t ")
    assert page.input_value("#field") == "3t "
    assert page.evaluate("document.getElementById('audio').paused")
    page.focus("#volume input")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.getElementById('audio').volume") == pytest.approx(0.95)
    assert now(page) == 0
    page.keyboard.press("Control+Shift+3")
    expect(page.locator("#samples").get_by_role("button", name=re.compile(r"^Jazz\b"))).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_mouse_click_does_not_take_space_away_from_playing(page: Page) -> None:
    page.locator("#samples").get_by_role("button", name=re.compile(r"^Reggae\b")).click()
    wait_until_loaded(page)
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")


def test_every_control_is_reached_by_tab_and_shows_the_focus(page: Page) -> None:
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                const style = getComputedStyle(element);
                const name = element.getAttribute('aria-label') || element.textContent.trim();
                return [name, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
            }"""
        )
        if shown is None:
            break
        names.append(shown[0])
        assert shown[1], shown
    for wanted in ("Play", "Position", "Speed", "Mute", "Volume", "Reveal the whole track", "Share"):
        assert wanted in names


def test_the_sliders_speak(page: Page) -> None:
    seek(page, 12.2)
    slider = page.get_by_role("slider", name="Position")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^12 seconds of (1 minute|5\d seconds)"))
    expect(page.get_by_role("slider", name="Volume")).to_be_visible()
