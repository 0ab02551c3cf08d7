"""Listening live in a real Chromium, whose fake microphone plays a file: the scores are those of the take."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from tests.browser import chromium, serving
from tests.browser.conftest import Visit
from tests.browser.eyes import check, with_axe
from tests.sounds import chord, encoded, write

FAKE_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="module")
def microphone_browser(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Browser]:
    """A Chromium whose microphone hears half a minute of a chord."""
    heard = write(
        tmp_path_factory.mktemp("microphone") / "heard.wav",
        encoded(chord(30.0, rate_hz=48_000, level=0.5), rate_hz=48_000, subtype="PCM_16"),
    )
    arguments = [*serving.CHROMIUM_ARGUMENTS, *FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={heard}%noloop"]
    launched = browser.browser_type.launch(executable_path=chromium.find(), args=arguments)
    yield launched
    launched.close()


@pytest.fixture
def listening(microphone_browser: Browser) -> Iterator[BrowserContext]:
    context = microphone_browser.new_context(viewport=serving.DESKTOP, permissions=["microphone"])
    yield context
    context.close()


def told_to(page: Page) -> list[dict[str, Any]]:
    """What the live socket will tell the page."""
    told: list[dict[str, Any]] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(json.loads(frame))))
    return told


def start(page: Page) -> None:
    page.click("#listen-button")
    page.click("#listen-microphone")
    serving.until(page, "document.getElementById('page').dataset.live === 'microphone'")


def heard_windows(page: Page, n: int) -> None:
    serving.until(page, f"Number(document.getElementById('timeline').dataset.windows) >= {n}", 40)


def stop(page: Page) -> str:
    """Stop listening; give the id of the take, which is then the track that is chosen."""
    page.click("#live-stop")
    serving.until(page, "!document.getElementById('page').dataset.live")
    serving.wait_until_loaded(page)
    return str(page.evaluate("document.getElementById('page').dataset.track"))


def scores_of(context: BrowserContext, address: str, track: str) -> dict[int, list[float]]:
    lines = context.request.get(f"{address}api/tracks/{track}/scores?hop=0.5").text().splitlines()
    return {message["end"]: message["p"] for message in map(json.loads, lines) if message["type"] == "window"}


def test_live_scores_are_those_of_the_take_which_is_kept(visit: Visit, listening: BrowserContext, address: str) -> None:
    page = visit(context=listening)
    told: list[dict[str, Any]] = told_to(page)
    start(page)
    assert page.locator("#player").is_hidden()
    heard_windows(page, 4)
    assert page.locator("#now").get_attribute("data-state") in ("music", "unsure")
    assert page.locator("#now .heard, .moment.of-first .heard").first.inner_text().startswith("heard 0:0")
    level = page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('#live-meter > span')).transform).a")
    assert level > 0.3
    first_ms, lag_ms = (
        float(page.locator("#live").get_attribute(f"data-{name}") or "nan") for name in ("first-ms", "lag-ms")
    )
    assert 0 < first_ms < 20_000  # the benchmark holds the bar
    assert lag_ms < 10_000
    take = stop(page)
    replayed = scores_of(listening, address, take)
    live = {message["end"]: message["p"] for message in told if message["type"] == "window"}
    assert len(live) >= 4
    assert set(live) <= set(replayed)
    for end, p in live.items():
        np.testing.assert_allclose(p, replayed[end], atol=1e-4)
    assert page.locator("#player").is_visible()
    expect(page.locator("#track-titles")).to_contain_text("Microphone", timeout=20_000)  # once the take is kept
    page.click("#exports summary")
    with page.expect_download() as kept:
        page.click("#file")
    assert kept.value.suggested_filename.endswith(".flac")
    assert kept.value.path().read_bytes().startswith(b"fLaC")
    page.get_by_role("button", name="Throw away").click()
    expect(page.locator("#track-titles")).not_to_contain_text("Microphone")
    page.close()  # too late to undo
    deadline = time.monotonic() + 10
    while take in [track["id"] for track in listening.request.get(f"{address}api/tracks").json()["tracks"]]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_lost_connection_is_said_and_taken_up_again(visit: Visit, listening: BrowserContext) -> None:
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        sockets.append(socket)
        server.on_message(lambda message: (told.append(json.loads(message)), socket.send(message)))

    told: list[dict[str, Any]] = []
    page = visit(context=listening)
    page.route_web_socket("**/api/live", through)
    start(page)
    serving.until(page, "Number(document.getElementById('page').dataset.liveSamples) > 48000")
    page.wait_for_timeout(200)
    sockets[0].close(code=3001)
    serving.until(page, "document.getElementById('live').dataset.connection === 'lost'")
    assert "trying again" in page.locator("#live-words").inner_text()
    serving.until(page, "document.getElementById('live').dataset.connection === 'open'")
    assert page.locator("#live-words").inner_text() == ""
    heard_windows(page, 3)
    gaps = [message for message in told if message["type"] == "gap"]
    assert gaps
    assert 0.3 < (gaps[0]["end"] - gaps[0]["start"]) / 22_050 < 10
    assert all(window["start"] >= gaps[0]["end"] for window in told if window["type"] == "window")
    stop(page)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("NotAllowedError", "may not use the microphone"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "another program may be using it"),
    ],
)
def test_a_microphone_that_cannot_be_had_is_said_where_the_hand_was(page: Page, fault: str, sentence: str) -> None:
    page.evaluate(
        "(name) => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }", fault
    )
    page.click("#listen-button")
    page.click("#listen-microphone")
    serving.until(page, "document.getElementById('listen-words').textContent !== ''")
    assert sentence in page.locator("#listen-words").inner_text()
    assert page.locator("#player").is_visible()


def test_an_unplugged_microphone_ends_with_the_take(visit: Visit, listening: BrowserContext) -> None:
    page = visit(context=listening)
    page.evaluate(
        """() => {
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (wanted) => (window.plugged = await ask(wanted));
        }"""
    )
    start(page)
    heard_windows(page, 1)
    page.evaluate("window.plugged.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    serving.until(page, "!document.getElementById('page').dataset.live")
    serving.wait_until_loaded(page)
    expect(page.locator("#track-titles")).to_contain_text("Microphone", timeout=20_000)  # once the take is kept


def test_axe_finds_nothing_while_it_listens_live(visit: Visit, microphone_browser: Browser) -> None:
    context = microphone_browser.new_context(viewport=serving.DESKTOP, permissions=["microphone"], bypass_csp=True)
    page = with_axe(visit(context=context))
    start(page)
    heard_windows(page, 2)
    check(page, "live")
    context.close()
