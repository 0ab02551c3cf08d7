"""What people expect of a player: the keys they know, a stretch again, the next track, back and forward, an address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import PHONE, choose, now, seek, until, wait_until_loaded

PAUSED = "document.getElementById('audio').paused"
# What happens is noted in the page: on a busy machine three seconds may pass between two looks at it.
WATCH = """() => {
    const audio = document.getElementById('audio');
    const sign = document.getElementById('region-sign');
    window.watched = { from: null, said: '' };
    audio.addEventListener('playing', () => { window.watched.from ??= audio.currentTime; });
    new MutationObserver(() => { window.watched.said ||= sign.textContent; }).observe(sign, { childList: true });
}"""
TITLES = {"Jazz": "Lamplight Walk", "Reggae": "Zinc Roof Sunday"}


def test_the_keys_of_other_players_work_here(page: Page) -> None:
    duration = page.evaluate("document.getElementById('audio').duration")
    page.keyboard.press("5")
    assert now(page) == pytest.approx(duration / 2, abs=0.01)
    page.keyboard.press("j")
    assert now(page) == pytest.approx(duration / 2 - 10, abs=0.01)
    page.keyboard.press("L")
    assert now(page) == pytest.approx(duration / 2, abs=0.01)
    page.keyboard.press("m")
    assert page.evaluate("document.getElementById('audio').muted")
    page.focus("#play")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.getElementById('audio').volume") == pytest.approx(0.9)
    assert not page.evaluate("document.getElementById('audio').muted")
    page.keyboard.press("k")
    until(page, f"!{PAUSED}")
    page.keyboard.press("n")
    expect(page.locator(".track-title")).to_have_text(TITLES["Reggae"])
    page.keyboard.press("p")
    expect(page.locator(".track-title")).to_have_text(TITLES["Jazz"])


def test_the_window_just_heard_is_heard_again_and_then_it_rests(page: Page) -> None:
    seek(page, 20.2)
    until(page, "document.getElementById('now').dataset.end")
    page.evaluate(WATCH)
    page.click("#again")
    until(page, f"window.watched.from !== null && {PAUSED}")
    watched = page.evaluate("window.watched")
    assert watched["said"].startswith("Hear 0:17 \u2013 0:20")
    assert watched["from"] == pytest.approx(17, abs=0.5)
    assert now(page) == pytest.approx(20, abs=0.05)
    expect(page.locator("#region-sign")).to_be_hidden()


def test_a_stretch_is_dragged_out_and_played_over_and_over_until_someone_goes_elsewhere(page: Page) -> None:
    page.evaluate("document.getElementById('audio').playbackRate = 4")
    box = page.locator("#waveform").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.evaluate("document.getElementById('invite').hidden = true")
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 0.50 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.54 * box["width"], middle, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    duration = page.evaluate("document.getElementById('audio').duration")
    expect(page.locator("#region-sign")).to_contain_text("Loop")
    page.evaluate("window.back = 0; document.getElementById('audio').addEventListener('seeked', () => window.back++)")
    until(page, "window.back >= 2")
    assert 0.49 * duration < now(page) < 0.58 * duration
    page.keyboard.press("Home")
    until(page, "document.getElementById('region-sign').hidden")
    assert not page.evaluate(PAUSED)


def test_the_list_plays_on_only_if_one_wants(page: Page) -> None:
    for wanted, title in ((False, TITLES["Jazz"]), (True, TITLES["Reggae"])):
        if wanted:
            page.click("#plays-on")
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        page.evaluate("document.getElementById('audio').playbackRate = 8; document.getElementById('audio').play()")
        page.wait_for_timeout(1500)
        expect(page.locator(".track-title")).to_have_text(title)
    until(page, f"!{PAUSED}")


def test_the_pictures_are_looked_at_closer_and_stay_one_picture_of_the_same_seconds(page: Page) -> None:
    seek(page, 30.2)
    until(page, "document.getElementById('now').dataset.end")
    duration = page.evaluate("document.getElementById('audio').duration")
    zoom = "document.getElementById('lanes').dataset.zoom"
    shown = """() => document.querySelector('#timeline .js-plotly-plot')._fullLayout.xaxis.range
        .map((time) => (Date.parse(time + 'Z') - 946684800000) / 1000)"""
    for _ in range(2):
        page.keyboard.press("+")
    until(page, f"{zoom} === '4.00'")
    page.wait_for_timeout(100)
    start, end = page.evaluate(shown)
    assert end - start == pytest.approx(duration / 4, abs=0.05)
    area = page.locator("#stage-playhead").evaluate(
        "(each) => each.closest('.plot-window').getBoundingClientRect().toJSON()"
    )
    line = page.locator("#stage-playhead .playhead-line").bounding_box()
    assert line is not None
    assert (line["x"] + 1 - area["x"]) / area["width"] == pytest.approx((now(page) - start) / (end - start), abs=0.01)
    page.mouse.click(area["x"] + area["width"] * 0.9, area["y"] + 5)
    assert now(page) == pytest.approx(start + 0.9 * (end - start), abs=0.1)
    page.keyboard.press("Home")
    until(page, f"({shown})()[0] < 0.01")
    page.keyboard.down("Control")
    page.mouse.wheel(0, 3000)
    page.keyboard.up("Control")
    until(page, f"{zoom} === '1.00'")
    expect(page.locator("#zoom-out")).to_be_disabled()
    page.click("#zoom-in")
    until(page, f"{zoom} === '2.00'")
    choose(page, "Reggae")
    assert page.evaluate(zoom) is None


def test_back_and_forward_walk_through_the_tracks_chosen(page: Page) -> None:
    seek(page, 12.0)
    choose(page, "Reggae")
    choose(page, "Metal")
    page.go_back()
    expect(page.locator(".track-title")).to_have_text(TITLES["Reggae"])
    page.go_back()
    expect(page.locator(".track-title")).to_have_text(TITLES["Jazz"])
    expect(page.locator("#elapsed")).to_have_text(re.compile(r"^0:1[12]\."))
    page.go_forward()
    expect(page.locator(".track-title")).to_have_text(TITLES["Reggae"])
    wait_until_loaded(page)


def test_the_title_and_the_systems_player_follow_the_sound(page: Page) -> None:
    expect(page).to_have_title("Lamplight Walk \u00b7 Live genre")
    seek(page, 20.2)
    until(page, "document.getElementById('now').dataset.genre === 'jazz'")
    expect(page).to_have_title("Jazz \u00b7 Lamplight Walk")
    shown = page.evaluate(
        "(({ title, artist, artwork }) => [title, artist, artwork.length])(navigator.mediaSession.metadata)"
    )
    assert shown == ["Lamplight Walk", "Jazz", 2]


def test_the_address_of_a_moment_is_copied_and_finds_it_again(visit: Any, visitor: Any) -> None:
    context = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = visit(context=context)
    seek(page, 30.0)
    page.click("#exports summary")
    page.click("#share")
    expect(page.locator("#toast")).to_have_text(re.compile(r"The address of Lamplight Walk at 0:\d\d is copied\."))
    copied = page.evaluate("navigator.clipboard.readText()")
    page.goto(copied)
    wait_until_loaded(page)
    assert now(page) == pytest.approx(30, abs=0.3)


def test_a_track_of_ones_own_is_said_to_be_private(visit: Any, sound_file: Any) -> None:
    page = visit()
    page.set_input_files("#add input[type=file]", sound_file)
    page.locator(".tile[data-kind=upload]").first.wait_for(state="attached")
    page.click("#own-button")
    page.locator(".tile[data-kind=upload] .tile-button").first.click()
    wait_until_loaded(page)
    page.keyboard.press("Escape")
    page.click("#exports summary")
    page.click("#share")
    expect(page.locator("#toast")).to_contain_text("private")


def test_an_address_that_has_expired_says_so_calmly_and_plays_nothing(visit: Any) -> None:
    page = visit("?track=00000000000000000000000000000000&t=12")
    toast = page.locator("#toast")
    expect(toast).to_contain_text("The track in this address is not here")
    expect(page.locator("#player-message")).to_be_empty()
    assert page.evaluate(PAUSED)
    assert page.evaluate("getComputedStyle(document.getElementById('toast')).color") == page.evaluate(
        "getComputedStyle(document.body).color"
    )
    toast.get_by_role("button", name="OK").click()
    expect(toast).to_be_hidden()


def test_a_finger_is_told_above_it_what_it_touches(visit: Any) -> None:
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    seek(page, 30)
    until(page, "document.getElementById('now').dataset.end")
    page.locator("#timeline").scroll_into_view_if_needed()
    box = page.locator("#timeline").bounding_box()
    assert box is not None
    devtools = page.context.new_cdp_session(page)
    for share in (0.2, 0.02):
        point = {"x": box["x"] + 32 + (box["width"] - 40) * share, "y": box["y"] + 20}
        devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        sign = page.locator(".finger")
        expect(sign).to_contain_text("Jazz" if share > 0.1 else "0:0")
        place = sign.bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["y"] >= 0
        assert place["y"] + place["height"] < point["y"]
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(sign).to_be_hidden()
