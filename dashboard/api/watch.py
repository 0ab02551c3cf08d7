"""What those who run the service ask: whether it is ready, and its figures."""

from __future__ import annotations

from typing import Literal, TypedDict

from flask import Blueprint, Response, jsonify

from dashboard.api.openapi import Body, operation
from dashboard.services import Services
from dashboard.watching.metrics import CONTENT_TYPE


class Ready(TypedDict):
    """Whether everything works: `checks` names each part, with ``ok`` or what is wrong with it."""

    status: Literal["ready", "not ready"]
    checks: dict[str, str]


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("watch", __name__)

    @routes.get("/ready")
    @operation(
        "Whether all works: the model is loaded, the disk has room, what workers share answers.",
        {200: Body("Ready", Ready), 503: Body("Not ready, and why", Ready)},
    )
    def ready() -> Response:
        checks = services.checks()
        is_ready = all(found == "ok" for found in checks.values())
        response = jsonify(Ready(status="ready" if is_ready else "not ready", checks=checks))
        if not is_ready:
            response.status_code = 503
            response.headers["Retry-After"] = "5"
        return response

    @routes.get("/metrics")
    @operation("Figures for Prometheus, of all workers.", {200: Body("Figures", str, "text/plain")})
    def metrics() -> Response:
        return Response(services.metrics.text(), content_type=CONTENT_TYPE)

    return routes
