"""Links of the contract (OpenAPI): where an id that one answer gives can be asked about, so that programs find it."""

from __future__ import annotations

from typing import Any, Final

_LISTED: Final = ("/api/tracks", "get", "200", "$response.body#/tracks/0/id")
_ADDED: Final = ("/api/tracks", "post", "201", "$response.body#/id")
_NAME: Final = "identity"


def add_links(paths: dict[str, dict[str, Any]]) -> None:
    """Link the answers that give the id of a track to all that can be asked about one.

    Parameters
    ----------
    paths : dict
        Of an OpenAPI document; a listed track may only be read, one's own may be changed, too.
    """
    about = [
        (method, described["operationId"])
        for path, methods in paths.items()
        if f"{{{_NAME}}}" in path
        for method, described in methods.items()
    ]
    for path, method, status, where in (_LISTED, _ADDED):
        links = {
            identifier: {"operationId": identifier, "parameters": {_NAME: where}}
            for verb, identifier in about
            if method == "post" or verb == "get"
        }
        paths[path][method]["responses"][status]["links"] = links
