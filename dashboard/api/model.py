"""What the models are, and whether the service is ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from flask import Blueprint, Response, jsonify

from dashboard.api.openapi import Body, operation
from dashboard.api.parameters import model_choice
from dashboard.listening.models import ServedModel
from dashboard.page import card_text
from dashboard.services import Services
from model.result import ModelIdentity, model_identity


class Health(TypedDict):
    """The service is ready."""

    status: Literal["ok"]
    model: ModelIdentity


class Figures(TypedDict):
    """How often a model is right, as far as its card says; null where it does not."""

    split: str | None
    n_tracks: int | None
    track_accuracy: float | None
    window_accuracy: float | None
    expected_calibration_error: float | None
    artist_clean_track_accuracy: float | None


class ModelSummary(TypedDict):
    """A model's card in short."""

    name: str
    title: str
    version: str
    sha256: str
    window_seconds: float
    genres: list[str]
    n_parameters: int
    figures: Figures
    is_default: bool
    is_comparable: bool


class ModelList(TypedDict):
    """All models: the default first. `is_comparable`: it names the default's genres, so the page may show both."""

    models: list[ModelSummary]


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("model", __name__)
    which = model_choice(services)

    @routes.get("/api/models")
    @operation("The models that can be asked, in short.", {200: Body("The models", ModelList)})
    def models() -> Response:
        return jsonify({"models": [_summary(model, services) for model in services.models.served]})

    @routes.get("/api/model")
    @operation(
        "A model's card: what it is, what it learned from, how often it is right.",
        {200: Body("The card", dict[str, Any])},
        queries=(which,),
        problems=(404,),
    )
    def card() -> Response:
        return jsonify(services.models.find(which.read()).card.to_dict())

    @routes.get("/health")
    @operation("Whether the service is ready, and with which model.", {200: Body("Ready", Health)})
    def health() -> Response:
        return jsonify(Health(status="ok", model=model_identity(services.card)))

    return routes


def _summary(model: ServedModel, services: Services) -> ModelSummary:
    card = model.card
    return {
        "name": model.name,
        "title": card_text.title(card),
        "version": card.version,
        "sha256": card.files["litert"].sha256,
        "window_seconds": card.params.audio.window_seconds,
        "genres": list(card.genres),
        "n_parameters": card.n_parameters,
        "figures": _figures(card.figures),
        "is_default": model is services.models.default,
        "is_comparable": model in services.models.others,
    }


def _figures(figures: Mapping[str, Any]) -> Figures:
    clean = figures.get("artist_clean")
    return {
        "split": figures.get("split"),
        "n_tracks": figures.get("n_tracks"),
        "track_accuracy": figures.get("track_accuracy"),
        "window_accuracy": figures.get("window_accuracy"),
        "expected_calibration_error": figures.get("expected_calibration_error"),
        "artist_clean_track_accuracy": clean.get("track_accuracy") if isinstance(clean, Mapping) else None,
    }
