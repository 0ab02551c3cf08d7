"""Listening live: the door beside the tracks, the choice of what to listen to, and the bar while it listens."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component


def door() -> Component:
    """Build the button that opens the choice."""
    return html.Div(
        html.Button(
            html.Span(
                [
                    html.Span("Listen", className="tile-name"),
                    html.Span("live", className="tile-about"),
                ],
                className="tile-text",
            ),
            id="listen-button",
            className="tile-button",
            **{"type": "button", "aria-haspopup": "dialog"},
        ),
        className="tile listen-door",
    )


def choice(*, has_radio: bool) -> Component:
    """Build the choice of what to listen to; `assets/live/live.mjs` opens it."""
    microphone = html.Div(
        [
            html.Button("Microphone", id="listen-microphone", className="text-button", **{"type": "button"}),
            html.Label(
                [html.Span("Input "), html.Span(id="live-device-mount", className="live-device")], className="words"
            ),
        ],
        className="listen-choice",
    )
    shared = html.Button(
        "Sound of a tab or the system", id="listen-shared", className="text-button", **{"type": "button"}
    )
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2("Listen to", id="listen-title"),
                    html.Button(
                        id="listen-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": "Close", "data-icon": "close"},
                    ),
                ],
                className="dialog-head",
            ),
            html.Div(
                [microphone, html.Div(shared, className="listen-choice"), *([_radio()] * has_radio)],
                className="listen-choices",
            ),
            html.P(id="listen-words", className="listen-words", role="alert"),
            html.P(
                "The sound goes to this page's own server, which keeps it as a track of yours until you remove it.",
                className="words",
            ),
        ],
        id="listen",
        className="help",
        **{"aria-labelledby": "listen-title"},
    )


def _radio() -> Component:
    """Build the place for a station's address; `assets/live/radio.mjs` puts the input in."""
    return html.Form(
        [
            html.Div(
                [
                    html.Span(id="radio-mount", className="radio-mount"),
                    html.Button("Listen", id="radio-start", className="text-button", **{"type": "submit"}),
                ],
                className="listen-choice",
            ),
            html.P(
                "A radio station: the address of its stream (MP3, AAC, Ogg, Opus, FLAC) or playlist (M3U, PLS). This "
                "page's server fetches it and plays it to you.",
                className="words",
            ),
        ],
        id="listen-radio",
        className="listen-form",
    )


def bar() -> Component:
    """Build what stands in the player's place while it listens."""
    return html.Section(
        [
            html.Button(
                id="live-stop",
                className="live-stop",
                **{"type": "button", "aria-label": "Stop listening", "data-icon": "stop"},
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span(id="live-title", className="live-title"),
                            html.Span("0:00.0", id="live-time", className="time"),
                            html.Span(id="live-playing", className="live-playing"),
                            html.Span(id="live-words", className="words", role="status"),
                        ],
                        className="live-line",
                    ),
                    html.Div(html.Span(), id="live-meter", className="live-meter", **{"aria-hidden": "true"}),
                ]
            ),
            html.Div(id="live-volume", className="live-volume slider-mount"),
            html.Button(
                [html.Span(className="switch-knob"), html.Span("Whole")],
                id="live-whole",
                className="switch",
                role="switch",
                title="Show all that was heard, not only the last five minutes",
                **{"type": "button", "aria-checked": "false"},
            ),
        ],
        id="live",
        className="live-bar",
        hidden=True,
        **{"aria-label": "Listening"},
    )
