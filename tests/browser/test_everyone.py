"""The page for everyone: axe-core in its states and themes; at every width nothing is cut, crowded or out of reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.eyes import OF_COLOUR, check, with_axe
from tests.browser.serving import seek, until, wait_until_loaded

# With half of 1280, 1440 and 1920 x 1080: what these show at a zoom of 200 %.
WIDTHS = ((320, 640), (390, 844), (600, 900), (640, 400), (720, 450), (800, 600), (844, 390), (960, 540), (1024, 768),
          (1280, 800), (1440, 900), (1920, 1080))  # fmt: skip
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"

# What is wrong at this width: the page is wider than its window; a label of its own is cut or leaves its control; a
# target is too small for a finger (links within a sentence are as high as their line); controls cover each other.
FAULTS = """() => {
    const faults = new Set();
    if (document.documentElement.scrollWidth > innerWidth) faults.add('the page scrolls sideways');
    const isShown = (element) => element.checkVisibility() && !element.closest('.visually-hidden, .skip')
        && element.getBoundingClientRect().width > 1;
    const title = '.own-row, .own-tile, .busy, .track-title, .js-plotly-plot, option, select';
    for (const element of document.querySelectorAll('#page *')) {
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!hasText || !isShown(element) || element.closest(title)) continue;
        const name = `"${element.textContent.trim().slice(0, 40)}"`;
        const { display, overflowX } = getComputedStyle(element);
        if (display !== 'inline' && overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) {
            faults.add(`${name} is cut`);
        }
        const range = document.createRange();
        range.selectNodeContents(element);
        const within = element.closest('button, .tile')?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
        for (const { left, right } of range.getClientRects()) {
            if (left < within.left - 1 || right > within.right + 1) faults.add(`${name} leaves its place`);
        }
    }
    const least = innerWidth < 700 ? 44 : 24;
    const controls = [...document.querySelectorAll('#page :is(button, a[href], select, input, summary)')]
        .filter((each) => isShown(each) && !each.matches('p a'));
    const boxes = controls.map((each) => each.getBoundingClientRect());
    controls.forEach((control, place) => {
        const { height, width } = boxes[place];
        const name = control.id || control.className || control.textContent;
        if (height < least - 0.5 || width < 23.5) faults.add(`${name} is ${Math.round(width)} x ${Math.round(height)}`);
    });
    const player = document.getElementById('player');
    const isOver = (element) => player.contains(element) || element.closest('#invite, .timeline-name, [popover]');
    controls.forEach((one, i) => controls.slice(i + 1).forEach((other, j) => {
        if (isOver(one) || isOver(other) || one.contains(other)) return;
        const [a, b] = [boxes[i], boxes[i + 1 + j]];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        const pair = `${one.id || one.textContent} and ${other.id || other.textContent}`;
        if (across > 1 && down > 1) faults.add(`${pair} overlap`);
    }));
    return [...faults];
}"""


def with_uploads(page: Page, n: int) -> None:
    """Let the visitor have so many tracks of long names."""
    track = page.evaluate("fetch('/api/tracks').then((answer) => answer.json())")["tracks"]
    own = [
        {**track[0], "id": f"{i:032x}", "kind": "upload", "genre": None, "title": f"{i} a long name of a song I made"}
        for i in range(n)
    ]
    page.route("**/api/tracks", lambda route: route.fulfill(json={"tracks": [*track, *own]}))
    page.reload()
    wait_until_loaded(page)


def heard(page: Page) -> None:
    seek(page, 20.2)
    until(page, "document.getElementById('now').dataset.end")


def faults(page: Page) -> dict[int, list[str]]:
    found = {}
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        if wrong := page.evaluate(FAULTS):
            found[width] = wrong
    return found


@pytest.mark.parametrize(("n_uploads", "scheme"), [(0, "light"), (1, "dark"), (12, "light")])
def test_nothing_is_cut_covered_or_out_of_reach_at_any_width(page: Page, n_uploads: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    if n_uploads:
        with_uploads(page, n_uploads)
    heard(page)
    page.click("#reveal")
    page.select_option(".other-select", "long")
    page.click("#card summary")
    assert faults(page) == {}


def test_a_samples_title_takes_one_line_or_none_at_any_width(page: Page) -> None:
    heights = """() => [...document.querySelectorAll('.samples .tile-about')].map((about) =>
        Math.round(about.getBoundingClientRect().height))"""
    seen = {}
    for width in range(320, 1500, 20):
        page.set_viewport_size({"width": width, "height": 900})
        seen[width] = page.evaluate(heights)
    assert {height for each in seen.values() for height in each} == {0, 16}, seen
    assert seen[1440] == [16] * 4


def test_nothing_is_lost_where_text_is_spaced_wider(visit: Any) -> None:
    page = visit(bypass_csp=True)
    heard(page)
    page.add_style_tag(content=SPACED)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert (width, sideways) == (width, False)


def check_themes(page: Page, state: str) -> None:
    page.emulate_media(color_scheme="dark")
    check(page, f"{state}, dark", OF_COLOUR)
    page.emulate_media(color_scheme="light")
    check(page, f"{state}, light")


def test_axe_finds_nothing_in_any_state(visit: Any, bad_file: Path, sound_file: Path) -> None:
    page = with_axe(visit(bypass_csp=True))
    check_themes(page, "first visit")
    heard(page)
    page.click("#reveal")
    page.set_input_files("#add input[type=file]", bad_file)
    expect(page.locator("#upload-message")).to_be_visible()
    check_themes(page, "heard, revealed, an error")
    page.get_by_role("button", name="Dismiss").click()
    page.select_option(".other-select", "long")
    page.wait_for_selector("#other-timeline[data-complete=true]")
    page.click("#card summary")
    page.click("#exports summary")
    check_themes(page, "comparing, card and menu open")
    page.locator("#exports summary").press("Escape")
    page.keyboard.press("w")
    page.keyboard.press("r")
    expect(page.locator("#region-sign")).to_be_visible()
    check_themes(page, "why, and a stretch played over and over")
    page.keyboard.press("Space")
    page.route("**/api/**", lambda route: route.abort())
    page.keyboard.press("Shift+3")
    expect(page.locator("#connection")).to_be_visible()
    check_themes(page, "the server is away")
    page.unroute("**/api/**")
    expect(page.locator("#connection")).to_be_hidden(timeout=30_000)
    page.click("#listen-button")
    check_themes(page, "what to listen to")
    page.keyboard.press("Escape")
    held: list[Route] = []
    page.route("**/api/tracks", lambda route: held.append(route))
    page.set_input_files("#add input[type=file]", [sound_file, sound_file, bad_file])
    until(page, "document.querySelectorAll('#queue-list [data-state=sending]').length === 2")
    page.click("#own-button")
    check_themes(page, "tracks being added")
    for route in held:
        route.abort()
    page.unroute("**/api/tracks")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    check_themes(page, "help")
