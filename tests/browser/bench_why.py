"""Figures of reasons, words and What if, for `tests.browser.bench`; alone: ``python -m tests.browser.bench_why``.

`knob_to_bars_*`: from the turn of a knob to its bars drawn, while nothing plays: the window hop of half a second is
waited for only while the sound plays on. `load_with_reasons_and_words`: share of a second that the page's main thread
is busy while it plays with both; `frames_with_reasons_and_words`: displayed a second meanwhile.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.frames import busy, displayed
from tests.browser.serving import DESKTOP, launched, open_look, seek, served, until, wait_until_loaded
from tests.browser.what_if import LOOK, turn

HOP_SECONDS = 0.5
PLAYED_SECONDS = 15
FRAMES_SECONDS = 5
BARS = {
    "knob_to_bars_and_hop_p95_ms": 700,
    "load_with_reasons_and_words": 0.25,
}
TURNS = (
    *({"treble": value} for value in (-6, -12, -18, -24, 6)),
    *({"pitch": value} for value in (1, 3, 5, -2, -5)),
    *({"tempo": value} for value in (80, 120, 140)),
)
TIMED = """([name, value]) => new Promise((resolve) => {
    const look = document.getElementById('look-what-if');
    const input = document.getElementById(`knob-${name}`);
    const watch = new MutationObserver(() => {
        if (look.dataset.scored !== look.dataset.knobs) return;
        watch.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - start));
    });
    watch.observe(look, { attributeFilter: ['data-scored'] });
    input.value = String(value);
    const start = performance.now();
    input.dispatchEvent(new Event('input'));
})"""


def knob_to_bars(page: Page) -> dict[str, float]:
    """Turn knobs, one after the other, and time each until its scores are drawn."""
    open_look(page, "what-if")
    seek(page, 20)
    turn(page, treble=-3)
    until(page, f"{LOOK}.scored === {LOOK}.knobs")
    times = [page.evaluate(TIMED, [name, value]) for knobs in TURNS for name, value in knobs.items()]
    p95 = statistics.quantiles(times, n=20)[-1]
    return {
        "knob_to_bars_p50_ms": round(statistics.median(times)),
        "knob_to_bars_p95_ms": round(p95),
        "knob_to_bars_and_hop_p95_ms": round(p95 + 1000 * HOP_SECONDS),
    }


def play_with_reasons_and_words(browser: Browser, page: Page) -> dict[str, float]:
    """Play with reasons over the spectrogram and strips below it; watch the main thread and the frames."""
    page.keyboard.press("w")
    open_look(page, "what-if")
    page.click("#tab-words")
    until(page, "document.getElementById('look-words').dataset.strips")
    seek(page, 5)
    page.click("#play")
    until(page, "document.getElementById('audio').currentTime > 8")
    loads = busy(page, PLAYED_SECONDS)
    frames = displayed(browser, page, FRAMES_SECONDS)
    page.click("#play")
    return {
        "load_with_reasons_and_words": loads["load"],
        "processor_load_with_reasons_and_words": loads["processor_load"],
        "frames_with_reasons_and_words": frames,
    }


def measure(browser: Browser, context: BrowserContext, address: str) -> dict[str, float]:
    """Measure both in pages of a context."""
    figures: dict[str, float] = {}
    for watch in (knob_to_bars, partial(play_with_reasons_and_words, browser)):
        page = context.new_page()
        page.goto(address)
        wait_until_loaded(page)
        figures |= watch(page)
        page.close()
    return figures


def main() -> None:
    """Run the program."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, launched() as browser:
        found: dict[str, Any] = measure(browser, browser.new_context(viewport=DESKTOP), address)
    print(json.dumps({**found, "bars": BARS}, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
