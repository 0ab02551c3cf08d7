"""The layout: the same for every visitor, with what the modules look for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.listening.models import Models
from dashboard.page import card_text
from dashboard.page.layout import page
from dashboard.page.texts import texts_in
from dashboard.services import Services
from model.level import SILENCE_DBFS
from tests.checkpoints import tiny_checkpoint

OF_THE_OTHER_MODEL = {"legend", "timeline-name"}
"""Parts that are there only where there is another model to choose, besides those called ``other-*``."""


def text_of(services: Services) -> str:
    return json.dumps(page(services, texts_in("en")).to_plotly_json(), default=lambda part: part.to_plotly_json())


def ids_in(services: Services) -> set[str]:
    return set(re.findall(r'"id": "([^"]+)"', text_of(services)))


def with_models(services: Services, folder: Path) -> Services:
    return replace(services, models=Models(services.settings.checkpoint, folder))


def test_what_belongs_to_the_other_model_is_there_only_where_there_is_one(services: Services, tmp_path: Path) -> None:
    tiny_checkpoint(tmp_path / "another", services.card.genres, name="another")
    alone, beside = ids_in(services), ids_in(with_models(services, tmp_path))
    assert {name for name in beside - alone if not name.startswith("other")} == OF_THE_OTHER_MODEL
    assert not [name for name in alone if name.startswith("other")]


def test_only_models_of_the_same_genres_are_offered_beside_the_first(services: Services, tmp_path: Path) -> None:
    assert config_of(services)["others"] == []
    tiny_checkpoint(tmp_path / "a", services.card.genres, name="mel_cnn", window_seconds=5.0)
    tiny_checkpoint(tmp_path / "b", ("salsa", "tango"), name="own")
    config = config_of(with_models(services, tmp_path))
    assert config["title"] == "Two-block CNN"
    text = text_of(with_models(services, tmp_path))
    assert "The models to compare" in text
    assert "The models to compare" not in text_of(services)
    assert config["others"] == [{"name": "mel_cnn", "title": "Mel cnn", "windowSeconds": 5}]


@pytest.mark.parametrize("n_genres", [2, 16])
def test_a_model_of_own_genres_makes_its_own_page(services: Services, tmp_path: Path, n_genres: int) -> None:
    genres = (*(f"style {number}" for number in range(n_genres - 1)), "singer-songwriter")
    checkpoint = tiny_checkpoint(tmp_path / "own", genres, window_seconds=5.0, figures={"split": "valid"})
    own = replace(services, models=Models(checkpoint, tmp_path))
    text = text_of(own)
    assert [genre["id"] for genre in config_of(own)["genres"]] == list(genres)
    assert [text.count(f'"data-genre": "{genre}"') for genre in genres] == [4] * n_genres  # a bar, a chip, two rows
    assert "5 seconds of sound: what the network hears at once" in text
    assert "long-names" in text
    assert '"--longest-label": "18ch"' in text
    assert "Sturm" not in text


def config_of(services: Services) -> dict:
    return json.loads(page(services, texts_in("en")).to_plotly_json()["props"]["data-config"])


def test_the_configuration_names_genres_colours_and_templates(services: Services) -> None:
    config = config_of(services)
    assert [genre["id"] for genre in config["genres"]] == list(services.card.genres)
    assert set(config["templates"]) == {"light", "dark"}
    assert config["windowSeconds"] == 3


def test_the_configuration_holds_the_servers_constants(services: Services) -> None:
    config = config_of(services)
    assert config["silenceDbfs"] == SILENCE_DBFS
    assert (config["hopSeconds"], config["hopWords"]) == (0.5, "twice a second")
    assert config["uploads"]["maxBytes"] == services.settings.max_upload_bytes
    assert config["uploads"]["maxSeconds"] == services.settings.max_track_seconds
    assert "2 MiB" in config["uploads"]["words"]


def test_the_card_states_the_figure_on_artists_never_heard(services: Services) -> None:
    accuracy = services.card.figures["artist_clean"]["track_accuracy"]
    assert f"{100 * accuracy:.0f} of 100" in card_text.headline(texts_in("en"), services.card)
    rows = card_text.genre_figures(services.card)
    assert len(rows) == len(services.card.genres)
    assert [row.share for row in rows] == sorted((row.share for row in rows), reverse=True)


def test_why_can_be_asked_only_where_the_model_can_tell(services: Services, tmp_path: Path) -> None:
    assert {"why", "why-switch", "why-picture"} <= ids_in(services)
    own = tiny_checkpoint(tmp_path / "own", services.card.genres, name="own")
    (tmp_path / "none").mkdir()
    without = replace(services, models=Models(own, tmp_path / "none"))
    assert not {name for name in ids_in(without) if name.startswith("why")}
    assert "Why this genre" not in text_of(without)
