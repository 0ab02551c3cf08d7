"""Why a track sounds like a genre, and how it sounds in words."""

from __future__ import annotations

from flask import Blueprint, Response

from dashboard.api import visitors
from dashboard.api.cached import drawn
from dashboard.api.openapi import Body, Choice, Query, operation
from dashboard.api.parameters import hop, model_choice
from dashboard.listening.explaining import ExplanationMessage, explanation
from dashboard.listening.strips import StripsMessage, strips
from dashboard.listening.wording import WordsMessage, words
from dashboard.services import Services
from model.explain import index_of

WINDOW = Query("window", "Number of the window, as in the scores.", 0, 0, 1_000_000)

MOST_WINDOWS = Query("n", "Most windows, evenly spread along the track, at least half a second apart.", 60, 1, 1000)


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("why", __name__, url_prefix="/api/tracks")
    which, how_far = model_choice(services), hop(services, 0.5)
    genres = dict.fromkeys(genre for model in services.models.served for genre in model.card.genres)
    about = Choice("genre", "Genre to ask about; the window's leading one without it.", tuple(genres), False)

    @routes.get("/<identity>/explanation")
    @operation(
        "Which moments and bands of a window speak for a genre, and which against it.",
        {200: Body("The explanation", ExplanationMessage)},
        queries=(WINDOW, about, how_far, which),
        problems=(404, 422, 503),
    )
    def explain(identity: str) -> Response:
        index, genre, hop_seconds = int(WINDOW.read()), about.read(), how_far.read()
        record = services.library.find(identity, visitors.known_visitor())
        scorer = services.models.scorer(which.read())
        card = scorer.classifier.card
        number = "" if genre is None else index_of(card, genre)
        of = f"e{card.short_hash}-{index}-{hop_seconds:g}-{number}"
        return drawn(record, of, lambda: explanation(services.sounds, record, scorer, index, genre, hop_seconds))

    @routes.get("/<identity>/words")
    @operation(
        "A window in musicians' words: what is measured of it, and where that lies among known tracks of each genre.",
        {200: Body("The words", WordsMessage)},
        queries=(WINDOW, how_far, which),
        problems=(404, 422, 503),
    )
    def in_words(identity: str) -> Response:
        index, hop_seconds = int(WINDOW.read()), how_far.read()
        record = services.library.find(identity, visitors.known_visitor())
        scorer = services.models.scorer(which.read())
        of = f"w{scorer.classifier.card.short_hash}-{index}-{hop_seconds:g}"
        return drawn(record, of, lambda: words(services.sounds, record, scorer, index, hop_seconds))

    @routes.get("/<identity>/strips")
    @operation(
        "What musicians' words are made of, measured all along a track.",
        {200: Body("The strips", StripsMessage)},
        queries=(MOST_WINDOWS, which),
        problems=(404, 422, 503),
    )
    def along(identity: str) -> Response:
        most = int(MOST_WINDOWS.read())
        record = services.library.find(identity, visitors.known_visitor())
        scorer = services.models.scorer(which.read())
        of = f"t{scorer.classifier.card.params.audio.window_samples}-{most}"
        return drawn(record, of, lambda: strips(services.sounds, record, scorer, most))

    return routes
