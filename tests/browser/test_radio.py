"""A radio station on the page: heard through the server, its scores by the clock of its sound."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import serving
from tests.stations import Server, station
from tests.stations import serving as on_air

FIRST_SOUND_SECONDS = 4
FIRST_SCORE_SECONDS = 8


@pytest.fixture(scope="module")
def stations() -> Iterator[Server]:
    with on_air(
        live=station(speed=1.0, burst_seconds=4.0, titles=("Ella - Misty",)),
        short=station(speed=1.0, burst_seconds=4.0, n_bytes=80_000),
        page=lambda call: call.head("Content-Type: text/html"),
    ) as server:
        yield server


def tune_in(page: Page, url: str) -> float:
    """Ask for a station; give the time of asking."""
    page.click("#listen-button")
    page.fill(".radio-address", url)
    page.click("#radio-start")
    return time.monotonic()


def heard_seconds(page: Page) -> float:
    return float(page.evaluate("Number(document.getElementById('page').dataset.liveSamples ?? 0)")) / 44_100


def lag_seconds(page: Page) -> float:
    """How far what is heard in two seconds is from as much time by the clock."""
    before, begun = heard_seconds(page), time.monotonic()
    page.wait_for_timeout(2000)
    return abs(heard_seconds(page) - before - (time.monotonic() - begun))


def test_a_station_is_heard_and_scored_and_its_titles_are_shown(page: Page, stations: Server) -> None:
    asked = tune_in(page, stations.url("/live"))
    serving.until(page, "Number(document.getElementById('page').dataset.liveSamples) > 0", 30)
    sound_seconds = time.monotonic() - asked
    serving.until(page, "document.getElementById('now').dataset.end >= 66150", 30)
    score_seconds = time.monotonic() - asked
    assert score_seconds - sound_seconds > 2  # a window is shown when it has been heard, though it came at once
    assert sound_seconds < 2 * FIRST_SOUND_SECONDS  # twice: the machine may be busy; the benchmark holds the bar
    assert score_seconds < 2 * FIRST_SCORE_SECONDS
    assert page.locator("#live-title").inner_text() == "Chord FM"
    assert page.locator("#live-playing").inner_text() == "Ella - Misty"
    end = int(page.locator("#now").get_attribute("data-end") or 0) / 22_050
    assert end <= heard_seconds(page) + 0.5
    assert min(lag_seconds(page) for _ in range(3)) < 0.7  # of three stretches: a busy machine may run dry in one
    page.get_by_role("slider", name="Volume").last.fill("0.5")
    assert page.evaluate("document.getElementById('audio').volume") == 0.5
    page.click("#live-stop")
    serving.until(page, "!document.getElementById('page').dataset.live")
    expect(page.locator("#track-titles")).to_contain_text("Chord FM", timeout=20_000)  # the take
    page.click("#listen-button")
    assert page.locator(".radio-address").input_value() == stations.url("/live")


def test_a_station_that_breaks_off_is_said_and_found_again(page: Page, stations: Server) -> None:
    tune_in(page, stations.url("/short"))
    serving.until(page, "document.getElementById('live-words').textContent.includes('Looking for it')", 40)
    serving.until(page, "!document.getElementById('live-words').textContent.includes('Looking for it')", 40)
    serving.until(page, "document.getElementById('timeline').dataset.windows > 12", 40)
    page.click("#live-stop")
    serving.until(page, "!document.getElementById('page').dataset.live")


@pytest.mark.parametrize(("path", "sentence"), [("/page", "web page"), ("/gone", "status 404")])
def test_what_is_no_station_is_said_where_the_hand_was(page: Page, stations: Server, path: str, sentence: str) -> None:
    tune_in(page, stations.url(path))
    expect(page.locator("#listen-words")).to_contain_text(sentence, timeout=20_000)
    expect(page.locator("#radio-start")).to_have_text("Listen")
    expect(page.locator("#player")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("#track-titles")).to_contain_text(re.compile(r"\w"))
