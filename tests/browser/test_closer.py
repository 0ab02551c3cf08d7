"""A closer look: unseen until opened, remembered; words and map follow the sound, in both themes and at every width."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from model.words import MEASURES
from tests.browser.eyes import VIOLATIONS
from tests.browser.serving import choose, open_look, seek, until, wait_until_loaded
from tests.browser.test_everyone import faults, heard

axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed (make test does it)")

LOOKS = ("words", "what-if", "map")
SAME_WINDOW = "document.getElementById('look-words').dataset.end === document.getElementById('now').dataset.end"
PLACED = "document.getElementById('look-map').dataset.placed === document.getElementById('page').dataset.track"
NAMES = """() => [...document.querySelectorAll('#map-picture text')].map((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return { name: each.textContent, left, right, top, bottom };
})"""
SIDES = (("left", "right"), ("top", "bottom"))
PAINTED = """() => [...document.querySelectorAll('#look-words canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, place) => place % 4 === 3 && value > 0);
})"""


def test_nothing_is_shown_or_asked_for_until_it_is_opened(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    seek(page, 20)
    until(page, "document.getElementById('now').dataset.end")
    expect(page.locator("#closer")).to_be_hidden()
    page.wait_for_timeout(200)
    assert not [url for url in asked if any(part in url for part in ("words", "strips", "embedding", "/map"))]


def test_what_was_open_is_open_again(page: Page) -> None:
    open_look(page, "map")
    page.reload()
    wait_until_loaded(page)
    expect(page.locator("#look-map")).to_be_visible()
    expect(page.locator("#tab-map")).to_have_attribute("aria-selected", "true")
    page.locator("#tab-map").press("ArrowRight")
    expect(page.locator("#look-words")).to_be_visible()
    page.get_by_role("button", name="Close the closer look").click()
    expect(page.locator("#closer")).to_be_hidden()
    expect(page.locator("#closer-button")).to_be_focused()
    page.reload()
    wait_until_loaded(page)
    expect(page.locator("#closer")).to_be_hidden()


def test_words_are_of_the_window_that_was_heard_and_strips_of_the_track(page: Page) -> None:
    open_look(page, "words")
    seek(page, 30)
    until(page, f"document.getElementById('now').dataset.end && {SAME_WINDOW}")
    expect(page.locator("#words-head")).to_have_text("What speaks for jazz here")
    expect(page.locator("#words-speaks")).to_contain_text("moment")
    for each in MEASURES:
        row = page.locator(f'.measure[data-measure="{each.name}"]')
        expect(row.locator(".measure-value")).to_have_text(re.compile(r"\d"))
        expect(row.locator(".measure-place")).to_contain_text(" of jazz tracks")
        expect(row).to_contain_text(each.meaning)
    until(page, "document.getElementById('look-words').dataset.strips")
    assert page.evaluate(PAINTED) == [True] * (len(MEASURES) + 2)
    page.click("#play")
    until(page, f"document.getElementById('audio').currentTime > 31.5 && {SAME_WINDOW}")
    page.click("#play")


def test_the_map_shows_where_the_track_is_and_what_it_sounds_like(page: Page) -> None:
    open_look(page, "map")
    until(page, PLACED)
    expect(page.locator(".map-known circle")).not_to_have_count(0)
    expect(page.locator(".map-names text")).to_have_count(10)
    expect(page.locator("#map-moment")).to_have_text("The first window is still to come.")
    seek(page, 10)
    expect(page.locator("#map-moment li")).to_have_count(3)
    expect(page.locator("#map-whole li")).to_have_count(3)
    there = page.get_attribute(".map-dot", "transform")
    seek(page, 40)
    expect(page.locator(".map-dot")).not_to_have_attribute("transform", there or "")
    assert page.locator(".map-tail line").count() > 5
    until(page, "document.getElementById('look-map').dataset.rings === '3'")
    choose(page, "Metal")
    until(page, PLACED)
    expect(page.locator("#map-whole")).to_contain_text("Metal")


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_no_name_covers_another_on_the_map(page: Page, width: int) -> None:
    open_look(page, "map")
    until(page, PLACED)
    until(page, "document.getElementById('look-map').dataset.rings === '3'")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    boxes = page.evaluate(NAMES)
    assert len(boxes) == 13  # ten genres and the other samples, whose titles a narrow page hides
    covered = [
        (one["name"], other["name"])
        for one, other in itertools.combinations(boxes, 2)
        if all(min(one[end], other[end]) - max(one[start], other[start]) > 1 for start, end in SIDES)
    ]
    assert covered == []


def test_a_map_that_does_not_come_says_why_where_it_would_be(visit: Any, visitor: Any) -> None:
    context = visitor()
    problem = {"title": "The model has no map", "detail": "The map was made for other weights.", "status": 422}
    context.route("**/api/map", lambda route: route.fulfill(status=422, json=problem))
    page = visit(context=context)
    open_look(page, "map")
    expect(page.locator("#map-problem")).to_have_text("The map was made for other weights.")


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_is_cut_covered_or_out_of_reach_at_any_width(page: Page, look: str) -> None:
    heard(page)
    open_look(page, look)
    until(page, {"words": SAME_WINDOW, "map": PLACED, "what-if": "true"}[look])
    assert faults(page) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_look(visit: Any, scheme: str) -> None:
    page = visit(color_scheme=scheme, bypass_csp=True)
    page.evaluate(next(Path(axe.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8"))
    heard(page)
    for look in LOOKS:
        open_look(page, look)
        until(page, {"words": SAME_WINDOW, "map": PLACED, "what-if": "true"}[look])
        assert (look, page.evaluate(VIOLATIONS)) == (look, [])
