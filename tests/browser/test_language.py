"""The page in German: as the browser wishes, switched and kept; whole, at every width."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.eyes import check, with_axe
from tests.browser.serving import DESKTOP, seek, until, wait_until_loaded
from tests.browser.test_everyone import faults, heard

ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|with|this|that|is|are|what|play|track so far|heard|silence|unsure|close|your|scores? for)\b", re.I
)

# All that is read or read out: texts of elements and their names, but for what is marked as of another language.
READ = """() => {
    const found = [];
    const titles = '.track-title, .tile-about, .map-known, .map-tracks, .alike-name'; // as tracks are called
    const other = `[lang]:not(html), select, .js-plotly-plot, script, noscript, ${titles}`;
    for (const element of document.querySelectorAll('body *')) {
        if (element.closest(other)) continue;
        const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
        const names = ['aria-label', 'title', 'placeholder', 'aria-valuetext'];
        found.push(...texts.map((node) => node.textContent.trim()), ...names.map((name) => element.getAttribute(name)));
    }
    return found.filter(Boolean);
}"""


@pytest.fixture
def german(visit: Any) -> Page:
    return visit(locale="de-AT", bypass_csp=True)


def test_the_browser_chooses_the_language_the_switch_changes_it_and_it_stays(visit: Any) -> None:
    page = visit(locale="de-AT")
    expect(page.locator("#invite-play")).to_have_text("Jazz abspielen")
    seek(page, 30.2)
    expect(page.locator("#heard")).to_have_text(re.compile(r"^gehört 0:2\d,\d \u2013 0:\d\d,\d$"))
    expect(page.locator("#lead-value")).to_have_text(re.compile(r"^0,\d\d$"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    wait_until_loaded(page)
    expect(page.locator("#card summary")).to_contain_text("How good is this?")
    expect(page.locator("#elapsed")).to_have_text(re.compile(r"^0:30\.\d$"))  # where it was
    page.reload()
    wait_until_loaded(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("#card summary")).to_contain_text("Wie gut ist das?")
    wait_until_loaded(page)


def test_nothing_in_german_is_left_in_english(german: Page, bad_file: Path) -> None:
    page = german
    heard(page)
    page.click("#reveal")
    page.keyboard.press("w")
    page.set_input_files("#add input[type=file]", bad_file)
    expect(page.locator("#upload-message")).to_be_visible()
    page.click("#closer-button")
    for look in ("words", "what-if", "map"):
        page.click(f"#tab-{look}")
        if look == "what-if":
            page.locator("#knob-lowPass").fill("10")
            until(page, "document.getElementById('look-what-if').dataset.scored")
        page.wait_for_timeout(300)
    until(page, "document.getElementById('look-map').dataset.placed")
    assert {words for words in page.evaluate(READ) if ENGLISH_WORDS.search(words)} == set()
    page.locator("#timeline-graph").hover(position={"x": 300, "y": 100})
    expect(page.locator("#timeline .hoverlayer")).to_contain_text("gehört bis 0:")
    expect(page.locator("#timeline .hoverlayer")).to_contain_text(re.compile(r"0,\d\d"))


def test_german_words_have_room_at_every_width_and_axe_finds_nothing(german: Page) -> None:
    page = with_axe(german)
    assert faults(page) == {}
    heard(page)
    page.click("#reveal")
    page.select_option(".other-select", "long")
    page.click("#card summary")
    assert faults(page) == {}
    check(page, "German")  # colours are those of English
    page.click("#closer-button")
    for look in ("words", "what-if"):
        page.set_viewport_size(DESKTOP)
        page.click(f"#tab-{look}")
        assert faults(page) == {}
