"""Several files at once: a row for each, what fails stays until it is read, and what plays is left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.serving import until, wait_until_loaded
from tests.sounds import chord, encoded, write

FILES = "#add input[type=file]"
FOLDER = "#own input[webkitdirectory]"
WAITING = "#queue-list .queue-row"
ROW = ".tile[data-kind=upload]"


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A folder of four tracks, one of them broken, in two depths, and what else lies in such folders."""
    folder = tmp_path / "album"
    (folder / "bonus").mkdir(parents=True)
    for number, place in ((1, folder), (2, folder), (10, folder / "bonus")):
        write(place / f"{number} song.wav", encoded(chord(4.0 + number / 10)))
    write(folder / "3 broken.mp3", b"Dear reader, this is no music.\n" * 50)
    write(folder / "cover.jpg", b"\xff\xd8\xff")
    write(folder / "._1 song.wav", bytes(10))
    return folder


def titles(page: Page) -> list[str]:
    return page.locator(f"{ROW} .tile-name").all_text_contents()


def test_a_folder_is_added_and_its_broken_file_is_told_until_dismissed(page: Page, album: Path) -> None:
    page.set_input_files(FOLDER, album)
    expect(page.locator("#own")).to_be_visible()
    expect(page.locator(ROW)).to_have_count(3)
    assert sorted(titles(page)) == ["1 song.wav", "10 song.wav", "2 song.wav"]
    failed = page.locator(f"{WAITING}[data-state=failed]")
    expect(failed).to_have_count(1)
    expect(page.locator(WAITING)).to_have_count(1)
    expect(failed).to_contain_text("3 broken.mp3 is not audio but text")
    expect(page.locator("#queue")).to_contain_text("1 could not be added")
    expect(page.locator("#queue")).to_contain_text("1 other file was left out.")
    page.click("#own-close")
    expect(page.locator("#own-button")).to_contain_text("1 could not be added")
    page.click("#own-button")
    page.get_by_role("button", name="Dismiss 3 broken.mp3").click()
    expect(page.locator(WAITING)).to_have_count(0)
    page.get_by_role("button", name="Dismiss all").click()
    expect(page.locator("#queue")).to_be_hidden()


def test_what_plays_is_left_alone(page: Page, album: Path) -> None:
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 0.2")
    track = page.get_attribute("#page", "data-track")
    page.set_input_files(FOLDER, album)
    expect(page.locator("#toast")).to_contain_text("are ready")
    page.set_input_files(FILES, {"name": "one.wav", "mimeType": "audio/wav", "buffer": encoded(chord(5.5))})
    expect(page.locator("#toast")).to_contain_text("one.wav\u201d is ready")
    assert page.get_attribute("#page", "data-track") == track
    assert not page.evaluate("document.getElementById('audio').paused")
    page.get_by_role("button", name="Go to it").click()
    expect(page.locator(".track-title")).to_have_text("one.wav")


def test_two_are_sent_at_once_and_one_that_waits_can_be_cancelled(page: Page, album: Path) -> None:
    held: list[Route] = []
    page.route("**/api/tracks", lambda route: held.append(route))
    page.set_input_files(FILES, sorted(album.glob("[0-9]*.wav")) + sorted(album.glob("bonus/*")))
    expect(page.locator(f"{WAITING}[data-state=waiting]")).to_have_count(1)
    until(page, "document.querySelectorAll('#queue-list [data-state=sending]').length === 2")
    expect(page.locator("#add")).to_contain_text("0 of 3 ready")
    page.get_by_role("button", name="Cancel 10 song.wav").click()
    for route in held:
        route.continue_()
    expect(page.locator(ROW)).to_have_count(2)
    expect(page.locator("#queue")).to_be_hidden()
    assert len(held) == 2


def test_the_same_bytes_under_another_name_take_that_name_and_it_is_said(page: Page) -> None:
    sound = encoded(chord(4.2))
    page.set_input_files(FILES, {"name": "old.wav", "mimeType": "audio/wav", "buffer": sound})
    expect(page.locator(".track-title")).to_have_text("old.wav")
    page.set_input_files(FILES, {"name": "new.wav", "mimeType": "audio/wav", "buffer": sound})
    expect(page.locator("#toast")).to_contain_text(
        "\u201cold.wav\u201d was here already; it is called \u201cnew.wav\u201d now."
    )
    expect(page.locator(".track-title")).to_have_text("new.wav")
    assert titles(page) == ["new.wav"]


def test_a_track_is_renamed_by_keyboard_and_the_focus_stays(page: Page) -> None:
    for name in ("a.wav", "b.wav"):
        sound = encoded(chord(4.0 + ord(name[0]) / 100))
        page.set_input_files(FILES, {"name": name, "mimeType": "audio/wav", "buffer": sound})
        expect(page.locator(".track-title")).to_have_text(name)
    page.focus("#own-button")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rename b.wav").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("AC/DC live")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rename AC/DC live")).to_be_focused()
    expect(page.locator(".track-title")).to_have_text("AC/DC live")
    page.keyboard.press("Enter")
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_visible()
    expect(page.get_by_role("button", name="Rename AC/DC live")).to_be_focused()
    page.reload()
    wait_until_loaded(page)
    assert titles(page) == ["AC/DC live", "a.wav"]


def test_a_full_library_stops_the_queue_and_says_so_once(page: Page, album: Path) -> None:
    full = {
        "title": "Too many uploads",
        "status": 409,
        "detail": "You keep 100 uploads; the limit is 100. Remove one first.",
    }
    page.route(
        re.compile("/api/tracks$"),
        lambda route: route.fulfill(status=409, json=full) if route.request.method == "POST" else route.continue_(),
    )
    page.set_input_files(FILES, sorted(album.glob("[0-9]*.wav")) + sorted(album.glob("bonus/*")))
    expect(page.locator(".queue-note")).to_contain_text("Remove one first.")
    expect(page.locator(f"{WAITING}[data-state=failed]")).to_have_count(0)
    page.unroute(re.compile("/api/tracks$"))
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(ROW)).to_have_count(3)
