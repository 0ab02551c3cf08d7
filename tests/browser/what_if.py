"""What the panel What if shows, against the scores of what was heard with its knobs turned.

``python -m tests.browser.what_if`` does it for every knob on several tracks and writes what it found.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from model.classifier import Classifier
from model.scorer import Scorer
from model.windows import Window
from tests.browser.serving import DESKTOP, PROJECT, choose, launched, open_look, seek, served, until, wait_until_loaded
from tests.browser.tap import place_of, recorded, tapped

MOST_APART = 0.05
ROUNDED = 0.005  # of what is shown
MODEL_RATE_HZ = 22_050
WINDOW_SECONDS = 3
WINDOW_SAMPLES = WINDOW_SECONDS * MODEL_RATE_HZ
LEAD_SECONDS = 0.5  # so that what was heard before the knobs were turned has passed
MOST_TRIES = 3
LEAST_LIKENESS = 0.98  # Of what the element gave to the track; less, and the busy machine lost some of it.
SPARE_SAMPLES = 1000  # that resampling may smear

LOOK = "document.getElementById('look-what-if').dataset"
SEEN = """() => Object.fromEntries([...document.querySelectorAll('#what-if-table tbody tr')].map((row) =>
    [row.dataset.genre, Number(row.querySelector('td.of-changed').textContent)]))"""
TURN = """([name, value]) => {
    const input = document.getElementById(`knob-${name}`);
    if (input.type === 'checkbox') input.checked = Boolean(value);
    else input.value = String(value);
    input.dispatchEvent(new Event('input'));
}"""
CASES: tuple[dict[str, float], ...] = (
    {"lowPass": 11}, {"highPass": 9}, {"bass": -18}, {"bass": 12}, {"middle": -18}, {"middle": 12}, {"treble": -18},
    {"treble": 18}, {"gain": -12}, {"gain": 18}, {"pitch": -5}, {"pitch": 1}, {"pitch": 4}, {"tempo": 80},
    {"tempo": 130}, {"noise": -40}, {"noise": -20}, {"mono": 1},
    {"pitch": 3, "tempo": 85, "noise": -40, "bass": 6},
)  # fmt: skip
PLACES = (("jazz", 20), ("reggae", 25), ("metal", 30))


def turn(page: Page, **knobs: float) -> None:
    """Turn knobs, and wait until they are heard."""
    for name, value in knobs.items():
        page.evaluate(TURN, [name, value])
    until(page, f"{LOOK}.heard === 'changed'")


def shown(page: Page) -> dict[str, float]:
    """Give what the panel shows, once it is of the window at the playhead with the knobs as they are."""
    until(page, f"{LOOK}.end === document.getElementById('now').dataset.end && {LOOK}.scored === {LOOK}.knobs")
    found: dict[str, float] = page.evaluate(SEEN)
    return found


def shown_and_heard(
    page: Page, track: str, at_seconds: float, **knobs: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Play a window with knobs turned, in a tapped page that has chosen the track.

    Gives what the panel shows of the last window, and the scores of what was heard of it.
    """
    open_look(page, "what-if")
    turn(page, **knobs)
    page.evaluate("window.tap.ready")
    for _ in range(MOST_TRIES):
        probabilities, plain_likeness, scores = _played(page, track, at_seconds)
        if plain_likeness > LEAST_LIKENESS:
            return probabilities, scores
    raise RuntimeError(f"Played {MOST_TRIES} times with parts of the sound lost: this machine is too busy to listen.")


def _played(page: Page, track: str, at_seconds: float) -> tuple[dict[str, float], float, dict[str, float]]:
    """Play a window; give what is shown, how like the track the plain sound was, and the scores of what was heard."""
    seek(page, at_seconds)
    page.click("#play")
    speed = float(page.evaluate("document.getElementById('audio').playbackRate"))
    played = f"document.getElementById('audio').currentTime > {at_seconds + speed * (WINDOW_SECONDS + LEAD_SECONDS)}"
    until(page, f"{played} && document.getElementById('now').dataset.end > {at_seconds * MODEL_RATE_HZ}")
    page.click("#play")
    probabilities = shown(page)
    end_seconds = int(page.get_attribute("#look-what-if", "data-end") or 0) / MODEL_RATE_HZ
    rate_hz, plain, heard = recorded(page)
    end = place_of(_stretch(track, end_seconds, 1, speed, rate_hz), plain)
    whole = _stretch(track, end_seconds, WINDOW_SECONDS, speed, rate_hz)
    return probabilities, _likeness(whole, plain[max(0, end - len(whole)) : end]), _scores(heard[:end], rate_hz)


def _likeness(wanted: NDArray[np.float32], got: NDArray[np.float32]) -> float:
    """Give the correlation of two stretches of sound; 0 where one is shorter."""
    return float(np.corrcoef(wanted, got)[0, 1]) if len(wanted) == len(got) else 0.0


def _stretch(track: str, end_seconds: float, seconds: float, speed: float, rate_hz: int) -> NDArray[np.float32]:
    """Give the seconds before a time of a track as it plays at a speed."""
    sound, own_rate_hz = soundfile.read(PROJECT / "samples" / f"{track}.ogg", dtype="float32")
    first = round((end_seconds - seconds * speed) * own_rate_hz)
    part = sound[first : round(end_seconds * own_rate_hz)].mean(axis=1)
    return np.asarray(soxr.resample(part, own_rate_hz * speed, rate_hz), np.float32)


@cache
def _scorer() -> Scorer:
    return Scorer(Classifier())


def _scores(heard: NDArray[np.float32], rate_hz: int) -> dict[str, float]:
    """Score the last window of a recording, which a sound card would clip."""
    last = heard[-WINDOW_SECONDS * rate_hz - SPARE_SAMPLES :].clip(-1, 1)
    window = np.asarray(soxr.resample(last, rate_hz, MODEL_RATE_HZ)[-WINDOW_SAMPLES:], np.float32)
    score = _scorer().score(Window(0, 0, WINDOW_SAMPLES, window))
    return dict(zip(_scorer().classifier.card.genres, score.probabilities.tolist(), strict=True))


def _apart(browser: Browser, address: str, track: str, at_seconds: float, knobs: dict[str, float]) -> float:
    context = tapped(browser.new_context(viewport=DESKTOP, bypass_csp=True))
    page = context.new_page()
    page.goto(address)
    wait_until_loaded(page)
    choose(page, track.capitalize())
    probabilities, heard = shown_and_heard(page, track, at_seconds, **knobs)
    context.close()
    return round(max(abs(p - heard[genre]) for genre, p in probabilities.items()), 3)


def measure() -> dict[str, Any]:
    """Compare for every knob and track."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address, launched() as browser:
        found = [
            {"track": track, "at_seconds": at, "knobs": knobs, "apart": _apart(browser, address, track, at, knobs)}
            for track, at in PLACES
            for knobs in CASES
        ]
    return {
        "command": "python -m tests.browser.what_if",
        "bar": MOST_APART,
        "most_apart": max(case["apart"] for case in found),
        "beyond_the_bar": sum(case["apart"] > MOST_APART + ROUNDED for case in found),
        "cases": found,
    }


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"), help="JSON file to write")
    path = parser.parse_args().out
    text = json.dumps(measure(), indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
