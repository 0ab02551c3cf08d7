"""The live socket's contract in AsyncAPI 3.0, generated from the types of its messages."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, jsonify

from dashboard.api import live_messages as wire
from dashboard.api.openapi import Body, operation
from dashboard.api.schema import Schemas, schema_of

_SOUND: Final = {
    "name": "sound",
    "title": "Sound: 16-bit little-endian mono PCM at the hello's rate, cut anywhere",
    "contentType": "application/octet-stream",
    "payload": {"type": "string", "format": "binary"},
}
_STATION_SOUND: Final = {
    "name": "station sound",
    "title": "A radio station's sound: 16-bit little-endian PCM in the form that the header's station tells",
    "contentType": "application/octet-stream",
    "payload": {"type": "string", "format": "binary"},
}
_CLOSE_CODES: Final = (
    "Close codes: 1000 at the end, 1001 when the service stops, 1008 for what cannot be used, 1011 for what went wrong "
    "here, 1013 where there is no room (come back later); the reason is in words."
)


def document(version: str) -> dict[str, Any]:
    """Generate the contract.

    Parameters
    ----------
    version : str
        Of the program.

    Returns
    -------
    dict
        An AsyncAPI 3.0 document.
    """
    named: Schemas = {}
    received = {kind.__name__: _message(kind, named) for kind in wire.FROM_LISTENER}
    sent = {kind.__name__: _message(kind, named) for kind in wire.TO_LISTENER}
    messages = {**received, "Sound": _SOUND, **sent, "StationSound": _STATION_SOUND}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Live Genre Dashboard, live",
            "version": version,
            "description": f"{(wire.__doc__ or '').strip()}\n\n{_CLOSE_CODES}",
        },
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/api/live",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            "listen": _operation("receive", "A listener sends sound.", [*received, "Sound"]),
            "tell": _operation("send", "It is told what the network hears.", [*sent, "StationSound"]),
        },
        "components": {"messages": messages, "schemas": dict(sorted(named.items()))},
    }


def blueprint(version: str) -> Blueprint:
    """Build the route of the contract itself."""
    routes = Blueprint("asyncapi", __name__)

    @routes.get("/asyncapi.json")
    @operation("The contract of the live socket.", {200: Body("AsyncAPI 3.0", dict[str, Any])})
    def contract() -> Response:
        return jsonify(document(version))

    return routes


def _message(kind: type, named: Schemas) -> dict[str, Any]:
    payload = schema_of(kind, named)
    about = (kind.__doc__ or "").strip().partition("\n")[0]
    return {"name": kind.__name__, "title": about, "contentType": "application/json", "payload": payload}


def _operation(action: str, summary: str, names: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/live"},
        "messages": [{"$ref": f"#/channels/live/messages/{name}"} for name in names],
    }
