"""The player: buttons and sliders around the one native audio element. `assets/player/player.mjs` works them."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component


def player() -> Component:
    """Build the player."""
    return html.Section(
        [
            html.Button(
                id="play",
                className="play",
                disabled=True,
                **{"type": "button", "aria-label": "Play", "data-icon": "play", "aria-keyshortcuts": "Space"},
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span(id="track-titles", className="track-titles"),
                            html.Span(id="player-message", className="player-message", role="alert"),
                        ],
                        className="player-title",
                    ),
                    html.Div(
                        [
                            html.Span("0:00.0", id="elapsed", className="time"),
                            html.Div(id="seek", className="slider-mount"),
                            html.Span("0:00", id="duration", className="time"),
                        ],
                        className="player-seek",
                    ),
                ],
                className="player-middle",
            ),
            html.Div(id="speed", className="speed"),
            html.Div(
                [
                    html.Button(
                        id="mute",
                        className="icon-button",
                        **{"type": "button", "aria-label": "Mute", "aria-pressed": "false", "data-icon": "volume"},
                    ),
                    html.Div(id="volume", className="slider-mount"),
                ],
                className="volume",
            ),
        ],
        id="player",
        className="player",
        tabIndex=-1,
        **{"aria-label": "Player"},
    )
