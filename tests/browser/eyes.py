"""axe-core on a page in a state: what keeps someone out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed (make test does it)")

SIZES = ((1440, 900), (390, 844))
OF_COLOUR = ("color-contrast", "link-in-text-block")  # The only rules that another theme can break.
VIOLATIONS = """(rules) => axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }).then(
    ({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target.join(' '))]))"""


def with_axe(page: Page) -> Page:
    """Bring axe-core into a page, whose context must bypass its Content-Security-Policy."""
    page.evaluate(next(Path(axe.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8"))
    return page


def check(page: Page, state: str, rules: Sequence[str] | None = None) -> None:
    """Find no violation, of some rules or of all, on a desk and on a phone."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        assert (state, width, page.evaluate(VIOLATIONS, rules)) == (state, width, [])
