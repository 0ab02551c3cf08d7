"""A closer look: the door beside the stage's switches, and the panel with its tabs, seen only by those who open it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.layout import in_words, track_map, what_if
from dashboard.page.texts import Texts

TABS: Final = ("words", "what-if", "map")


def door(text: Texts) -> Component:
    """Build the button that opens it."""
    return html.Button(
        text("closer.door"),
        id="closer-button",
        className="closer-door",
        title=text("closer.door_hint"),
        **{"type": "button", "aria-expanded": "false", "aria-controls": "closer"},
    )


def section(text: Texts, genres: Sequence[str], *, has_map: bool) -> Component:
    """Build the panel; `assets/panels/closer.mjs` opens it and remembers.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs.
    has_map : bool
        Whether the model has a map of known tracks.

    Returns
    -------
    Component
        A tab for each look, one of which is shown.
    """
    bodies = {
        "words": in_words.panel(text, genres),
        "what-if": what_if.panel(text, genres),
        "map": track_map.panel(text),
    }
    tabs = [name for name in TABS if name != "map" or has_map]
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [_tab(text, name) for name in tabs],
                        className="closer-tabs",
                        role="tablist",
                        **{"aria-label": text("closer.label")},
                    ),
                    html.Button(
                        id="closer-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": text("closer.close"), "data-icon": "close"},
                    ),
                ],
                className="closer-head",
            ),
            *(
                html.Div(
                    [
                        bodies[name],
                        html.P(id=f"{name}-problem", className="closer-problem", role="status", hidden=True),
                    ],
                    id=f"look-{name}",
                    className="look",
                    role="tabpanel",
                    hidden=True,
                    **{"aria-labelledby": f"tab-{name}"},
                )
                for name in tabs
            ),
        ],
        id="closer",
        className="closer",
        hidden=True,
        **{"aria-label": text("closer.label")},
    )


def _tab(text: Texts, name: str) -> Component:
    return html.Button(
        text(f"closer.tab.{name}"),
        id=f"tab-{name}",
        className="closer-tab",
        role="tab",
        **{"type": "button", "data-look": name, "aria-selected": "false", "aria-controls": f"look-{name}"},
    )
