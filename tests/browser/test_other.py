"""Another model beside the first: chosen, heard, shown apart, remembered, and gone without a trace."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.page.theme import DARK, LIGHT
from tests.browser.serving import PHONE, choose, now, seek, until, wait_until_loaded
from tests.sounds import RATE_HZ, chord, encoded

SELECT = ".other-select"
DONE = "#other-timeline[data-complete=true]"


def compare(page: Page, name: str) -> None:
    page.select_option(SELECT, name)
    page.wait_for_selector(DONE)


def boxes(page: Page) -> dict[str, Any]:
    return {name: page.locator(name).first.bounding_box() for name in ("#lead", "#bars", ".bar-row", "#card")}


def test_both_models_are_named_and_shown_side_by_side(page: Page) -> None:
    seek(page, 20.2)
    until(page, "document.getElementById('now').dataset.end")
    before = boxes(page)
    compare(page, "long")
    expect(page.locator("#legend")).to_have_text("Two-block CNN")
    expect(page.locator("#other-name")).to_have_text("5 s windows")
    expect(page.locator("#other-heard")).to_have_text("heard 0:15.0 \u2013 0:20.0")
    expect(page.locator("#heard")).to_have_text("heard 0:17.0 \u2013 0:20.0")
    values = page.locator(".bar-value.of-other").all_inner_texts()
    assert sum(map(float, values)) == pytest.approx(1, abs=0.06)
    assert values != page.locator(".bar-value.of-first").all_inner_texts()
    expect(page.locator("#other")).to_have_attribute("data-state", "music")
    assert page.locator(".bar-row.other-leads").get_attribute("data-genre") == page.get_attribute(
        "#other", "data-genre"
    )
    assert page.locator("#overall-table thead th").all_inner_texts() == ["Genre", "So far", "So far", "Whole", "Whole"]
    expect(page.locator("#other-overall-words")).to_contain_text("So far")
    first, second = page.locator("#timeline").bounding_box(), page.locator("#other-timeline").bounding_box()
    assert (first["x"], first["width"], first["height"]) == (second["x"], second["width"], second["height"])
    assert second["y"] >= first["y"] + first["height"]
    axes = page.evaluate("""['#timeline .js-plotly-plot', '#other-graph'].map((each) => {
        const { _fullLayout, layout } = document.querySelector(each);
        return [_fullLayout._size.l, _fullLayout._size.w, ...layout.xaxis.range];
    })""")
    assert axes[0] == axes[1]
    page.select_option(SELECT, "")
    expect(page.locator("#other-timeline")).to_be_hidden()
    assert boxes(page) == before
    assert page.locator("#overall-table thead th").all_inner_texts() == ["Genre", "So far", "Whole"]


def test_a_model_of_5_s_windows_listens_for_5_s_and_the_server_is_asked_for_nothing_but_sound(page: Page) -> None:
    compare(page, "long")
    seek(page, 4.2)
    expect(page.locator("#now")).to_have_attribute("data-end", str(4 * RATE_HZ))
    expect(page.locator("#other-lead")).to_have_text("Listening")
    expect(page.locator("#other-heard")).to_have_text("The first window ends at 0:05.0.")
    assert set(page.locator(".bar-value.of-other").all_inner_texts()) == {"\u2013"}
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 4.4")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_selector("#other[data-state=music]")
    assert now(page) >= 5
    assert int(page.get_attribute("#other", "data-end") or 0) / RATE_HZ <= now(page)
    page.wait_for_timeout(1_000)
    assert [url for url in asked if not url.endswith("/audio")] == []


def test_each_model_has_a_state_of_its_own(page: Page) -> None:
    compare(page, "shy")
    seek(page, 20.2)
    expect(page.locator("#other-lead")).to_have_text("Unsure")
    expect(page.locator("#other-words")).to_contain_text("No genre stands out")
    expect(page.locator("#lead")).to_have_text("Jazz")
    dimmed = "getComputedStyle(document.querySelector('.bar-track{} > .bar')).opacity"
    assert page.evaluate(dimmed.format(".of-other")) == "0.4"
    assert page.evaluate(dimmed.format(".of-first")) == "1"
    until(page, "/Jazz. Never sure: Unsure/.test(document.getElementById('announcer').textContent)")


def test_the_choice_is_kept_over_a_reload_and_follows_to_another_track(page: Page) -> None:
    compare(page, "long")
    assert "compare=long" in page.url
    page.reload()
    wait_until_loaded(page)
    page.wait_for_selector(DONE)
    expect(page.locator(SELECT)).to_have_value("long")
    before = page.get_attribute("#other-timeline", "data-windows")
    choose(page, "Metal")
    page.wait_for_selector(DONE)
    assert page.get_attribute("#other-timeline", "data-windows") != before
    page.goto(page.url.replace("compare=long", "compare=nobody"))
    wait_until_loaded(page)
    expect(page.locator(SELECT)).to_have_value("")
    expect(page.locator("#other-timeline")).to_be_hidden()
    assert "compare" not in page.url


def test_the_other_timeline_grows_is_revealed_clicked_and_exported(page: Page) -> None:
    compare(page, "long")
    width = "Number(document.querySelector('#other-timeline .plotclip rect').getAttribute('width'))"
    assert page.evaluate(width) == 0
    page.click("#reveal")
    assert page.evaluate(width) > 500
    page.click("#reveal")
    page.locator("#other-timeline").scroll_into_view_if_needed()
    box = page.locator("#other-graph").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    until(page, "document.getElementById('audio').currentTime > 20")
    until(page, f"{width} > 200")
    with page.expect_download() as table:
        page.click("#other-csv")
    assert table.value.suggested_filename.endswith("-long.csv")


def test_the_choice_is_made_by_keys_and_named_for_a_screen_reader(page: Page) -> None:
    select = page.get_by_role("combobox", name="Compare with")
    select.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(DONE)
    assert "compare=long" in page.url
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowUp")
    expect(page.locator("#other-timeline")).to_be_hidden()


def test_a_track_too_short_for_the_other_model_says_so_and_the_first_is_heard(page: Page, tmp_path: Path) -> None:
    (short := tmp_path / "short.wav").write_bytes(encoded(chord(4.0)))
    compare(page, "long")
    page.set_input_files("#add input[type=file]", short)
    expect(page.locator("#other-lead")).to_have_text("No scores")
    expect(page.locator("#other")).to_contain_text("long hears 5 s at a time")
    expect(page.locator("#connection")).to_be_hidden()
    seek(page, 3.5)
    until(page, "document.getElementById('now').dataset.end")


def test_a_phone_shows_both_in_its_width_and_theme(visit: Any) -> None:
    page = visit("?compare=long", viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark")
    page.wait_for_selector(DONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for part in ("#legend", SELECT, "#other-name", "#other-timeline"):
        expect(page.locator(part)).to_be_visible()
    text = "document.getElementById('other-graph')._fullLayout.font.color"
    assert page.evaluate(text) == DARK.muted
    page.click("#theme-button")
    assert page.evaluate(text) == LIGHT.muted


def test_nothing_jumps_where_another_model_is_remembered(visit: Any, visitor: Any) -> None:
    context = visitor()
    context.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    page = visit("?compare=long", context=context)
    page.wait_for_selector(DONE)
    page.click("#play")
    seek(page, 10)
    page.wait_for_timeout(600)
    assert page.evaluate("window.shift") == 0
    assert re.search("compare=long", page.url)
