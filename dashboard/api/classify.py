"""An audio file in, what the network hears in it out. Nothing is kept."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from dashboard.api.bodies import FORM_TYPE, RAW_TYPES, intake_of
from dashboard.api.openapi import Body, operation
from dashboard.api.parameters import hop, model_choice
from dashboard.library.record import safe_title
from dashboard.library.turns import Turns
from dashboard.services import Services
from model.analyzer import Analyzer
from model.result import Classification, classify_blocks
from model.windows import BATCH_HOP_SECONDS


def blueprint(services: Services) -> Blueprint:
    """Build the route."""
    routes = Blueprint("classify", __name__)
    turns = Turns(services.settings.max_jobs)
    which, how_far = model_choice(services), hop(services, BATCH_HOP_SECONDS)

    @routes.post("/api/classify")
    @operation(
        "Classify an audio file: all probabilities, per window and overall.",
        {200: Body("What the network hears", Classification)},
        queries=(how_far, which),
        problems=(404, 408, 413, 415, 422, 503),
        request_types=(FORM_TYPE, *RAW_TYPES),
    )
    def classify() -> Response:
        scorer = services.models.scorer(which.read())
        analyzer = Analyzer(scorer, hop_seconds=how_far.read())
        with intake_of(current_app).receive(is_raw_welcome=True) as received, turns.take():
            name = safe_title(received.file_name) if received.file_name else "the audio"
            with services.sounds.open(received.path, name, params=analyzer.params) as decoding:
                result = classify_blocks(analyzer, decoding.blocks(), name=name, warnings=lambda: decoding.warnings)
        services.metrics.windows.labels("file").inc(len(result["windows"]))
        return jsonify(result)

    return routes
