"""A tree of Dash components written as HTML, so that the page is there at once and needs no React to build it.

Dash sends its layout as JSON to a megabyte of scripts that build it in the browser. This page has no callbacks: what
moves on it is moved by modules of its own, so that the layout can as well be written once, on the server.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any, Final

from dash.development.base_component import Component

_VOID: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_ATTRIBUTES: Final = {"className": "class", "htmlFor": "for"}


def written(part: Any) -> str:
    """Write a component and all within it.

    Parameters
    ----------
    part : Component, str, number, list of these or None
        Of ``dash.html``, or a ``dcc.Graph``, which becomes an empty element with its figure and options as JSON in
        ``data-figure`` and ``data-options``; `assets/pictures/plots.mjs` draws it.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TypeError
        If a component is neither.
    """
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(written(each) for each in part)
    if not isinstance(part, Component):
        return escape(str(part), quote=False)
    described = part.to_plotly_json()
    kind, properties = described["type"], dict(described["props"])
    if described["namespace"] == "dash_core_components" and kind == "Graph":
        return _graph(properties)
    if described["namespace"] != "dash_html_components":
        raise TypeError(f"{described['namespace']}.{kind} needs Dash's own scripts; use dash.html or dcc.Graph.")
    tag = kind.lower()
    children = properties.pop("children", None)
    start = f"<{tag}{''.join(_attribute(name, value) for name, value in properties.items())}>"
    return start if tag in _VOID else f"{start}{written(children)}</{tag}>"


def _graph(properties: dict[str, Any]) -> str:
    data = {"data-figure": properties["figure"], "data-options": properties["config"]}
    shown: dict[str, Any] = {name: properties.get(name) for name in ("id", "className")}
    shown |= {name: json.dumps(value, separators=(",", ":")) for name, value in data.items()}
    return f'<div{"".join(_attribute(*each) for each in shown.items())}><div class="graph"></div></div>'


def _attribute(name: str, value: Any) -> str:
    name = _ATTRIBUTES.get(name, name if "-" in name else name.lower())
    if name == "style":
        value = ";".join(f"{_css_name(each)}:{setting}" for each, setting in value.items())
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = escape(str(value), quote=False)
    # JSON is full of double quotes: a pair of single ones around it leaves it readable, and half as long.
    return f" {name}='{text.replace(chr(39), '&#39;')}'" if '"' in text else f' {name}="{text}"'


def _css_name(name: str) -> str:
    return name if name.startswith("--") else re.sub("[A-Z]", lambda letter: "-" + letter[0].lower(), name)
