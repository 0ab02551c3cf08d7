"""What if: knobs change what is heard and, by the same treatment, what is scored."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import DESKTOP, choose, open_look, seek, until
from tests.browser.tap import tapped
from tests.browser.what_if import MOST_APART, ROUNDED, shown, shown_and_heard, turn

PLAYS = """() => {
    const audio = document.getElementById('audio');
    return { rate: audio.playbackRate, keepsPitch: audio.preservesPitch,
             heard: document.getElementById('look-what-if').dataset.heard };
}"""
AS_IT_IS = {"rate": 1, "keepsPitch": True, "heard": "plain"}


@pytest.mark.listens
@pytest.mark.parametrize(
    ("track", "knobs"),
    [
        ("jazz", {"lowPass": 12, "highPass": 6, "bass": -9, "middle": 6, "treble": -6, "gain": 6, "mono": 1}),
        ("metal", {"pitch": 4, "noise": -40}),
        ("jazz", {"tempo": 80}),
    ],
    ids=["filters and level", "pitch and noise", "tempo"],
)
def test_what_is_shown_is_the_score_of_what_is_heard(
    visit: Any, visitor: Any, track: str, knobs: dict[str, float]
) -> None:
    page = visit(context=tapped(visitor(viewport=DESKTOP, bypass_csp=True)))
    choose(page, track.capitalize())
    probabilities, heard = shown_and_heard(page, track, 20, **knobs)
    assert probabilities == pytest.approx(heard, abs=MOST_APART + ROUNDED)


def test_tempo_and_pitch_are_heard_and_taken_back_by_key_and_by_reset(page: Page) -> None:
    open_look(page, "what-if")
    seek(page, 20)
    turn(page, tempo=80)
    assert page.evaluate(PLAYS) == {"rate": 0.8, "keepsPitch": False, "heard": "changed"}
    expect(page.locator("#what-if-verdict")).to_contain_text("with the tempo at 80 %")
    slow = shown(page)
    assert sum(slow.values()) == pytest.approx(1, abs=0.06)
    page.keyboard.press("b")
    until(page, "document.getElementById('look-what-if').dataset.heard === 'plain'")
    assert page.evaluate(PLAYS) == AS_IT_IS
    expect(page.locator("#what-if-on")).to_have_attribute("aria-checked", "false")
    page.keyboard.press("b")
    until(page, "document.getElementById('look-what-if').dataset.heard === 'changed'")
    turn(page, pitch=5, tempo=100)
    until(page, "document.getElementById('audio').playbackRate === 1")
    assert page.evaluate(PLAYS) == {"rate": 1, "keepsPitch": False, "heard": "changed"}
    expect(page.locator("#what-if-verdict")).to_contain_text("with the pitch at +5 semitones")
    assert shown(page) != slow
    page.click("#what-if-reset")
    until(page, "document.getElementById('look-what-if').dataset.heard === 'plain'")
    assert page.evaluate(PLAYS) == AS_IT_IS
    expect(page.locator("#knob-pitch")).to_have_value("0")
    expect(page.locator("#what-if-reset")).to_be_disabled()
    expect(page.locator("#what-if-table td.of-changed").first).to_have_text("\u2013")
