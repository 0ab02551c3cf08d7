"""JSON schemas from the types of the messages, so that code and contract cannot differ."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}

Schemas = dict[str, dict[str, Any]]


def schema_of(kind: Any, named: Schemas) -> dict[str, Any]:
    """Describe a type as a JSON schema (2020-12).

    Parameters
    ----------
    kind : type
        A plain type, Literal, union, list, dict of str, or TypedDict of such.
    named : dict
        Gathers the schemas of TypedDicts by name.

    Returns
    -------
    dict
        The schema; TypedDicts are references.

    Raises
    ------
    TypeError
        If the type has no schema here.
    """
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if kind is Any:
        return {}
    if typing.is_typeddict(kind):
        return _reference(kind, named)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)} if len(arguments) > 1 else {"const": arguments[0]}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(argument, named) for argument in arguments]}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], named)}
    if origin is dict and arguments[0] is str:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], named)}
    raise TypeError(f"{kind!r} has no JSON schema; use plain types, Literal, unions, lists, dicts and TypedDicts.")


def _reference(kind: Any, named: Schemas) -> dict[str, Any]:
    name = kind.__name__
    if name not in named:
        named[name] = {}  # so that a type may contain itself
        hints = get_type_hints(kind)
        marked = get_type_hints(kind, include_extras=True)  # which `__required_keys__` does not see in a string
        named[name] |= {
            "type": "object",
            "description": (kind.__doc__ or "").strip().partition("\n")[0],
            "properties": {key: schema_of(hint, named) for key, hint in hints.items()},
            "required": sorted(key for key, hint in marked.items() if get_origin(hint) is not NotRequired),
        }
    return {"$ref": f"#/components/schemas/{name}"}
