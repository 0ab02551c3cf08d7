"""Take the README's pictures of the real page, playing: ``python -m tests.browser.screenshots OUT``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.browser.serving import DESKTOP, PHONE, choose, launched, seek, served, until, wait_until_loaded

SHOT_AT_SECONDS = 42.0
PICTURES = {
    "desktop-light": {"viewport": {**DESKTOP, "height": 1160}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {**DESKTOP, "height": 1160}, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "color_scheme": "light", "is_mobile": True, "device_scale_factor": 2},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark", "is_mobile": True, "device_scale_factor": 2},
}


def take(folder: Path, track: str, compare: str | None) -> None:
    """Write one PNG for each width and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as address, launched() as browser:
        for name, options in PICTURES.items():
            context = browser.new_context(**options)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(address + (f"?compare={compare}" if compare else ""))
            wait_until_loaded(page)
            choose(page, track)
            page.click("#play")
            seek(page, SHOT_AT_SECONDS - 2)
            until(page, f"document.getElementById('audio').currentTime > {SHOT_AT_SECONDS}")
            page.mouse.move(0, 0)
            page.screenshot(path=folder / f"{name}.png")
            context.close()


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--track", default="Medley", help="name of the tile to play")
    parser.add_argument("--compare", help="name of a second model to show")
    arguments = parser.parse_args()
    take(arguments.out, arguments.track, arguments.compare)


if __name__ == "__main__":
    main()
