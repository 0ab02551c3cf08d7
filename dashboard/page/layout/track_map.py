"""The map: known tracks by what the network makes of them, the playing track among them, and what it sounds like."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component


def panel() -> Component:
    """Build the panel; `assets/panels/map.mjs` draws it."""
    return html.Div(
        [
            html.Div(id="map-picture", className="map-picture"),
            html.Div(
                [
                    html.H3("This moment sounds like"),
                    html.Ol(id="map-moment", className="alike"),
                    html.H3("The whole track sounds like"),
                    html.Ol(id="map-whole", className="alike"),
                    html.P(id="map-words", className="words"),
                ],
                className="map-words",
            ),
        ],
        className="track-map",
    )
