"""What the tests of the service share: small samples of their own, an app, and visitors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator
from itertools import zip_longest
from pathlib import Path

import hypothesis
import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.services import Services
from dashboard.settings import Settings
from tests import quiet
from tests.sounds import chord, encoded, write

Visitor = Callable[[], FlaskClient]

hypothesis.settings.register_profile("shared machine", deadline=None)  # two files run at once; a stall is no fault
hypothesis.settings.load_profile("shared machine")


TESTS = Path(__file__).parent

# Two processes that keep what librosa compiles in one place at once spoil it (numba issue 10128).
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ.setdefault("NUMBA_CACHE_DIR", str(TESTS.parent / ".cache" / "numba" / _WORKER))
WAITING = ("browser", "faults", "model/scan", "dashboard/serving", "dashboard/sharing", "docs")
COMPUTING = ("study", "model/audio", "model/cli", "model/test_weights.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, and end with the short ones, so that no worker waits for the other's last file.

    Files that wait (for sound, a server) alternate with files that compute, so that two workers share two cores well.
    """
    files = list(dict.fromkeys(item.path for item in items))
    waiting, computing = (
        [path for path in files if path.relative_to(TESTS).as_posix().startswith(places)]
        for places in (WAITING, COMPUTING)
    )
    pairs = zip_longest(waiting, computing)
    first = [path for pair in pairs for path in pair if path is not None]
    place = {path: number for number, path in enumerate(dict.fromkeys([*first, *files]))}
    items.sort(key=lambda item: place[item.path])  # stable: a file's tests keep their order


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run what listens in real time alone, all else beside the other worker's tests."""
    with quiet.turn(alone=item.get_closest_marker("listens") is not None):
        return (yield)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run what takes a minute, as an hour of sound")
    parser.addoption("--regenerate-golden", action="store_true", help="write the files in tests/golden anew")


@pytest.fixture(scope="session")
def samples_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three short samples with a catalogue, one of them a medley."""
    folder = tmp_path_factory.mktemp("samples")
    rows = []
    for name, seconds in (("first", 5.0), ("second", 7.25), ("medley", 9.0)):
        write(folder / f"{name}.flac", encoded(chord(seconds, rate_hz=44_100), rate_hz=44_100, format="FLAC"))
        is_medley = name == "medley"
        rows.append(
            {
                "id": name,
                "title": name.title(),
                "genre": None if is_medley else "jazz",
                "file": f"{name}.flac",
                "duration_seconds": seconds,
                "licence": "CC0-1.0",
                "origin": "made by the tests",
                "sections": [{"genre": "jazz", "start_seconds": 0.0}] if is_medley else None,
            }
        )
    (folder / "catalogue.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


@pytest.fixture
def settings(samples_folder: Path, tmp_path: Path) -> Settings:
    """The shipped model alone, whatever else is shipped."""
    (alone := tmp_path / "models").mkdir()
    return Settings(
        samples_folder=samples_folder,
        data_folder=tmp_path / "data",
        models_folder=alone,
        docs_folder=tmp_path / "docs",  # whether they are built here or not
        max_upload_mib=2.0,
        max_track_seconds=900.0,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Dash]:
    app = create_app(settings)
    yield app
    services_of(app).close()


@pytest.fixture
def services(app: Dash) -> Services:
    return services_of(app)


@pytest.fixture
def visitor(app: Dash) -> Visitor:
    """Make visitors, each with cookies of their own."""
    return app.server.test_client


@pytest.fixture
def client(visitor: Visitor) -> FlaskClient:
    return visitor()


@pytest.fixture(scope="session")
def wav() -> bytes:
    """Six seconds of a chord, no multiple of the hop, so that the tail counts."""
    return encoded(chord(6.1))
