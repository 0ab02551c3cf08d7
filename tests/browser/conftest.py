"""One server and one browser for all browser tests; a context (a visitor) for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make test installs it)")

from playwright.sync_api import Browser, BrowserContext, Page

from model.genres import GENRES
from tests.browser import chromium, serving
from tests.checkpoints import tiny_checkpoint
from tests.sounds import RATE_HZ, chord, encoded

Visit = Callable[..., Page]
EXPECTED = ("Failed to load resource", "Service Worker registration blocked")
"""What a console may say: tests let requests fail, and keep the service worker out but for its own tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with the shipped model, and two to compare it with: one has windows of 5 s, one takes all for unsure."""
    models = tmp_path_factory.mktemp("models")
    tiny_checkpoint(models / "long", GENRES, name="long", window_seconds=5.0, training={"title": "5 s windows"})
    tiny_checkpoint(models / "shy", GENRES, name="shy", training={"title": "Never sure"}, largest_spread=-0.1)
    with serving.served(
        tmp_path_factory.mktemp("data"), GENRE_MODELS_FOLDER=str(models), GENRE_RADIO="private"
    ) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.find() is None:
        pytest.skip("no Chromium here: python -m tests.browser.chromium --install")
    with serving.launched() as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make visitors: browsers that share nothing."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(**{"viewport": serving.DESKTOP, "service_workers": "block", **options}))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visit(visitor: Callable[..., BrowserContext], address: str) -> Iterator[Visit]:
    """Open the page as a new visitor; complains of foreign requests and of errors in the console at the end."""
    complaints: list[str] = []

    def look(page: Page, home: str) -> None:
        def on_request(url: str) -> None:
            if not url.startswith((home, "data:", "blob:")):
                complaints.append(f"asked another host: {url}")

        page.on("request", lambda request: on_request(request.url))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning") and not message.text.startswith(EXPECTED)
                else None
            ),
        )

    def open_page(
        query: str = "", *, context: BrowserContext | None = None, home: str = address, **options: Any
    ) -> Page:
        page = (context or visitor(**options)).new_page()
        page.set_default_timeout(20_000)
        look(page, home)
        page.goto(home + query)
        serving.wait_until_loaded(page)
        return page

    yield open_page
    assert complaints == []


@pytest.fixture(scope="session")
def warm(browser: Browser) -> Iterator[BrowserContext]:
    """One context whose cache stays: a page opens three times as fast in it."""
    context = browser.new_context(viewport=serving.DESKTOP, service_workers="block")
    context.add_init_script("if (!sessionStorage.tab) { localStorage.clear(); sessionStorage.tab = 1; }")
    yield context
    context.close()


@pytest.fixture
def page(visit: Visit, warm: BrowserContext) -> Iterator[Page]:
    """The page as a new visitor opens it: no cookie, nothing remembered."""
    warm.clear_cookies()
    page = visit(context=warm)
    yield page
    page.close()


@pytest.fixture(scope="session")
def sound_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audio file of 8 s."""
    path = tmp_path_factory.mktemp("files") / "my song.wav"
    path.write_bytes(encoded(chord(8.0)))
    return path


@pytest.fixture(scope="session")
def silent_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds of silence."""
    path = tmp_path_factory.mktemp("files") / "nothing.wav"
    path.write_bytes(encoded(np.zeros(5 * RATE_HZ, np.float32)))
    return path


@pytest.fixture(scope="session")
def bad_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that only calls itself audio."""
    path = tmp_path_factory.mktemp("files") / "letter.wav"
    path.write_bytes(b"Dear reader, this is no music.\n" * 50)
    return path
