"""Choose, play, pause, seek, reload: the page follows the sound."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import choose, now, seek, until, wait_until_loaded


@pytest.mark.parametrize("genre", ["jazz", "reggae", "metal"])
def test_a_sample_that_plays_is_heard_as_its_genre(page: Page, genre: str) -> None:
    choose(page, genre.title())
    page.click("#play")
    seek(page, 20)
    leaders = []
    for end in (20, 20.5, 21, 21.5, 22):
        until(page, f"Number(document.getElementById('now').dataset.end) >= {end * 22050:.0f}")
        leaders.append(page.get_attribute("#now", "data-genre"))
    assert not page.evaluate("document.getElementById('audio').paused")
    assert leaders.count(genre) >= 3
    first = page.locator("#overall-table tbody tr").first.locator("th").inner_text()
    assert first == genre.title()
    assert page.inner_text("#overall-words").startswith(f"So far {first} ")
    assert "hole" not in page.inner_text("#overall-words")


def test_the_window_spoken_of_is_the_last_that_has_ended(page: Page) -> None:
    seek(page, 15.3)
    until(page, "document.getElementById('now').dataset.end")
    position = now(page)
    end = int(page.get_attribute("#now", "data-end") or 0) / 22050
    assert end <= position < end + 0.5
    shown = page.inner_text("#heard")
    assert shown == f"heard 0:{end - 3:04.1f} \u2013 0:{end:04.1f}"


def test_it_listens_for_the_first_three_seconds(page: Page) -> None:
    assert page.get_attribute("#now", "data-state") == "ready"
    page.click("#invite-play")
    expect(page.locator("#lead")).to_have_text("Listening")
    expect(page.locator("#ring")).to_be_visible()
    expect(page.locator("#invite")).to_be_hidden()
    assert set(page.locator(".bar-value").all_inner_texts()) == {"\u2013"}
    page.wait_for_selector("#now:not([data-state=listening])")
    assert now(page) >= 3.0


def test_pause_stops_the_sound_and_the_drawing(page: Page) -> None:
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 0.3")
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.wait_for_timeout(200)
    page.evaluate(
        """() => {
            window.changes = 0;
            const count = (records) => { window.changes += records.length; };
            new MutationObserver(count).observe(document.getElementById('page'),
                { subtree: true, childList: true, attributes: true, characterData: true });
            window.frames = 0;
            const request = window.requestAnimationFrame;
            window.requestAnimationFrame = (callback) => { window.frames += 1; return request(callback); };
        }"""
    )
    before = now(page)
    page.wait_for_timeout(700)
    assert now(page) == before
    assert page.evaluate("[window.changes, window.frames]") == [0, 0]


def test_the_timeline_grows_with_the_music_and_can_be_revealed(page: Page) -> None:
    width = "document.querySelector('#timeline .plotclip rect').getAttribute('width') / " + (
        "document.querySelector('#timeline .js-plotly-plot')._fullLayout._size.w"
    )
    assert page.evaluate(width) == 0
    seek(page, 20.2)
    duration = page.evaluate("document.getElementById('audio').duration")
    until(page, "document.getElementById('now').dataset.end")
    assert page.evaluate(width) == pytest.approx(20 / duration, abs=0.01)
    page.click("#reveal")
    assert page.evaluate(width) == 1
    expect(page.locator("#reveal")).to_have_attribute("aria-checked", "true")
    page.click("#reveal")
    assert page.evaluate(width) < 0.5


@pytest.mark.parametrize("picture", ["#waveform", "#spectrogram", "#timeline-graph"])
def test_a_click_in_a_picture_goes_there(page: Page, picture: str) -> None:
    page.locator(picture).scroll_into_view_if_needed()
    box = page.locator(picture).bounding_box()
    plot = page.locator("#waveform").bounding_box()
    assert box is not None
    assert plot is not None
    page.mouse.click(plot["x"] + plot["width"] * 0.8, box["y"] + box["height"] * 0.5)
    duration = page.evaluate("document.getElementById('audio').duration")
    until(page, "document.getElementById('audio').currentTime > 1")
    assert now(page) == pytest.approx(0.8 * duration, abs=0.3)
    until(page, "document.getElementById('now').dataset.end")
    line = page.locator("#stage-playhead .playhead-line").bounding_box()
    assert line is not None
    assert (line["x"] + 1 - plot["x"]) / plot["width"] == pytest.approx(now(page) / duration, abs=0.002)


def test_a_reload_finds_track_and_time_again(page: Page) -> None:
    choose(page, "Metal")
    seek(page, 12.4)
    until(page, "/t=12/.test(location.search)")
    page.reload()
    wait_until_loaded(page)
    expect(page.locator("#samples").get_by_role("button", name=re.compile(r"^Metal\b"))).to_have_attribute(
        "aria-pressed", "true"
    )
    until(page, "document.getElementById('audio').readyState > 0")
    assert now(page) == pytest.approx(12.4, abs=0.2)
    expect(page.locator("#elapsed")).to_have_text(re.compile(r"^0:12\.[345]$"))
    assert int(page.get_attribute("#now", "data-end") or 0) == 12 * 22050
    expect(page.locator("#invite")).to_be_hidden()


def test_an_address_of_an_unknown_track_opens_the_jazz_sample_and_says_so(visit: object) -> None:
    page = visit("?track=" + "0" * 32 + "&t=9")  # type: ignore[operator]
    expect(page.locator("#toast")).to_contain_text("not here")
    expect(page.locator("#samples").get_by_role("button", name=re.compile(r"^Jazz\b"))).to_have_attribute(
        "aria-pressed", "true"
    )
    assert now(page) == 0


def test_another_track_goes_on_playing_from_its_start(page: Page) -> None:
    page.click("#play")
    seek(page, 30)
    until(page, "document.getElementById('audio').currentTime > 30.2")
    choose(page, "Reggae")
    until(page, "document.getElementById('audio').currentTime > 0.2")
    assert now(page) < 10
    assert not page.evaluate("document.getElementById('audio').paused")
    expect(page.locator(".track-title")).not_to_be_empty()


def test_quick_changes_leave_the_last_choice_on_the_page(page: Page) -> None:
    for name in ("Reggae", "Metal", "Jazz", "Medley"):
        page.locator("#samples").get_by_role("button", name=re.compile(rf"^{name}\b")).click()
    wait_until_loaded(page)
    asked = page.get_attribute("#page", "data-track")
    assert page.evaluate("document.getElementById('audio').src").split("/")[-2] == asked
    duration = page.evaluate("document.querySelector('#timeline .js-plotly-plot').layout.xaxis.range")
    seconds = page.evaluate("document.getElementById('audio').duration")
    assert (duration[1] - duration[0]) / 1000 == pytest.approx(seconds, abs=0.01)
    page.wait_for_selector("#timeline[data-complete=true]")
    expected = int((seconds - 3) / 0.5) + 1
    assert int(page.get_attribute("#timeline", "data-windows") or 0) in (expected, expected + 1)


def test_the_end_shows_the_last_window_and_offers_to_play_again(page: Page) -> None:
    page.click("#play")
    duration = page.evaluate("document.getElementById('audio').duration")
    page.evaluate(f"document.getElementById('audio').currentTime = {duration - 0.4}")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play again")
    until(page, f"Number(document.getElementById('now').dataset.end) >= {duration * 22050 - 11025:.0f}")
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime < 5")


def test_speed_volume_and_theme_are_remembered(page: Page) -> None:
    page.select_option("select[aria-label=Speed]", "1.5")
    page.locator("#volume input").fill("0.5")
    page.click("#theme-button")
    page.reload()
    wait_until_loaded(page)
    audio = page.evaluate(
        "(() => { const a = document.getElementById('audio'); return [a.playbackRate, a.volume]; })()"
    )
    assert audio == [1.5, 0.5]
    assert page.get_attribute("html", "data-theme") == "dark"


def shares(page: Page, column: int) -> list[str]:
    return page.locator(f"#overall-table tbody td:nth-child({column + 1})").all_inner_texts()


def test_the_whole_is_kept_back_until_it_is_revealed_or_heard(page: Page) -> None:
    choose(page, "Medley")
    seek(page, 10)
    until(page, "document.getElementById('now').dataset.end")
    assert set(shares(page, 3)) == {"\u2013"}
    assert page.locator("#segments button").count() == 0
    page.click("#reveal")
    assert "\u2013" not in shares(page, 3)
    stretches = [text.split() for text in page.locator("#segments button").all_inner_texts()]
    assert [stretch[0] for stretch in stretches] == ["Jazz", "Reggae", "Metal"]
    assert stretches[0][1] == "0:00"
    expect(page.locator("#overall-words")).to_contain_text("whole track several genres, as one piece")
    page.locator("#segments button").nth(1).click()
    until(page, "document.getElementById('audio').currentTime > 20")
    page.click("#reveal")
    assert set(shares(page, 3)) == {"\u2013"}
    page.keyboard.press("End")
    expect(page.locator("#segments button")).to_have_count(3)


def test_the_table_is_sorted_by_what_is_asked_and_sums_to_the_whole_time(page: Page) -> None:
    page.click("#reveal")
    seek(page, 10)
    until(page, "document.getElementById('now').dataset.end")
    for label, column in (("So far", 2), ("Whole", 3)):
        page.locator("#overall-table thead button", has_text=label).click()
        values = [float(text.removesuffix(" %")) for text in shares(page, column)]
        assert values == sorted(values, reverse=True)
        assert sum(values) == pytest.approx(100, abs=1.1)


def test_playing_asks_the_server_for_nothing_but_sound(page: Page) -> None:
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 0.5")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(10_000)
    assert now(page) > 9
    assert [url for url in asked if not url.endswith("/audio")] == []
