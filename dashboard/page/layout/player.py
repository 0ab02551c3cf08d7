"""The player: buttons and sliders around the one native audio element. `assets/player/player.mjs` works them."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts


def player(text: Texts) -> Component:
    """Build the player."""
    return html.Section(
        [
            html.Button(
                id="play",
                className="play",
                disabled=True,
                **{
                    "type": "button",
                    "aria-label": text("player.play"),
                    "data-icon": "play",
                    "aria-keyshortcuts": "Space",
                },
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
                            html.Span(f"0:00{text('number.decimal_mark')}0", id="elapsed", className="time"),
                            html.Div(id="seek", className="slider-mount"),
                            html.Span("0:00", id="duration", className="time"),
                        ],
                        className="player-seek",
                    ),
                    html.Ul(
                        id="track-warnings",
                        className="track-warnings",
                        hidden=True,
                        **{"aria-label": text("player.about_file")},
                    ),
                ],
                className="player-middle",
            ),
            html.Button(
                id="plays-on",
                className="icon-button plays-on",
                title=text("player.plays_on"),
                **{
                    "type": "button",
                    "aria-label": text("player.plays_on"),
                    "aria-pressed": "false",
                    "data-icon": "next",
                },
            ),
            html.Div(id="speed", className="speed"),
            html.Button(
                [
                    html.Span(className="switch-knob"),
                    html.Span(text("player.as_heard"), className="as-heard-words"),
                ],
                id="as-heard",
                className="switch as-heard",
                disabled=True,
                role="switch",
                title=text("player.as_heard_hint"),
                **{"type": "button", "aria-checked": "false", "aria-label": text("player.as_heard")},
            ),
            html.Div(
                [
                    html.Button(
                        id="mute",
                        className="icon-button",
                        **{
                            "type": "button",
                            "aria-label": text("player.mute"),
                            "aria-pressed": "false",
                            "data-icon": "volume",
                        },
                    ),
                    html.Div(id="volume", className="slider-mount"),
                ],
                className="volume",
            ),
        ],
        id="player",
        className="player",
        tabIndex=-1,
        **{"aria-label": text("player.label")},
    )
