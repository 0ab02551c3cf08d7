"""What programs and people read today, byte for byte: kept in `tests/golden`.

``pytest tests/test_golden.py --regenerate-golden`` writes the files anew; `git diff` then shows what changed. Numbers
may differ by 1e-4 from one processor to another; everything else is the same to the letter.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app, services_of
from dashboard.settings import Settings
from model.cli import main

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = ("jazz", "reggae", "metal", "medley")
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A visitor of the app as it ships: its samples, all its models."""
    app = create_app(Settings(data_folder=tmp_path_factory.mktemp("data"), docs_folder=tmp_path_factory.mktemp("docs")))
    yield app.server.test_client()
    services_of(app).close()


Check = Callable[[str, str], None]


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Check:
    """Compare with the golden file of a name, or write it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--regenerate-golden"):
            path.write_text(text, encoding="utf-8")
        known = path.read_text(encoding="utf-8")
        if text != known:
            assert_alike(parsed(name, text), parsed(name, known), name)

    return compare


def parsed(name: str, text: str) -> Any:
    if name.endswith(".json"):
        return json.loads(text)
    if name.endswith(".ndjson"):
        return [json.loads(line) for line in text.splitlines()]
    return [[number(cell) for cell in line.split(",")] for line in text.splitlines()]


def number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def assert_alike(found: Any, known: Any, where: str) -> None:
    assert type(found) is type(known), where
    if isinstance(known, dict):
        assert list(found) == list(known), where
        for key in known:
            assert_alike(found[key], known[key], f"{where}.{key}")
    elif isinstance(known, list):
        assert len(found) == len(known), where
        for place, (one, other) in enumerate(zip(found, known, strict=True)):
            assert_alike(one, other, f"{where}[{place}]")
    elif isinstance(known, float):
        assert math.isclose(found, known, abs_tol=TOLERANCE), f"{where}: {found} is not {known}"
    else:
        assert found == known, where


@pytest.mark.parametrize("form", ["json", "csv"])
def test_classify_prints_what_it_printed(form: str, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for name in SAMPLES for path in (Path("samples") / f"{name}.ogg",)]
    assert main(["classify", *files, f"--{form}"]) == 0
    check(f"classify.{form}", capsys.readouterr().out)


@pytest.mark.parametrize("model", ["mel_cnn", "mfcc_logreg"])
def test_other_models_classify_as_they_did(model: str, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "samples/medley.ogg", "--json", "--model", f"model/weights/{model}"]) == 0
    check(f"classify_{model}.json", capsys.readouterr().out)


def test_info_prints_what_it_printed(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--json"]) == 0
    check("info.json", capsys.readouterr().out)


@pytest.mark.parametrize("form", ["scores", "scores.csv"])
def test_scores_are_streamed_and_exported_as_they_were(form: str, client: FlaskClient, check: Check) -> None:
    track = client.get("/api/tracks").json["tracks"][3]["id"]
    text = client.get(f"/api/tracks/{track}/{form}", buffered=True).get_data(as_text=True)
    check("medley.csv" if form.endswith("csv") else "medley.ndjson", text)


def test_the_service_answers_as_it_did(client: FlaskClient, check: Check) -> None:
    answer = client.post("/api/classify", data=Path("samples/metal.ogg").read_bytes(), content_type="audio/ogg")
    check("api_classify.json", answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("address", "name"), [("/openapi.json", "openapi"), ("/api/model", "model"), ("/api/tracks", "tracks")]
)
def test_contract_card_and_tracks_read_as_they_did(address: str, name: str, client: FlaskClient, check: Check) -> None:
    check(f"{name}.json", json.dumps(client.get(address).json, indent=1, ensure_ascii=False))


def test_the_page_is_laid_out_as_it_was(client: FlaskClient, check: Check) -> None:
    check("layout.json", json.dumps(client.get("/_dash-layout").json, indent=1, ensure_ascii=False, sort_keys=True))
