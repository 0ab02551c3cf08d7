"""The documentation builds strictly, its figures are those of the files that hold them, and it asks no other host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.figures import DOCS, ROOT, figures, marked_pages, marks, pages

LARGEST_TOUR_BYTES = 600_000
FETCHED = re.compile(r"""<(?:script|link|img|iframe|source|audio|video)\b[^>]*?(?:src|href)=["']?(?:https?:)?//""")
NUMBER_IN_WORDS = re.compile(r"\d(?:[\d.,]*) ?%|±")


def test_every_figure_is_that_of_its_file() -> None:
    current = figures()
    marked = {page: marks(page.read_text(encoding="utf-8")) for page in marked_pages()}
    wrong = [
        f"{page}: {name} is {current.get(name)!r}, not {text!r}; python -m tests.docs.figures writes it"
        for page, found in marked.items()
        for name, text in found
        if current.get(name) != text
    ]
    assert not wrong
    assert {name for found in marked.values() for name, _ in found} == set(current)


@pytest.mark.parametrize("page", ["hearing.md", "posterior.md"])
def test_no_share_is_typed_in_by_hand(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for _, marked in marks(text):
        text = text.replace(f"-->{marked}<!--/-->", "")
    assert set(NUMBER_IN_WORDS.findall(text)) <= {"±", "95 %"}  # the sign explained, and the name of the interval


def test_pictures_of_the_tour_are_small_and_all_are_shown() -> None:
    pictures = sorted((DOCS / "tour").iterdir())
    assert sum(picture.stat().st_size for picture in pictures) < LARGEST_TOUR_BYTES
    shown = (DOCS / "tour.md").read_text(encoding="utf-8") + (DOCS / "index.md").read_text(encoding="utf-8")
    assert [picture.name for picture in pictures if f"tour/{picture.name}" not in shown] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="MkDocs Material is not installed (make test or make docs installs it)")
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_the_site_asks_no_other_host(site: Path) -> None:
    written = list(site.rglob("*.html"))
    assert len(written) > len(pages())
    for page in written:
        assert not FETCHED.search(page.read_text(encoding="utf-8")), page
    for sheet in site.rglob("*.css"):
        assert "url(http" not in sheet.read_text(encoding="utf-8"), sheet


def test_every_page_can_be_searched_and_has_its_examples(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    for page in pages():
        assert f'"location":"{page.stem}.html"' in index.replace('": "', '":"'), page.name
    shown = (site / "http.html").read_text(encoding="utf-8")
    assert "urllib" in shown
    assert "<!--=" not in shown
