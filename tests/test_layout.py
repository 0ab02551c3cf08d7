"""The layout: the same for every visitor, with what the modules look for."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dashboard import card_text
from dashboard.layout import page
from dashboard.layout.document import ASSETS_IGNORE, document
from dashboard.services import Services
from dashboard.settings import PROJECT_FOLDER

ASSETS = PROJECT_FOLDER / "assets"


def test_every_element_that_a_module_asks_for_is_in_the_layout(services: Services) -> None:
    text = json.dumps(page(services).to_plotly_json(), default=lambda part: part.to_plotly_json())
    ids = set(re.findall(r'"id": "([^"]+)"', text))
    code = "".join(path.read_text("utf-8") for path in ASSETS.glob("*.mjs"))
    asked = set(re.findall(r'byId\("([^"]+)"\)', code))
    assert asked <= ids


def test_the_configuration_names_genres_colours_and_templates(services: Services) -> None:
    config = json.loads(page(services).to_plotly_json()["props"]["data-config"])
    assert [genre["id"] for genre in config["genres"]] == list(services.card.genres)
    assert set(config["templates"]) == {"light", "dark"}
    assert config["windowSeconds"] == 3


def test_only_the_entry_is_a_script_and_every_other_module_is_announced() -> None:
    assert not re.search(ASSETS_IGNORE, "main.mjs")
    assert re.search(ASSETS_IGNORE, "clock.mjs")
    text = document(ASSETS)
    announced = set(re.findall(r'modulepreload" href="assets/([^"]+)"', text))
    assert announced == {path.name for path in ASSETS.glob("*.mjs")} - {"main.mjs"}


def test_no_asset_names_another_host() -> None:
    for path in (*ASSETS.glob("*.mjs"), *ASSETS.glob("*.css")):
        hosts = set(re.findall(r"https?://([\w.]+)", Path(path).read_text("utf-8")))
        assert hosts <= {"www.w3.org"}


def test_the_card_states_the_figure_on_artists_never_heard(services: Services) -> None:
    accuracy = services.card.figures["artist_clean"]["track_accuracy"]
    assert f"{100 * accuracy:.0f} of 100" in card_text.headline(services.card)
    rows = card_text.genre_figures(services.card)
    assert len(rows) == len(services.card.genres)
    assert [row.share for row in rows] == sorted((row.share for row in rows), reverse=True)
