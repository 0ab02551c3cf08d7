"""A model of one's own genres on the page: its rows, colours, words and samples; and nothing to compare it with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from dashboard.page.theme import GENRE_COLOURS, genre_colours
from tests.browser import serving
from tests.browser.serving import PHONE, seek, until
from tests.checkpoints import tiny_checkpoint

NAMES = (
    *("Bossa nova", "salsa", "Singer-songwriter", "jazz", "klezmer", "fado", "flamenco", "reggae"),
    *("qawwali", "highlife", "polka", "raga", "gamelan", "mbalax", "yodel", "tango"),
)


def test_own_genres_are_shown_in_their_own_rows_and_colours(visit: Any, tmp_path: Path) -> None:
    n_genres = len(NAMES)
    checkpoint = tiny_checkpoint(tmp_path / "own", NAMES, name="own")
    with serving.served(tmp_path, GENRE_CHECKPOINT=str(checkpoint)) as home:
        page = visit(home=home)
        assert page.locator(".other-select").count() == 0
        assert page.locator(".bar-row").count() == page.locator("#overall-table tbody tr").count() == n_genres
        colours = genre_colours(NAMES)
        painted = page.evaluate(
            "[...document.querySelectorAll('.bar-row .bar')].map((bar) => bar.style.backgroundColor)"
        )
        wanted = ["rgb({}, {}, {})".format(*bytes.fromhex(colours[genre][1:])) for genre in NAMES]
        assert painted == wanted
        assert len(set(painted)) == n_genres
        assert colours["jazz"] == GENRE_COLOURS["jazz"]
        seek(page, 20)
        until(page, "document.getElementById('now').dataset.end")
        expect(page.locator("#now")).to_have_attribute("data-state", "music")
        assert page.get_attribute("#now", "data-genre") in NAMES
        assert page.locator(".tile-name").all_inner_texts()[:4] == ["Jazz", "Reggae", "Metal", "Medley"]
        for label in page.locator(".bar-label").all():
            box, bar = label.bounding_box(), page.locator(".bar-track").first.bounding_box()
            assert box["x"] + box["width"] <= bar["x"]
        page.click("#card summary")
        expect(page.locator("#card")).to_contain_text(f"It knows {n_genres} genres and nothing else")
        expect(page.locator("#card")).not_to_contain_text("Sturm")
        page.set_viewport_size(PHONE)
        until(page, f"document.documentElement.scrollWidth === {PHONE['width']}")  # once the figures have followed
