"""What goes wrong is said once, where it helps, and mends itself: a server that stops, scores that break off, tabs."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser import serving
from tests.browser.serving import choose, now, seek, until, wait_until_loaded
from tests.sounds import chord, encoded

INPUT = "#add input[type=file]"
NOTICES = "document.querySelectorAll('[role=alert]:not([hidden]):not(:empty)').length"


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_scores_that_break_off_are_said_once_and_asked_for_again_by_themselves(visit: Any) -> None:
    page = visit()  # with nothing cached: what an earlier test fetched would never be asked for here
    page.route("**/scores?*", lambda route: route.fulfill(status=200, body='{"type":"header"}\n'))
    page.keyboard.press("Shift+2")
    notice = page.locator("#connection")
    expect(notice).to_contain_text("broke off", timeout=20_000)
    expect(page.locator("#lead")).to_have_text("No scores")
    assert page.evaluate(NOTICES) == 1
    page.unroute("**/scores?*")
    expect(notice).to_be_hidden()
    page.wait_for_selector("#timeline[data-complete=true]")
    seek(page, 10)
    until(page, "document.getElementById('now').dataset.end")


def test_a_server_that_stops_is_one_notice_and_all_goes_on_when_it_is_back(visit: Any, tmp_path: Path) -> None:
    port = free_port()
    with serving.served(tmp_path, port=port) as home:
        page = visit(home=home)
        page.click("#play")
        until(page, "document.getElementById('audio').currentTime > 0.3")
    page.locator("#samples").get_by_role("button", name="Reggae").click()
    notice = page.locator("#connection")
    expect(notice).to_contain_text("The server does not answer")
    page.wait_for_timeout(1500)
    assert page.evaluate(NOTICES) == 1
    with serving.served(tmp_path, port=port):
        expect(notice).to_be_hidden(timeout=20_000)
        wait_until_loaded(page)
        page.wait_for_selector("#timeline[data-complete=true]")
        page.wait_for_selector("#stage:not(.loading)")
        until(page, "document.getElementById('audio').readyState > 0")
        assert page.evaluate("document.getElementById('audio').error") is None


def test_ten_seconds_without_a_server_in_mid_play_are_one_notice_and_lose_nothing(visit: Any, tmp_path: Path) -> None:
    (long := tmp_path / "long.wav").write_bytes(encoded(chord(240.0)))
    port = free_port()
    with serving.served(tmp_path / "data", port=port) as home:
        page = visit(home=home)
        page.set_input_files(INPUT, long)
        expect(page.locator(".track-title")).to_have_text("long.wav")
        wait_until_loaded(page)
        page.click("#reveal")
        page.click("#play")
        until(page, "document.getElementById('audio').currentTime > 0.3")
    stopped = time.monotonic()
    page.keyboard.press("8")  # so far ahead that its sound must be asked for
    notice = page.locator("#connection")
    expect(notice).to_be_visible()
    page.wait_for_timeout(max(0.0, 10 - (time.monotonic() - stopped)) * 1000)
    assert page.evaluate(NOTICES) == 1
    with serving.served(tmp_path / "data", port=port):
        expect(notice).to_be_hidden(timeout=30_000)
        until(page, "document.getElementById('audio').currentTime > 0.8 * 240 + 0.5")
        assert not page.evaluate("document.getElementById('audio').paused")
        expect(page.locator(".track-title")).to_have_text("long.wav")
        expect(page.locator("#reveal")).to_have_attribute("aria-checked", "true")
        until(page, "document.getElementById('now').dataset.end / 22050 > 0.8 * 240")


def test_tabs_agree_on_ones_tracks_and_do_not_play_over_each_other(visit: Any, visitor: Any, sound_file: Path) -> None:
    context = visitor()
    first, second = visit(context=context), visit(context=context)
    first.set_input_files(INPUT, sound_file)
    expect(second.locator(".tile[data-kind=upload]")).to_have_count(1)
    second.click("#own-button")
    second.locator(".tile[data-kind=upload] .tile-button").click()
    wait_until_loaded(second)
    first.click("#play")
    until(first, "!document.getElementById('audio').paused")
    second.click("#play")
    until(first, "document.getElementById('audio').paused")
    first.click("#own-button")
    first.get_by_role("button", name="Remove my song").click()
    expect(second.locator(".tile[data-kind=upload]")).to_have_count(0)
    expect(second.locator("#player-message")).to_contain_text("is not here any more")
    assert second.evaluate(NOTICES) == 1


def test_a_file_over_the_limit_is_refused_before_it_is_sent(visit: Any, tmp_path: Path) -> None:
    (large := tmp_path / "large.wav").write_bytes(b"RIFF" + bytes(3 * 2**20))
    with serving.served(tmp_path, GENRE_MAX_UPLOAD_MIB="2") as home:
        page = visit(home=home)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        page.set_input_files(INPUT, large)
        expect(page.locator("#upload-message")).to_contain_text("large.wav has 4 MiB")
        expect(page.locator("#upload-message")).to_contain_text("up to 2 MiB and 3 hours")
        assert "POST" not in sent
        choose(page, "Metal")
        assert now(page) == 0
