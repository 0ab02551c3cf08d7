"""Listening live: the door beside the tracks, the choice of what to listen to, and the bar while it listens."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts


def door(text: Texts) -> Component:
    """Build the button that opens the choice."""
    return html.Div(
        html.Button(
            html.Span(
                [
                    html.Span(text("listen.door"), className="tile-name"),
                    html.Span(text("listen.live"), className="tile-about"),
                ],
                className="tile-text",
            ),
            id="listen-button",
            className="tile-button",
            **{"type": "button", "aria-haspopup": "dialog"},
        ),
        className="tile listen-door",
    )


def choice(text: Texts, *, has_radio: bool) -> Component:
    """Build the choice of what to listen to; `assets/live/live.mjs` opens it."""
    microphone = html.Div(
        [
            html.Button(
                text("listen.microphone"), id="listen-microphone", className="text-button", **{"type": "button"}
            ),
            html.Label(
                [html.Span(f"{text('listen.input')} "), html.Span(id="live-device-mount", className="live-device")],
                className="words",
            ),
        ],
        className="listen-choice",
    )
    shared = html.Button(text("listen.shared"), id="listen-shared", className="text-button", **{"type": "button"})
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2(text("listen.title"), id="listen-title"),
                    html.Button(
                        id="listen-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": text("common.close"), "data-icon": "close"},
                    ),
                ],
                className="dialog-head",
            ),
            html.Div(
                [microphone, html.Div(shared, className="listen-choice"), *([_radio(text)] * has_radio)],
                className="listen-choices",
            ),
            html.P(id="listen-words", className="listen-words", role="alert"),
            html.P(
                text("listen.kept"),
                className="words",
            ),
        ],
        id="listen",
        className="help",
        **{"aria-labelledby": "listen-title"},
    )


def _radio(text: Texts) -> Component:
    """Build the place for a station's address; `assets/live/radio.mjs` puts the input in."""
    return html.Form(
        [
            html.Div(
                [
                    html.Span(id="radio-mount", className="radio-mount"),
                    html.Button(text("listen.start"), id="radio-start", className="text-button", **{"type": "submit"}),
                ],
                className="listen-choice",
            ),
            html.P(
                text("listen.radio_about"),
                className="words",
            ),
        ],
        id="listen-radio",
        className="listen-form",
    )


def bar(text: Texts) -> Component:
    """Build what stands in the player's place while it listens."""
    return html.Section(
        [
            html.Button(
                id="live-stop",
                className="live-stop",
                **{"type": "button", "aria-label": text("listen.stop"), "data-icon": "stop"},
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span(id="live-title", className="live-title"),
                            html.Span(f"0:00{text('number.decimal_mark')}0", id="live-time", className="time"),
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
                [html.Span(className="switch-knob"), html.Span(text("listen.whole"))],
                id="live-whole",
                className="switch",
                role="switch",
                title=text("listen.whole_hint"),
                **{"type": "button", "aria-checked": "false"},
            ),
        ],
        id="live",
        className="live-bar",
        hidden=True,
        **{"aria-label": text("listen.bar")},
    )
