"""The page on paper and in a system's own colours."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import PHONE, choose, seek, until

SHEETS = re.compile(rb"/Type\s*/Page\b")
COLOUR = "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]"


def heard_medley(page: Page) -> None:
    choose(page, "Medley")
    seek(page, 42.2)
    until(page, "document.getElementById('now').dataset.end")


@pytest.mark.parametrize("screen", [{"color_scheme": "dark"}, {"viewport": PHONE}], ids=["dark", "phone"])
def test_the_page_prints_as_a_report_of_one_light_sheet(visit: Any, screen: dict[str, Any]) -> None:
    page = visit(**screen)
    heard_medley(page)
    page.click("#reveal")
    assert len(SHEETS.findall(page.pdf(format="A4"))) == 1
    expect(page.locator("#report-note")).to_contain_text(re.compile(r"Heard up to 0:42 of 1:08, by .*\. .* 20\d\d"))
    page.emulate_media(media="print")
    for shown in (".track-title", ".verdict >> nth=0", "#timeline", "#bars", "#segments button", ".card-headline"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in ("#play", "#seek", "#volume", "#samples", ".tools", "#reveal", "#exports", "#stage-playhead"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == "#17191c"
    page.emulate_media(media="screen")
    assert page.get_attribute("html", "data-theme") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_systems_own_colours_everything_has_a_border_or_is_filled(visit: Any, scheme: str) -> None:
    page = visit(forced_colors="active", color_scheme=scheme)
    heard_medley(page)

    def style(selector: str, name: str, pseudo: str | None = None) -> str:
        return str(page.locator(selector).first.evaluate(COLOUR, [name, pseudo]))

    for bordered in (".switch-knob", ".bar-track", "#play", ".chip", ".swatch", "#mute", ".lead-colour"):
        assert (bordered, style(bordered, "borderTopStyle")) == (bordered, "solid")
    assert style(".tile-button[aria-pressed=true]", "outlineStyle") == "solid"
    assert style("#seek input", "appearance") == "auto"
    before = style("#reveal .switch-knob", "backgroundColor")
    page.click("#reveal")
    assert style("#reveal .switch-knob", "backgroundColor") != before
    colours = {style(f".bar-row:nth-child({place}) .bar", "backgroundColor") for place in range(1, 11)}
    assert len(colours) == 10
    ground = style("body", "backgroundColor")
    assert style(".playhead-line", "backgroundColor") != ground
    expect(page.locator("#as-heard")).to_be_enabled()
