"""The map: known tracks by what the network makes of them, the playing track among them, and what it sounds like."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts


def panel(text: Texts) -> Component:
    """Build the panel; `assets/panels/map.mjs` draws it."""
    return html.Div(
        [
            html.Div(id="map-picture", className="map-picture"),
            html.Div(
                [
                    html.H3(text("map.moment")),
                    html.Ol(id="map-moment", className="alike"),
                    html.H3(text("map.whole")),
                    html.Ol(id="map-whole", className="alike"),
                    html.P(id="map-words", className="words"),
                ],
                className="map-words",
            ),
        ],
        className="track-map",
    )
