"""Measure the page in a real Chromium with real sound: ``python -m tests.browser.bench [--out FILE]``.

Prints and writes one JSON object. `latency_*`: from a window's end, by the audio element's clock, to its bars drawn,
and to the frame after that (an upper bound for when eyes see it). `main_thread_load`: share of a wall second that the
page's main thread is busy while it plays. `first_*`: with nothing cached, what has come over the wire before Play, and
the moment when everything of the first track is there. `timeline_180s_seconds`: from choosing a 180 s track that was
never scored to its whole timeline.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.serving import DESKTOP, PROJECT, launched, now, served, until, wait_until_loaded
from tests.sounds import chord, encoded

PLAYED_SECONDS = 20
BARS = {
    "latency_p95_ms": 60,
    "main_thread_load": 0.2,
    "requests_while_playing": 0,
    "timeline_180s_seconds": 2.0,
    "first_bytes": 2_500_000,
    "largest_paint_seconds": 1.0,
    "first_ready_seconds": 1.0,
}

WATCH = """() => {
    const audio = document.getElementById('audio');
    const panel = document.getElementById('now');
    window.lags = { drawn: [], shown: [] };
    new MutationObserver(() => {
        const end = Number(panel.dataset.end) / 22050;
        const lag = () => ((audio.currentTime - end) / audio.playbackRate) * 1000;
        window.lags.drawn.push(lag());
        requestAnimationFrame(() => window.lags.shown.push(lag()));
    }).observe(panel, { attributeFilter: ['data-end'] });
}"""

LARGEST_PAINT = """new PerformanceObserver((list) => {
    window.largestPaint = list.getEntries().at(-1).startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });"""

CHOOSE = """(id) => new Promise((resolve) => {
    const start = performance.now();
    const timeline = document.getElementById('timeline');
    const done = () => timeline.dataset.complete === 'true' && Number(timeline.dataset.windows) > 300
        && resolve((performance.now() - start) / 1000);
    new MutationObserver(done).observe(timeline, { attributes: true });
    document.querySelector(`.tile[data-track="${id}"] .tile-button`).click();
})"""


def play(page: Page) -> dict[str, Any]:
    """Play the jazz sample and watch."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "timeTicks"})

    def metrics() -> dict[str, float]:
        return {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}

    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 2")
    page.evaluate(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before, position = metrics(), now(page)
    page.wait_for_timeout(PLAYED_SECONDS * 1000)
    after = metrics()
    lags = page.evaluate("window.lags")
    wall = after["Timestamp"] - before["Timestamp"]
    return {
        "played_seconds": round(now(page) - position, 2),
        "windows": len(lags["drawn"]),
        "latency_p50_ms": round(statistics.median(lags["drawn"]), 1),
        "latency_p95_ms": round(statistics.quantiles(lags["drawn"], n=20)[-1], 1),
        "latency_next_frame_p95_ms": round(statistics.quantiles(lags["shown"], n=20)[-1], 1),
        "main_thread_load": round((after["TaskDuration"] - before["TaskDuration"]) / wall, 3),
        "script_load": round((after["ScriptDuration"] - before["ScriptDuration"]) / wall, 3),
        "requests_while_playing": len([url for url in asked if not url.endswith("/audio")]),
        "sound_requests_while_playing": len([url for url in asked if url.endswith("/audio")]),
    }


def first_visit(context: BrowserContext, address: str) -> dict[str, float]:
    """Open the page with nothing cached: bytes and requests before Play, largest paint, readiness."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    counts = {"bytes": 0, "requests": 0}

    def count(name: str, amount: int) -> None:
        counts[name] += amount

    devtools.on("Network.dataReceived", lambda event: count("bytes", event["encodedDataLength"]))
    devtools.on(
        "Network.requestWillBeSent", lambda event: count("requests", not event["request"]["url"].startswith("data:"))
    )
    page.add_init_script(LARGEST_PAINT)
    page.goto(address)
    page.wait_for_selector("#page[data-ready]", state="attached")
    ready = page.evaluate("performance.now()") / 1000
    page.wait_for_timeout(1000)
    paint = page.evaluate("window.largestPaint") / 1000
    page.close()
    return {
        "first_ready_seconds": round(ready, 2),
        "largest_paint_seconds": round(paint, 2),
        "first_bytes": counts["bytes"],
        "first_requests": counts["requests"],
    }


def choose_long_track(context: BrowserContext, address: str) -> float:
    """Seconds from choosing an unscored track of 180 s to its whole timeline."""
    sent = context.request.post(
        address + "api/tracks",
        multipart={"file": {"name": "long.wav", "mimeType": "audio/wav", "buffer": encoded(chord(180.0))}},
    )
    assert sent.ok, sent.text()
    page = context.new_page()
    page.goto(address)
    wait_until_loaded(page)
    seconds = float(page.evaluate(CHOOSE, sent.json()["id"]))
    page.close()
    return round(seconds, 2)


def measure() -> dict[str, Any]:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, launched() as browser:
        context = browser.new_context(viewport=DESKTOP)
        first = first_visit(context, address)
        page = context.new_page()
        page.goto(address)
        wait_until_loaded(page)
        page.reload()  # with a warm cache, as most visits
        wait_until_loaded(page)
        ready = page.evaluate("performance.now()") / 1000
        figures = {"chromium": browser.version, "ready_seconds": round(ready, 2), **first, **play(page)}
        page.close()
        figures["timeline_180s_seconds"] = choose_long_track(context, address)
    figures["bars"] = BARS
    figures["met"] = all(figures[name] <= bar for name, bar in BARS.items())
    return figures


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out", type=Path, default=PROJECT / "tests" / "browser" / "bench.json", help="JSON file to write"
    )
    path = parser.parse_args().out
    text = json.dumps(measure(), indent=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
