"""A first visit: what is asked for and when, and that the playhead and the sound agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.serving import now, until, wait_until_loaded

NOTE_READY = """new MutationObserver((_, observer) => {
    if (!document.getElementById('page')?.dataset.ready) return;
    window.atReady = { hasPlotly: Boolean(window.Plotly), mayPlay: !document.getElementById('play').disabled };
    observer.disconnect();
}).observe(document, { attributes: true, subtree: true });"""


@pytest.mark.parametrize("query", ["", "?track=none"])
def test_everything_is_asked_for_once_and_plotly_last(
    visitor: Callable[..., BrowserContext], address: str, query: str
) -> None:
    page = visitor().new_page()
    page.add_init_script(NOTE_READY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text) if "preload" in message.text else None)
    page.goto(address + query)
    wait_until_loaded(page)
    assert page.evaluate("window.atReady") == {"hasPlotly": False, "mayPlay": True}
    paths = [urlsplit(url).path for url in asked if not url.startswith("data:") and not url.endswith("as=played")]
    assert [path for path, times in Counter(paths).items() if times > 1] == []
    assert paths[-1].startswith("/assets/vendor/plotly")


@pytest.mark.listens
def test_the_playhead_glides_with_the_sound(page: Page) -> None:
    share = """() => {
        const [line, strip] = ['.playhead', '.track-strip:has(> .playhead)'].map((each) =>
            document.querySelector(each).getBoundingClientRect());
        const audio = document.getElementById('audio');
        return (line.left - strip.left) / strip.width * audio.duration - audio.currentTime;
    }"""
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 1")
    apart = [page.evaluate(share) for _ in range(20) if page.wait_for_timeout(37) is None]
    assert max(map(abs, apart)) < 0.1
    page.keyboard.press("Space")
    until(page, "document.getElementById('audio').paused")
    page.wait_for_timeout(100)
    assert abs(page.evaluate(share)) < 0.02
    at = now(page)
    page.wait_for_timeout(200)
    assert abs(page.evaluate(share)) < 0.02
    assert now(page) == at
