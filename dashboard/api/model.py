"""What the model is, and whether the service is ready."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from flask import Blueprint, Response, jsonify

from dashboard import wire
from dashboard.api.openapi import Body, operation
from dashboard.services import Services


class Health(TypedDict):
    """The service is ready."""

    status: Literal["ok"]
    model: wire.ModelIdentity


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("model", __name__)

    @routes.get("/api/model")
    @operation(
        "The model's card: what it is, what it learned from, how often it is right.",
        {200: Body("The card", dict[str, Any])},
    )
    def card() -> Response:
        return jsonify(services.card.to_dict())

    @routes.get("/health")
    @operation("Whether the service is ready, and with which model.", {200: Body("Ready", Health)})
    def health() -> Response:
        return jsonify(Health(status="ok", model=wire.identity_of(services.card)))

    return routes
