"""The map of known tracks, and where a track lies on it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dashboard.api import visitors
from dashboard.api.cached import drawn
from dashboard.api.openapi import Body, Choice, Query, operation
from dashboard.api.parameters import model_choice
from dashboard.listening.mapping import EmbeddingMessage, MapMessage, embedding, known_map
from dashboard.services import Services
from model.errors import ParameterError
from model.recordings import known_recordings

MOST_WINDOWS = Query("n", "Most windows, evenly spread along the track, at least half a second apart.", 120, 1, 1000)
NUMBERS = Choice(
    "numbers", "`windows`: with the embedding of each window, not of the whole alone.", ("whole", "windows")
)


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("map", __name__)
    which = model_choice(services)

    @routes.get("/api/map")
    @operation(
        "The map of known tracks: GTZAN's training list by what the network makes of it.",
        {200: Body("The map", MapMessage)},
        queries=(which,),
        problems=(404, 422),
    )
    def whole_map() -> Response:
        return jsonify(known_map(services.models.scorer(which.read())))

    @routes.get("/api/tracks/<identity>/embedding")
    @operation(
        "Where a track lies on the map, what it sounds like, and the network's last description of it in numbers.",
        {200: Body("The track on the map", EmbeddingMessage)},
        queries=(MOST_WINDOWS, NUMBERS, which),
        problems=(404, 422, 503),
    )
    def place(identity: str) -> Response:
        most, numbers = int(MOST_WINDOWS.read()), NUMBERS.read() or "whole"
        if numbers not in NUMBERS.values:
            raise ParameterError(f"The parameter numbers is {numbers[:40]!r}; use whole or windows.")
        record = services.library.find(identity, visitors.known_visitor())
        scorer = services.models.scorer(which.read())
        # What is kept of it must not outlive the map, nor the index of names.
        of = f"m{scorer.classifier.card.short_hash}-{scorer.atlas.tag}-{len(known_recordings())}-{most}-{numbers}"
        return drawn(
            record,
            of,
            lambda: embedding(services.sounds, record, scorer, most, has_numbers=numbers == "windows"),
        )

    return routes
