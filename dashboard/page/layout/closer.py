"""A closer look: the door beside the stage's switches, and the panel with its tabs, seen only by those who open it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.layout import in_words, track_map, what_if

TABS: Final = (("words", "In words"), ("what-if", "What if"), ("map", "Map"))


def door() -> Component:
    """Build the button that opens it."""
    return html.Button(
        "Look closer",
        id="closer-button",
        className="closer-door",
        title="The sound in musicians' words, changed by knobs, and on a map of genres",
        **{"type": "button", "aria-expanded": "false", "aria-controls": "closer"},
    )


def section(genres: Sequence[str], *, has_map: bool) -> Component:
    """Build the panel; `assets/panels/closer.mjs` opens it and remembers.

    Parameters
    ----------
    genres : sequence of str
        The model's outputs.
    has_map : bool
        Whether the model has a map of known tracks.

    Returns
    -------
    Component
        A tab for each look, one of which is shown.
    """
    bodies = {"words": in_words.panel(genres), "what-if": what_if.panel(genres), "map": track_map.panel()}
    tabs = [(name, label) for name, label in TABS if name != "map" or has_map]
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [_tab(name, label) for name, label in tabs],
                        className="closer-tabs",
                        role="tablist",
                        **{"aria-label": "A closer look"},
                    ),
                    html.Button(
                        id="closer-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": "Close the closer look", "data-icon": "close"},
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
                for name, _ in tabs
            ),
        ],
        id="closer",
        className="closer",
        hidden=True,
        **{"aria-label": "A closer look"},
    )


def _tab(name: str, label: str) -> Component:
    return html.Button(
        label,
        id=f"tab-{name}",
        className="closer-tab",
        role="tab",
        **{"type": "button", "data-look": name, "aria-selected": "false", "aria-controls": f"look-{name}"},
    )
