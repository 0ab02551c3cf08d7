"""One's own tracks: sent, seen by nobody else, deleted; and what a bad file says."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.serving import seek, until, wait_until_loaded

INPUT = "#add input[type=file]"
ROW = ".tile[data-kind=upload]"


def remove(page: Page) -> None:
    """Remove the first of one's own tracks."""
    page.click("#own-button")
    page.get_by_role("button", name=re.compile("^Remove")).first.click()


def test_an_upload_is_scored_and_chosen(page: Page, sound_file: Path) -> None:
    page.set_input_files(INPUT, sound_file)
    tile = page.locator(ROW)
    expect(tile).to_have_count(1)
    expect(tile.locator(".tile-button")).to_have_attribute("aria-pressed", "true")
    wait_until_loaded(page)
    assert page.get_attribute("#timeline", "data-windows") == "11"
    expect(page.locator(".track-title")).to_contain_text("my song")
    seek(page, 6)
    until(page, "document.getElementById('now').dataset.end")


def test_an_upload_is_there_after_a_reload_and_gone_after_its_removal(page: Page, sound_file: Path) -> None:
    page.set_input_files(INPUT, sound_file)
    wait_until_loaded(page)
    expect(page.locator(ROW)).to_have_count(1)
    page.reload()
    wait_until_loaded(page)
    expect(page.locator(f"{ROW} .tile-button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#own-button")).to_contain_text("my song")
    remove(page)
    expect(page.locator(ROW)).to_have_count(0)
    expect(page.locator("#own-button")).to_be_hidden()
    expect(page.locator("#samples").get_by_role("button", name=re.compile(r"^Jazz\b"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.reload()
    wait_until_loaded(page)
    assert page.locator(ROW).count() == 0
    assert len(page.evaluate("fetch('/api/tracks').then((answer) => answer.json())")["tracks"]) == 4


def test_a_removal_can_be_undone_in_its_old_place(page: Page, sound_file: Path, silent_file: Path) -> None:
    page.set_input_files(INPUT, sound_file)
    expect(page.locator(ROW)).to_have_count(1)
    page.set_input_files(INPUT, silent_file)
    expect(page.locator(ROW)).to_have_count(2)
    wait_until_loaded(page)
    titles = page.locator(f"{ROW} .tile-name").all_text_contents()
    remove(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ROW)).to_have_count(2)
    assert page.locator(f"{ROW} .tile-name").all_text_contents() == titles
    expect(page.locator("#own-button")).to_contain_text(titles[0])


def test_many_tracks_are_listed_searched_and_reached(page: Page) -> None:
    track = page.evaluate("fetch('/api/tracks').then((answer) => answer.json())")["tracks"][0]
    own = [{**track, "id": f"{n:032x}", "kind": "upload", "genre": None, "title": f"Song {n}"} for n in range(30)]
    page.route("**/api/tracks", lambda route: route.fulfill(json={"tracks": [track, *own]}))
    page.reload()
    wait_until_loaded(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.click("#own-button")
    last = page.locator(ROW).last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    page.get_by_role("searchbox", name="Search your tracks").fill("song 17")
    assert [row.is_visible() for row in page.locator(ROW).all()].count(True) == 1
    page.keyboard.press("Escape")
    expect(page.locator("#own")).to_be_hidden()
    expect(page.locator("#own-button")).to_be_focused()


def test_a_bad_file_is_explained_where_the_hand_was_and_the_track_plays_on(page: Page, bad_file: Path) -> None:
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 0.2")
    track = page.get_attribute("#page", "data-track")
    page.set_input_files(INPUT, bad_file)
    bubble = page.locator("#upload-message")
    expect(bubble).to_be_visible()
    expect(bubble).to_contain_text("letter.wav")
    expect(bubble).to_have_attribute("role", "alert")
    tile, box = page.locator("#add").bounding_box(), bubble.bounding_box()
    assert tile is not None
    assert box is not None
    assert 0 <= box["y"] - (tile["y"] + tile["height"]) <= 16
    assert page.get_attribute("#page", "data-track") == track
    assert not page.evaluate("document.getElementById('audio').paused")
    bubble.get_by_role("button", name="Dismiss").click()
    expect(bubble).to_be_hidden()


def test_a_file_dropped_anywhere_is_taken(page: Page, sound_file: Path) -> None:
    content = base64.b64encode(sound_file.read_bytes()).decode()
    transfer = page.evaluate_handle(
        """(content) => {
            const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "dropped.wav", { type: "audio/wav" }));
            return transfer;
        }""",
        content,
    )
    page.dispatch_event("#now", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_be_visible()
    page.dispatch_event("#now", "drop", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_be_hidden()
    expect(page.locator(".track-title")).to_contain_text("dropped")
    wait_until_loaded(page)


def test_silence_is_silence_and_no_genre(page: Page, silent_file: Path) -> None:
    page.set_input_files(INPUT, silent_file)
    expect(page.locator(".track-title")).to_contain_text("nothing")
    wait_until_loaded(page)
    seek(page, 4)
    expect(page.locator("#lead")).to_have_text("Silence")
    expect(page.locator("#now")).to_have_attribute("data-state", "silence")
    expect(page.locator("#now-words")).to_contain_text("too quiet")
    expect(page.locator("#overall-words")).to_contain_text("silence")


def test_two_visitors_never_see_each_others_tracks(visit, sound_file: Path) -> None:
    first, second = visit(), visit()
    first.set_input_files(INPUT, sound_file)
    expect(first.locator(ROW)).to_have_count(1)
    wait_until_loaded(first)
    track = first.get_attribute("#page", "data-track")
    second.reload()
    wait_until_loaded(second)
    assert second.locator(ROW).count() == 0
    assert second.evaluate(f"fetch('/api/tracks/{track}/audio').then((answer) => answer.status)") == 404
    second.goto(first.url)
    wait_until_loaded(second)
    expect(second.locator("#toast")).to_contain_text("not here")
    assert first.get_attribute("#page", "data-track") == track
