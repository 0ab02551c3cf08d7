"""Measure listening live in a real Chromium: ``python -m tests.browser.live_bench [--minutes 10] [--out FILE]``.

Prints and writes one JSON object. `microphone`: Chromium's fake microphone plays the jazz sample over and over.
`first_score_ms` is from the first sample to its window's bars, `lag_*` from the last sample of a window to its bars;
`drift_ms` is how far the clock of the samples has moved against the wall's between the first and the last ten seconds
but one; memory is compared between the end of the first minute and the end. `radio`: a real Icecast whose source is
FFmpeg; from asking to the first sample heard and to the first bars, and from Icecast's restart to sound.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import soundfile
from playwright.sync_api import CDPSession, Page

from tests import icecast
from tests.browser.serving import CHROMIUM_ARGUMENTS, DESKTOP, PROJECT, launched, served, until, wait_until_loaded
from tests.load.processes import family, resident_mib

MICROPHONE_RATE_HZ = 48_000
HOP_SECONDS = 0.5
BARS = {
    "first_score_ms": 3200,
    "lag_p95_ms": 150,
    "drift_ms": 5,
    "largest_backlog_seconds": HOP_SECONDS,
    "page_heap_grown_mib": 10,
    "server_grown_mib": 10,
    "radio_sound_seconds": 4,
    "radio_score_seconds": 8,
}
WATCH = """(rate) => {
    const live = document.getElementById('live');
    const page = document.getElementById('page');
    window.lags = [];
    window.offsets = {};
    new MutationObserver(() => window.lags.push(Number(live.dataset.lagMs))).observe(
        live, { attributeFilter: ['data-window'] });
    const begun = performance.now();
    new MutationObserver(() => {
        const now = performance.now();
        const offset = now - (1000 * Number(page.dataset.liveSamples)) / rate;
        const part = Math.floor((now - begun) / 10_000);
        window.offsets[part] = Math.min(offset, window.offsets[part] ?? Infinity);
    }).observe(page, { attributeFilter: ['data-live-samples'] });
}"""


def jazz(path: Path) -> Path:
    """The jazz sample as a WAV file of 16 bits, at the rate of the fake microphone."""
    import soxr

    samples, rate_hz = soundfile.read(PROJECT / "samples" / "jazz.ogg", dtype="float32", always_2d=True)
    soundfile.write(path, soxr.resample(samples.mean(axis=1), rate_hz, MICROPHONE_RATE_HZ), MICROPHONE_RATE_HZ)
    return path


def server_mib() -> float:
    """Memory of the server: of all processes below this one that run the dashboard."""
    return resident_mib([pid for pid in family(os.getpid()) if b"dashboard" in _command(pid)])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def heap_mib(devtools: CDPSession) -> float:
    """What the page holds after the garbage was collected."""
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


def microphone(page: Page, minutes: float) -> dict[str, Any]:
    """Listen for some minutes."""
    backlogs: list[float] = []
    rates: list[int] = []

    def sent(frame: str | bytes) -> None:
        if isinstance(frame, str) and "hello" in frame:
            rates.append(json.loads(frame)["sample_rate"])

    def received(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "ack":
            backlogs.append(message["backlog_seconds"])

    page.on("websocket", lambda socket: (socket.on("framesent", sent), socket.on("framereceived", received)))
    devtools = page.context.new_cdp_session(page)
    page.click("#listen-button")
    page.click("#listen-microphone")
    until(page, "document.getElementById('live').dataset.firstMs", 60)
    first = float(page.locator("#live").get_attribute("data-first-ms") or "nan")
    page.evaluate(WATCH, rates[0])
    first_minute = min(60.0, 20 * minutes)
    page.wait_for_timeout(first_minute * 1000)
    before = heap_mib(devtools), server_mib()
    page.wait_for_timeout((60 * minutes - first_minute) * 1000)
    after = heap_mib(devtools), server_mib()
    lags = page.evaluate("window.lags")
    offsets = list(page.evaluate("window.offsets").values())
    if not page.evaluate("document.getElementById('page').dataset.live"):
        raise RuntimeError(f"Listening ended by itself: {page.locator('#player-message').inner_text()}")
    page.click("#live-stop")
    until(page, "!document.getElementById('page').dataset.live", 60)
    return {
        "minutes": minutes,
        "first_score_ms": first,
        "windows": len(lags),
        "lag_p50_ms": round(statistics.median(lags), 1),
        "lag_p95_ms": round(statistics.quantiles(lags, n=20)[-1], 1),
        "drift_ms": round(abs(offsets[-2] - offsets[0]), 2),
        "largest_backlog_seconds": max(backlogs),
        "page_heap_mib": [round(before[0], 1), round(after[0], 1)],
        "page_heap_grown_mib": round(after[0] - before[0], 1),
        "server_mib": [round(before[1], 1), round(after[1], 1)],
        "server_grown_mib": round(after[1] - before[1], 1),
    }


def radio(page: Page, path: Path) -> dict[str, Any]:
    """Listen to a station before and after its server's restart."""
    sending = ("-ice_name", "Jazz", "-c:a", "libmp3lame", "-b:a", "128k", "-content_type", "audio/mpeg", "-f", "mp3")
    with icecast.icecast() as port, icecast.source(port, path, "live", *sending):
        time.sleep(5)  # the station has been on air for a while
        page.click("#listen-button")
        page.fill(".radio-address", f"http://127.0.0.1:{port}/live")
        asked = time.monotonic()
        page.click("#radio-start")
        until(page, "Number(document.getElementById('page').dataset.liveSamples) > 0", 60)
        sound = time.monotonic() - asked
        until(page, "Number(document.getElementById('now').dataset.end) >= 66150", 60)
        score = time.monotonic() - asked
    until(page, "document.getElementById('live-words').textContent.includes('Looking for it')", 60)
    with icecast.icecast(port), icecast.source(port, path, "live", *sending):
        back = time.monotonic()
        until(page, "!document.getElementById('live-words').textContent.includes('Looking for it')", 60)
        again = time.monotonic() - back
    page.click("#live-stop")
    until(page, "!document.getElementById('page').dataset.live", 60)
    return {
        "radio_sound_seconds": round(sound, 2),
        "radio_score_seconds": round(score, 2),
        "radio_back_seconds": round(again, 2),
    }


@contextmanager
def opened(folder: Path, heard: Path, **settings: str) -> Iterator[Page]:
    """The page in a Chromium whose microphone hears a file, over and over."""
    arguments = (
        *CHROMIUM_ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    )
    with served(folder, **settings) as address, launched(arguments) as browser:
        context = browser.new_context(viewport=DESKTOP, permissions=["microphone"])
        page = context.new_page()
        page.goto(address)
        wait_until_loaded(page)
        yield page


def measure(minutes: float) -> dict[str, Any]:
    """Measure everything."""
    figures: dict[str, Any] = {
        "command": f"python -m tests.browser.live_bench --minutes {minutes:g}",
        "load_before": round(os.getloadavg()[0], 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        heard = jazz(Path(folder) / "heard.wav")
        with opened(Path(folder) / "data", heard, GENRE_RADIO="private") as page:
            if icecast.find():
                figures |= radio(page, heard)
            figures |= microphone(page, minutes)
    figures["load_after"] = round(os.getloadavg()[0], 1)
    figures["bars"] = BARS
    figures["missed"] = [name for name, bar in BARS.items() if name in figures and figures[name] > bar]
    return figures


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to listen to the microphone (10)")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"), help="JSON file to write")
    arguments = parser.parse_args()
    text = json.dumps(measure(arguments.minutes), indent=2)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
