"""The contract in OpenAPI 3.1, generated from what is declared beside each view."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from dashboard.api.links import add_links
from dashboard.api.problems import KINDS, TYPE_PREFIX, Problem
from dashboard.api.schema import Schemas, schema_of
from dashboard.library.record import ID
from model.errors import ParameterError

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE: Final = "__operation__"
_BINARY: Final = {"type": "string", "contentMediaType": "application/octet-stream"}


@dataclass(frozen=True)
class Query:
    """A numeric parameter in a query: read and documented from one declaration.

    Attributes
    ----------
    name : str
        As in the URL.
    description : str
        For people.
    default, low, high : float
        Value when absent, and the range. All whole numbers make it an integer.
    """

    name: str
    description: str
    default: float
    low: float
    high: float

    def read(self) -> float:
        """Read it from the request at hand.

        Returns
        -------
        float
            Within the range; an int if the parameter is one.

        Raises
        ------
        ParameterError
            If it is not such a number.
        """
        text = request.args.get(self.name)
        if text is None:
            return self.default
        kind = int if self.is_integer else float
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not self.low <= value <= self.high:
            number = "a whole number" if self.is_integer else "a number"
            raise ParameterError(
                f"The parameter {self.name} is {text[:40]!r}; use {number} from {self.low} to {self.high}."
            )
        return value

    @property
    def is_integer(self) -> bool:
        """Whether only whole numbers will do."""
        return all(isinstance(value, int) for value in (self.default, self.low, self.high))

    def document(self) -> dict[str, Any]:
        """Describe it in OpenAPI."""
        schema = {
            "type": "integer" if self.is_integer else "number",
            "minimum": self.low,
            "maximum": self.high,
            "default": self.default,
        }
        return {"name": self.name, "in": "query", "description": self.description, "schema": schema}


@dataclass(frozen=True)
class Choice:
    """A parameter in a query that is one of some names; who reads it refuses the others.

    Attributes
    ----------
    name : str
        As in the URL.
    description : str
        For people.
    values : tuple of str
        The names; the first is meant when it is absent.
    is_first_default : bool
        False where its absence means something else, which the description says.
    """

    name: str
    description: str
    values: tuple[str, ...]
    is_first_default: bool = True

    def read(self) -> str | None:
        """Read it from the request at hand; None when absent."""
        return request.args.get(self.name)

    def document(self) -> dict[str, Any]:
        """Describe it in OpenAPI."""
        schema: dict[str, Any] = {"type": "string", "enum": list(self.values)}
        if self.is_first_default:
            schema["default"] = self.values[0]
        return {"name": self.name, "in": "query", "description": self.description, "schema": schema}


@dataclass(frozen=True)
class Body:
    """What a response carries, or none.

    Attributes
    ----------
    description : str
        For people.
    kind : type, optional
        Type of the JSON.
    media_type : str
        Of the body.
    """

    description: str
    kind: Any = None
    media_type: str = "application/json"

    def document(self, named: Schemas) -> dict[str, Any]:
        """Describe it in OpenAPI."""
        if self.kind is None:
            return {"description": self.description}
        schema = dict(_BINARY) if self.kind is bytes else schema_of(self.kind, named)
        return {"description": self.description, "content": {self.media_type: {"schema": schema}}}


@dataclass(frozen=True)
class Operation:
    """What is declared of a view."""

    summary: str
    responses: Mapping[int, Body]
    queries: tuple[Query | Choice, ...] = ()
    problems: tuple[int, ...] = ()
    request_types: tuple[str, ...] = field(default=())
    takes: Any = None

    def document(self, path_names: list[str], named: Schemas) -> dict[str, Any]:
        """Describe it in OpenAPI."""
        parameters = [_path_parameter(name) for name in path_names] + [query.document() for query in self.queries]
        responses = {str(status): body.document(named) for status, body in self.responses.items()}
        for status in self.problems:
            problem = Body("A problem (RFC 9457)", Problem, "application/problem+json")
            responses[str(status)] = problem.document(named)
        described: dict[str, Any] = {"summary": self.summary, "responses": responses}
        if parameters:
            described["parameters"] = parameters
        if self.request_types:
            described["requestBody"] = {"required": True, "content": _request_content(self.request_types)}
        if self.takes:
            content = {"application/json": {"schema": schema_of(self.takes, named)}}
            described["requestBody"] = {"required": True, "content": content}
        return described


def operation(
    summary: str,
    responses: Mapping[int, Body],
    *,
    queries: tuple[Query | Choice, ...] = (),
    problems: tuple[int, ...] = (),
    request_types: tuple[str, ...] = (),
    takes: Any = None,
) -> Callable[[View], View]:
    """Declare what a view does; `document` finds it.

    Parameters
    ----------
    summary : str
        One line.
    responses : mapping of int to Body
        What it answers.
    queries : tuple of Query or Choice
        Its parameters in the query.
    problems : tuple of int
        Statuses of the problems it may report.
    request_types : tuple of str
        Media types of the body it takes, of a file.
    takes : type, optional
        Type of the JSON it takes instead.

    Returns
    -------
    callable
        A decorator that leaves the view as it is.
    """

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, Operation(summary, responses, queries, problems, request_types, takes))
        return view

    return declare


def document(server: Flask, version: str) -> dict[str, Any]:
    """Generate the contract of an app.

    Parameters
    ----------
    server : Flask
        The app.
    version : str
        Of the model and so of the answers.

    Returns
    -------
    dict
        An OpenAPI 3.1 document.
    """
    named: Schemas = {}
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(server.url_map.iter_rules(), key=lambda rule: rule.rule):
        declared: Operation | None = getattr(server.view_functions[rule.endpoint], _ATTRIBUTE, None)
        if declared is None:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        names = re.findall(r"{(\w+)}", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            described = declared.document(names, named)
            described["operationId"] = rule.endpoint.replace(".", "_")
            paths.setdefault(path, {})[method.lower()] = described
    add_links(paths)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Live Genre Dashboard",
            "version": version,
            "description": "What a neural network hears in music: genre posteriors, window by window.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": dict(sorted(named.items()))},
    }


def register(server: Flask, version: str) -> None:
    """Add the routes of the contract itself, and of what its problems mean.

    Parameters
    ----------
    server : Flask
        The app.
    version : str
        Of the model and so of the answers.
    """
    routes = Blueprint("openapi", __name__)

    @routes.get("/openapi.json")
    @operation("This contract.", {200: Body("OpenAPI 3.1", dict[str, Any])})
    def contract() -> Response:
        return jsonify(document(current_app, version))

    @server.get(TYPE_PREFIX + "<slug>")
    @operation("What a type of problem means.", {200: Body("The kind", dict[str, Any])}, problems=(404,))
    def problem_kind(slug: str) -> Response:
        for error, kind in KINDS.items():
            if kind.slug == slug:
                about = (error.__doc__ or "").strip()
                return jsonify(type=TYPE_PREFIX + slug, title=kind.title, status=kind.status, about=about)
        raise NotFound(f"There is no kind of problem called {slug[:40]}.")

    server.register_blueprint(routes)


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{ID.pattern}$"} if name == "identity" else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _request_content(types: tuple[str, ...]) -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {"file": {**_BINARY, "description": "The audio file"}},
        "required": ["file"],
    }
    return {type_: {"schema": form if type_.startswith("multipart/") else dict(_BINARY)} for type_ in types}
