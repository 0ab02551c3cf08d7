"""Measure the page in a real Chromium with real sound: ``python -m tests.browser.bench [--out FILE]``.

Prints and writes one JSON object. `latency_*`: from a window's end, by the audio element's clock, to its bars drawn,
and to the frame after that (an upper bound for when eyes see it). `main_thread_load`: share of a wall second that the
page's main thread is busy while it plays; `main_thread_processor_load`: the same in processor time, which other work
on the machine does not lengthen. `frames_per_second`: displayed, by the compositor's own count. `first_*`: with nothing
cached, what has come over the wire before Play; `first_playable_seconds`: Play may be pressed;
`first_ready_seconds`: the first track's scores and pictures are there too; `first_timeline_seconds`: Plotly too, which
draws only what has been heard. `timeline_180s_seconds`: from choosing a 180 s track that was never scored to its whole
timeline. `hour`: the same of an hour of MP3, from its middle. `forms`: the same 180 s of music in several forms, played
over slow links (`bench_forms.py`). Knobs, reasons and words: `bench_why.py`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.bench import write_mp3
from tests.browser import bench_why
from tests.browser.bench_forms import measure_forms
from tests.browser.frames import busy, displayed
from tests.browser.serving import DESKTOP, PROJECT, launched, now, seek, served, until, wait_until_loaded
from tests.sounds import chord, encoded

PLAYED_SECONDS = 20
FRAMES_SECONDS = 5
DISPLAY_HZ = 60
HOUR_SECONDS = 3600
HOUR_PATIENCE_MS = 300_000
BARS = {
    "latency_p95_ms": 60,
    "main_thread_load": 0.15,
    "hour_main_thread_load": 0.15,
    "hour_missed_frames_per_second": 5,
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

FIRST = """window.firstMoments = {};
new MutationObserver((_, observer) => {
    const element = (id) => document.getElementById(id);
    const note = (name, isTrue) => { if (isTrue) window.firstMoments[name] ??= performance.now(); };
    note('playable', element('play') && !element('play').disabled);
    note('ready', element('page')?.dataset.ready);
    note('timeline', element('timeline')?.dataset.complete === 'true');
    if (window.firstMoments.timeline) observer.disconnect();
}).observe(document, { attributes: true, childList: true, subtree: true });"""

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


def play(browser: Browser, page: Page) -> dict[str, Any]:
    """Play the jazz sample and watch."""
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 2")
    page.evaluate(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    position = now(page)
    loads = busy(page, PLAYED_SECONDS)
    played, lags = now(page) - position, page.evaluate("window.lags")
    return {
        "played_seconds": round(played, 2),
        "windows": len(lags["drawn"]),
        "latency_p50_ms": round(statistics.median(lags["drawn"]), 1),
        "latency_p95_ms": round(statistics.quantiles(lags["drawn"], n=20)[-1], 1),
        "latency_next_frame_p95_ms": round(statistics.quantiles(lags["shown"], n=20)[-1], 1),
        "main_thread_load": loads["load"],
        "main_thread_processor_load": loads["processor_load"],
        "script_load": loads["script_load"],
        "frames_per_second": displayed(browser, page, FRAMES_SECONDS),
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
    page.add_init_script(FIRST)
    page.goto(address)
    page.wait_for_selector("#timeline[data-complete=true]", state="attached")
    page.wait_for_timeout(1000)
    moments = page.evaluate("window.firstMoments")
    paint = page.evaluate("window.largestPaint") / 1000
    page.close()
    return {
        **{f"first_{name}_seconds": round(ms / 1000, 2) for name, ms in moments.items()},
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


def play_an_hour(browser: Browser, context: BrowserContext, address: str, folder: Path) -> dict[str, float]:
    """Play from the middle of an hour of music, all of it scored."""
    path = folder / "hour.mp3"
    write_mp3(path, HOUR_SECONDS)
    page = context.new_page()
    page.goto(address)
    wait_until_loaded(page)
    page.set_input_files("#add input[type=file]", path)
    page.wait_for_selector("#page[data-ready]:has(.own-tile[data-current])", state="attached", timeout=HOUR_PATIENCE_MS)
    page.wait_for_selector("#timeline[data-complete=true]", state="attached", timeout=HOUR_PATIENCE_MS)
    page.click("#play")
    seek(page, HOUR_SECONDS / 2)
    until(page, f"document.getElementById('audio').currentTime > {HOUR_SECONDS / 2 - 30}", timeout_seconds=120)
    page.mouse.move(0, 0)
    page.wait_for_timeout(3000)
    loads = busy(page, PLAYED_SECONDS)
    frames = displayed(browser, page, FRAMES_SECONDS)
    page.close()
    return {
        "windows": 2 * HOUR_SECONDS - 5,
        "main_thread_load": loads["load"],
        "main_thread_processor_load": loads["processor_load"],
        "frames_per_second": frames,
    }


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
        figures = {"chromium": browser.version, "ready_seconds": round(ready, 2), **first, **play(browser, page)}
        page.close()
        figures["timeline_180s_seconds"] = choose_long_track(context, address)
        figures |= bench_why.measure(browser, context, address)
        hour = play_an_hour(browser, context, address, Path(folder))
        figures["hour"] = hour
        figures["forms"] = measure_forms(browser.new_context(viewport=DESKTOP), address)
    held = {
        **figures,
        "hour_main_thread_load": hour["main_thread_load"],
        "hour_missed_frames_per_second": max(0.0, round(DISPLAY_HZ - hour["frames_per_second"], 1)),
    }
    figures["bars"] = bars = BARS | bench_why.BARS
    figures["missed"] = {name: held[name] for name, bar in bars.items() if held[name] > bar}
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
