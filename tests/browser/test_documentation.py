"""The documentation, served by the page under its strict policy: the help leads to it, and it can be searched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import serving

pytest.importorskip("material", reason="MkDocs Material is not installed (make test or make docs installs it)")


def test_the_help_leads_to_it_and_it_can_be_searched(visit: Any, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=serving.PROJECT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        capture_output=True,
    )
    with serving.served(tmp_path, GENRE_DOCS_FOLDER=str(tmp_path / "site")) as home:
        page = visit(home=home)
        page.click("#help-button")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Documentation").click()
        complaints: list[str] = []
        site = opened.value
        site.on("console", lambda message: complaints.append(message.text))
        site.on("request", lambda request: complaints.append(request.url) if home not in request.url else None)
        site.reload()
        expect(site.locator("h1").first).to_have_text("Live genre dashboard¶")
        site.get_by_role("textbox", name="Search").press_sequentially("unsure", delay=50)
        expect(site.locator(".md-search-result__item").first).to_be_visible()
        assert complaints == []
