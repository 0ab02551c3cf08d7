"""The page without its server: what was loaded and played works, the rest says what it needs, and nothing is stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import choose, served, until, wait_until_loaded

NO_ANSWER = "The server does not answer"


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    wait_until_loaded(page)
    return page


def test_a_sample_that_was_played_plays_again_without_the_server(
    visitor: Callable[..., BrowserContext], tmp_path: Path, sound_file: Path
) -> None:
    context = visitor(service_workers="allow")
    with served(tmp_path) as address:
        page = opened(context, address)
        page.set_input_files("#add input[type=file]", sound_file)
        expect(page.locator(".own-tile")).to_be_visible()
        choose(page, "Jazz")
        page.click("#play")
        until(page, "document.getElementById('audio').currentTime > 0.5")
        page.keyboard.press("Space")
        until(page, "document.getElementById('page').dataset.kept === '1'")
    page.close()
    page = opened(context, address)
    notice = page.locator("#connection")
    expect(notice).to_contain_text(NO_ANSWER)
    expect(notice).to_contain_text("can be played again")
    expect(page.locator(".own-tile")).to_be_hidden()  # one's own are not kept
    page.click("#play")
    until(page, "document.getElementById('now').dataset.state === 'music'")
    until(page, "document.getElementById('audio').currentTime > 3.5")
    page.evaluate("document.getElementById('audio').currentTime = 30")  # a range of what is kept
    until(page, "document.getElementById('audio').currentTime > 30.2")
    page.set_input_files("#add input[type=file]", sound_file)
    expect(page.locator("#upload-message")).to_contain_text(NO_ANSWER)
    port = address.rstrip("/").rpartition(":")[2]
    with served(tmp_path, port=port):
        expect(notice).to_be_hidden(timeout=30_000)
        expect(page.locator(".own-tile")).to_be_visible()
        assert (
            page.evaluate("fetch('assets/offline/worker.js').then((answer) => answer.headers.has('X-Kept'))") is False
        )


def test_another_version_of_the_page_is_there_at_once_and_the_old_one_forgotten(
    visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    context = visitor(service_workers="allow")
    kept = "caches.keys()"
    with served(tmp_path) as address:
        page = opened(context, address)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        before = page.evaluate(kept)
        assert len(before) == 1
    port = address.rstrip("/").rpartition(":")[2]
    with served(tmp_path, port=port, GENRE_MAX_UPLOAD_MIB="7"):
        page.reload()
        wait_until_loaded(page)
        assert "7 MiB" in page.locator("#page").get_attribute("data-config")
        until(page, "navigator.serviceWorker.controller !== null")
        page.evaluate("navigator.serviceWorker.ready.then((it) => it.update()).then(() => null)")
        until(page, f"{kept}.then((names) => names.length === 1 && names[0] !== {before[0]!r})")
