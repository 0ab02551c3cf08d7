"""Every bar begins at the left of its track and is as long as the number beside it says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.serving import open_look, seek, until
from tests.browser.what_if import shown, turn

# By row: where its bars begin and end in their tracks, in shares of them, and the numbers beside them.
SEEN = """([rows, track, number]) => [...document.querySelectorAll(rows)].map((row) => ({
    bars: [...row.querySelectorAll(track)].map((each) => {
        const [whole, bar] = [each, each.firstElementChild].map((it) => it.getBoundingClientRect());
        return [Math.max(bar.left, whole.left) - whole.left, Math.min(bar.right, whole.right) - whole.left]
            .map((place) => place / whole.width);
    }),
    numbers: [...row.querySelectorAll(number)].map((each) => parseFloat(each.textContent)),
}))"""
PLACES = {
    "now": (".bar-row", ".bar-track.of-first", ".bar-value.of-first"),
    "share of the time": ("#overall-table tbody tr", ".mini-track", "td.mini-cell + td.number"),
    "what if": ("#what-if-table tbody tr", ".what-if-track", "td.number"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_bar_is_as_long_as_its_number_says(page: Page, place: str) -> None:
    seek(page, 20)
    until(page, "document.getElementById('now').dataset.end")
    if place == "what if":
        open_look(page, "what-if")
        turn(page, pitch=5)
        shown(page)
    page.wait_for_timeout(300)  # until bars have glided
    rows = page.evaluate(SEEN, list(PLACES[place]))
    assert len(rows) == 10
    unit = 100 if place == "share of the time" else 1
    for row in rows:
        assert len(row["bars"]) == len(row["numbers"]) > 0
        for (begin, end), number in zip(row["bars"], row["numbers"], strict=True):
            assert begin == 0
            assert end == pytest.approx(number / unit, abs=0.006)
    assert max(number for row in rows for number in row["numbers"]) > 0.3 * unit


def test_no_genre_stands_out_before_one_was_heard(page: Page) -> None:
    weights = """() => [...document.querySelectorAll('#overall-table tbody tr')].map((row) =>
        getComputedStyle(row.cells[0]).fontWeight)"""
    assert len(set(page.evaluate(weights))) == 1
    seek(page, 20)
    until(page, "document.getElementById('now').dataset.end")
    first, *rest = page.evaluate(weights)
    assert int(first) > int(rest[0])
    assert len(set(rest)) == 1
