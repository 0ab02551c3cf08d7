"""Themes, phone width, stillness while loading, reduced motion."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.page.theme import DARK, LIGHT, Theme
from tests.browser.serving import PHONE, choose, now, seek, until, wait_until_loaded

PAPERS = """() => {
    const canvas = document.querySelector('#spectrogram canvas');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const hex = (value) => value.toString(16).padStart(2, '0');
    const ends = [0, 0]; // Of all pixels, the lightest and the darkest: by red, green and blue together.
    const sums = [-1, 766];
    for (let at = 0; at < data.length; at += 4) {
        const sum = data[at] + data[at + 1] + data[at + 2];
        if (sum > sums[0]) [sums[0], ends[0]] = [sum, at];
        if (sum < sums[1]) [sums[1], ends[1]] = [sum, at];
    }
    const [lightest, darkest] = ends.map((at) => '#' + hex(data[at]) + hex(data[at + 1]) + hex(data[at + 2]));
    return [document.querySelector('#timeline-graph .js-plotly-plot')._fullLayout.font.color, lightest, darkest];
}"""


def papers(page: Page, theme: Theme) -> list[str]:
    """Colour of the timeline's text, and of the spectrogram's quiet, which is the page's own."""
    timeline, lightest, darkest = page.evaluate(PAPERS)
    return [timeline, lightest if theme is LIGHT else darkest]


@pytest.mark.parametrize(("scheme", "theme", "other"), [("light", LIGHT, DARK), ("dark", DARK, LIGHT)])
def test_the_system_chooses_the_theme_and_the_switch_changes_figures_too(
    visit: Any, scheme: str, theme: Theme, other: Theme
) -> None:
    page = visit(color_scheme=scheme)
    assert papers(page, theme) == [theme.muted, theme.page]
    page.click("#theme-button")
    assert papers(page, other) == [other.muted, other.page]
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb({}, {}, {})".format(*bytes.fromhex(other.page[1:]))
    assert page.evaluate("document.querySelector('#spectrogram canvas').height") == 128


def test_a_phone_shows_it_in_one_column_with_the_player_at_the_bottom(visit: Any) -> None:
    page = visit(viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    player = page.locator("#player").bounding_box()
    assert round(player["y"] + player["height"]) == PHONE["height"]
    page.tap("#play")
    page.evaluate("document.getElementById('audio').currentTime = 12.2")
    until(page, "document.getElementById('now').dataset.end")
    last_bar, timeline = page.locator(".bar-row").last.bounding_box(), page.locator("#timeline").bounding_box()
    assert timeline["y"] + timeline["height"] <= player["y"]  # in the first screen
    assert last_bar["y"] + last_bar["height"] <= 2 * player["y"]  # in the second
    page.locator("#card").scroll_into_view_if_needed()
    assert round(page.locator("#player").bounding_box()["y"]) == round(player["y"])


def test_a_touch_in_a_picture_goes_there(visit: Any) -> None:
    page = visit(viewport=PHONE, is_mobile=True, has_touch=True)
    page.evaluate("document.getElementById('invite').hidden = true")
    box = page.locator("#waveform").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 20)
    until(page, "document.getElementById('audio').currentTime > 10")


def test_nothing_jumps_while_it_loads_or_changes_tracks(visit: Any, visitor: Any) -> None:
    context = visitor()
    context.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    page = visit(context=context)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") == 0
    choose(page, "Metal")
    page.click("#play")
    seek(page, 10)
    page.wait_for_timeout(600)
    assert page.evaluate("window.shift") == 0


def test_reduced_motion_makes_the_bars_step(visit: Any) -> None:
    page = visit(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration") == "0s"


def test_hover_names_time_frequency_and_level(page: Page) -> None:
    seek(page, 30)
    until(page, "document.getElementById('now').dataset.end")
    page.locator("#spectrogram").hover(position={"x": 400, "y": 60})
    expect(page.locator("#spectrogram .readout")).to_have_text(re.compile(r"^0:\d\d\.\d  .* k?Hz  \u2212?\d+ dB$"))
    page.locator("#timeline-graph").hover(position={"x": 400, "y": 100})
    expect(page.locator("#timeline .hoverlayer")).to_contain_text("heard by 0:2")
    expect(page.locator("#timeline .hoverlayer")).to_contain_text("Jazz")


def test_the_timeline_is_exported_as_picture_and_drawing_and_the_scores_as_csv(page: Page) -> None:
    for label, suffix in (("PNG", "png"), ("SVG", "svg")):
        page.click("#exports summary")
        with page.expect_download() as picture:
            page.get_by_role("button", name=label).click()
        assert picture.value.suggested_filename == f"timeline-lamplight-walk-two-block-cnn.{suffix}"
        expect(page.locator("#exports")).not_to_have_attribute("open", "")
    drawing = picture.value.path().read_text(encoding="utf-8")
    assert all(text in drawing for text in ("Lamplight Walk", "Two-block CNN", "Classical"))
    page.click("#exports summary")
    with page.expect_download() as table:
        page.click("#csv")
    assert table.value.path().read_text(encoding="utf-8").startswith("index,start_seconds,end_seconds,state")


def test_the_legend_shows_one_genre_alone_and_all_again(page: Page) -> None:
    shown = """() => document.querySelector('#timeline .js-plotly-plot').data
        .filter(({ stackgroup, visible }) => stackgroup && visible !== false).map(({ meta }) => meta)"""
    everything = page.evaluate(shown)
    chip = page.get_by_role("button", name="Jazz", exact=True)
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(shown) == ["jazz"]
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(shown) == everything
    page.get_by_role("button", name="Rock", exact=True).dblclick()
    assert page.evaluate(shown) == everything
    assert now(page) == 0


def test_wide_areas_are_named_where_they_are_heard(page: Page) -> None:
    label = page.locator("#timeline .area-label", has_text="Jazz").first
    page.wait_for_selector("#timeline .area-label", state="attached")
    expect(label).to_be_hidden()
    page.click("#reveal")
    expect(label).to_be_in_viewport()
    box = label.bounding_box()
    plot = page.locator("#waveform").bounding_box()
    assert box is not None
    assert plot is not None
    page.click("#reveal")
    duration = page.evaluate("document.getElementById('audio').duration")
    seek(page, (box["x"] + box["width"] / 2 - plot["x"]) / plot["width"] * duration)
    until(page, "document.getElementById('now').dataset.end")
    expect(label).to_be_hidden()  # half a name is none


def test_unsure_is_said_in_words_and_none_leads(page: Page) -> None:
    def unsure(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"state":"music"', '"state":"unsure"'))

    page.route("**/scores?*", unsure)
    page.keyboard.press("Shift+2")
    wait_until_loaded(page)
    seek(page, 10)
    expect(page.locator("#lead")).to_have_text("Unsure")
    expect(page.locator("#now-words")).to_contain_text("No genre stands out")
    assert page.locator(".bar-row.first-leads").count() == 0


def test_the_card_says_how_often_it_is_right_and_what_it_cannot_do(page: Page) -> None:
    expect(page.locator("#card summary")).to_contain_text("never heard")
    expect(page.locator("#card .card-body")).to_be_hidden()
    page.click("#card summary")
    expect(page.locator("#card")).to_contain_text("What it cannot do")
