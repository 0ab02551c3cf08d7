"""Take the documentation's pictures of the real page: ``python -m tests.browser.tour``.

Nothing plays while a picture is taken: the playhead is put somewhere, and the page shows what was heard by then. So two
runs give the same pictures but for what the machine's fonts and Chromium's version change. None shows the titles of
GTZAN's tracks, which are no part of the project: the page is that of a machine that has no GTZAN.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.serving import (
    DESKTOP,
    PHONE,
    PROJECT,
    choose,
    launched,
    open_look,
    seek,
    served,
    until,
    wait_until_loaded,
)
from tests.browser.what_if import shown, turn
from tests.sounds import chord, encoded

FOLDER = PROJECT / "docs" / "tour"
QUALITY = 72
MARGIN_PX = 4
FOLLOWED = "document.getElementById('now').dataset.end"
STILL_MS = 600  # for what fades in
PAINTED_MS = 3000  # for what is asked of the server


def first(page: Page) -> str | None:
    """The page as it opens."""
    return None


def playing(page: Page) -> str | None:
    """The medley, 57 s in."""
    _heard(page, "Medley", 57)
    return None


def stage(page: Page) -> str | None:
    """The three pictures over one axis of time, whole."""
    _heard(page, "Medley", 60)
    page.click("#reveal")
    return "#stage"


def track(page: Page) -> str | None:
    """The verdict on the track."""
    _heard(page, "Medley", 60)
    page.click("#reveal")
    return "#overall"


def why(page: Page) -> str | None:
    """What speaks for a genre."""
    _heard(page, "Jazz", 30)
    page.click("#why-switch")
    until(page, "document.getElementById('why-switch').getAttribute('aria-pressed') !== 'false'")
    page.wait_for_timeout(PAINTED_MS)
    return "#stage"


def words(page: Page) -> str | None:
    """The sound in musicians' words."""
    return _closer(page, "words")


def what_if(page: Page) -> str | None:
    """Knobs that change the sound."""
    part = _closer(page, "what-if")
    turn(page, lowPass=10, tempo=80)
    shown(page)
    return part


def genre_map(page: Page) -> str | None:
    """The map of known tracks."""
    return _closer(page, "map")


def compare(page: Page) -> str | None:
    """A second model beside the first."""
    page.goto(f"{page.url.partition('?')[0]}?compare=two_block_plain")
    wait_until_loaded(page)
    _heard(page, "Reggae", 30)
    page.wait_for_timeout(PAINTED_MS)
    return None


def listen(page: Page) -> str | None:
    """What can be listened to live."""
    page.click("#listen-button")
    return None


def own(page: Page) -> str | None:
    """Tracks of one's own."""
    page.set_input_files(
        "input[type=file]",
        [
            {"name": f"{name}.wav", "mimeType": "audio/wav", "buffer": encoded(chord(seconds))}
            for name, seconds in (("Two chords", 8.0), ("One chord", 12.0))
        ],
    )
    page.wait_for_timeout(PAINTED_MS)
    if page.locator("#own-close").is_hidden():
        page.click("#own-button")
    return None


def _heard(page: Page, name: str, seconds: float) -> None:
    choose(page, name)
    seek(page, seconds)
    until(page, FOLLOWED)


def _closer(page: Page, look: str) -> str:
    _heard(page, "Jazz", 30)
    open_look(page, look)
    page.wait_for_timeout(PAINTED_MS)
    return "#closer"


SHOTS: dict[str, Callable[[Page], str | None]] = {
    "first": first,
    "playing": playing,
    "stage": stage,
    "track": track,
    "why": why,
    "words": words,
    "what-if": what_if,
    "map": genre_map,
    "compare": compare,
    "listen": listen,
    "own": own,
    "phone": playing,
}


def take(browser: Browser, address: str, name: str) -> bytes:
    """Take one picture, as WebP."""
    options: dict[str, Any] = {"viewport": PHONE, "is_mobile": True} if name == "phone" else {"viewport": DESKTOP}
    context = browser.new_context(color_scheme="light", reduced_motion="reduce", **options)
    try:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(address)
        wait_until_loaded(page)
        part = SHOTS[name](page)
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(STILL_MS)
        shot = page.screenshot(clip=_clip(page, part), full_page=part is not None)
    finally:
        context.close()
    written = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").save(written, "WEBP", quality=QUALITY, method=6)
    return written.getvalue()


def _clip(page: Page, part: str | None) -> Any:
    """Give the place of a part of the page with a margin; None for all that is seen."""
    box = part and page.locator(part).bounding_box()
    if not box:
        return None
    return {
        "x": max(0, box["x"] - MARGIN_PX),
        "y": max(0, box["y"] - MARGIN_PX),
        "width": box["width"] + 2 * MARGIN_PX,
        "height": box["height"] + 2 * MARGIN_PX,
    }


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(SHOTS), help="pictures to take; all by default")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for them")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        data = Path(folder)
        (nothing := data / "no titles").mkdir()
        with served(data, GTZAN_HOME=str(nothing)) as address:
            _take_all(arguments.names, arguments.out, browser, address)


def _take_all(names: list[str], out: Path, browser: Browser, address: str) -> None:
    for name in names:
        (out / f"{name}.webp").write_bytes(take(browser, address, name))


if __name__ == "__main__":
    main()
