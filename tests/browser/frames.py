"""What a browser's own counters say of a stretch of time: how busy the page was, how many frames were displayed."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page


def busy(page: Page, seconds: float) -> dict[str, float]:
    """Share of some seconds in which the page's main thread works: by the wall clock, by processor time, in scripts."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "timeTicks"})

    def metrics() -> dict[str, float]:
        return {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}

    before = metrics()
    page.wait_for_timeout(seconds * 1000)
    after = metrics()
    devtools.detach()
    wall = after["Timestamp"] - before["Timestamp"]
    names = {"load": "TaskDuration", "processor_load": "ThreadTime", "script_load": "ScriptDuration"}
    return {short: round((after[name] - before[name]) / wall, 3) for short, name in names.items() if name in after}


def displayed(browser: Browser, page: Page, seconds: float) -> float:
    """Frames a second that the compositor has displayed, by its own trace."""
    devtools = browser.new_browser_cdp_session()
    frames: list[float] = []
    ended: list[Any] = []

    def collect(part: dict[str, Any]) -> None:
        frames.extend(event["ts"] / 1e6 for event in part["value"] if event["name"] == "Display::FrameDisplayed")

    devtools.on("Tracing.dataCollected", collect)
    devtools.on(
        "Tracing.tracingComplete", lambda event: ended.append(event)
    )  # a builtin cannot be marked by Playwright
    config = {"includedCategories": ["viz"], "excludedCategories": ["*"]}
    devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    page.wait_for_timeout(seconds * 1000)
    devtools.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    devtools.detach()
    return round((len(frames) - 1) / (max(frames) - min(frames)), 1) if len(frames) > 1 else 0.0
