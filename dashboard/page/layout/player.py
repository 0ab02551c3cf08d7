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
                    html.Ul(
                        id="track-warnings",
                        className="track-warnings",
                        hidden=True,
                        **{"aria-label": "About this file"},
                    ),
                ],
                className="player-middle",
            ),
            html.Button(
                id="plays-on",
                className="icon-button plays-on",
                title="At its end, play the next track",
                **{
                    "type": "button",
                    "aria-label": "At its end, play the next track",
                    "aria-pressed": "false",
                    "data-icon": "next",
                },
            ),
            html.Div(id="speed", className="speed"),
            html.Button(
                [
                    html.Span(className="switch-knob"),
                    html.Span("As the network hears it", className="as-heard-words"),
                ],
                id="as-heard",
                className="switch as-heard",
                disabled=True,
                role="switch",
                title="As the network hears it: one channel, no treble above 11 kHz",
                **{"type": "button", "aria-checked": "false", "aria-label": "As the network hears it"},
            ),
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
