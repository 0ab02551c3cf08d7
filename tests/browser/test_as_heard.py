"""The switch "as the network hears it" changes over at the same place, without a gap."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import choose, now, until

pytestmark = pytest.mark.listens

# Taps all that goes to the loudspeaker, and keeps the second sound where a test can ask it.
TAP = """() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) {
      window.tap ??= new AnalyserNode(this.context, { fftSize: 2048 });
      connect.call(this, window.tap);
    }
    return connect.call(this, target, ...rest);
  };
  const Real = window.Audio;
  window.Audio = function (...rest) { return (window.second = new Real(...rest)); };
}"""
LOUDNESS = """async (milliseconds) => {
  const samples = new Float32Array(window.tap.fftSize);
  const found = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    window.tap.getFloatTimeDomainData(samples);
    found.push(Math.hypot(...samples) / Math.sqrt(samples.length));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return found;
}"""
APART = "Math.abs(document.getElementById('audio').currentTime - window.second.currentTime)"
HEARD = "document.getElementById('as-heard').dataset.heard === 'true'"


@pytest.fixture
def playing(page: Page) -> Page:
    choose(page, "Metal")
    page.evaluate(TAP)
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 1")
    return page


def test_the_switch_changes_over_at_the_same_place_without_a_gap(playing: Page) -> None:
    before = now(playing)
    playing.click("#as-heard")
    expect(playing.locator("#as-heard")).to_have_attribute("aria-checked", "true")
    loudness = playing.evaluate(LOUDNESS, 1500)
    until(playing, HEARD)
    assert playing.evaluate(APART) < 0.03
    assert before < now(playing) < before + 20
    playing.click("#as-heard")
    loudness += playing.evaluate(LOUDNESS, 300)
    sounding = loudness[next(place for place, each in enumerate(loudness) if each > 0.01) :]
    assert min(sounding) > 0.002  # metal is never silent
    assert not playing.evaluate("document.getElementById('audio').paused")
    assert playing.evaluate("window.second.paused")


def test_what_is_heard_goes_where_the_page_goes(playing: Page) -> None:
    playing.click("#as-heard")
    until(playing, HEARD)
    playing.keyboard.press("ArrowRight")
    until(playing, f"{APART} < 0.03 && document.getElementById('audio').currentTime > 5")
    playing.click("#play")
    until(playing, f"window.second.paused && {APART} < 0.005")
    choose(playing, "Jazz")
    playing.click("#play")
    until(playing, f"document.getElementById('audio').currentTime > 0.5 && {APART} < 0.03 && {HEARD}")


def test_without_the_switch_nothing_is_fetched_twice(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "Jazz")
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 0.5")
    assert not [url for url in asked if "as=heard" in url]
