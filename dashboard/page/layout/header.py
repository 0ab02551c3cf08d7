"""The top of the page: its name, the tracks to choose from, the theme switch and the help button."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.words import upload_words
from model.audio.limits import Limits

N_SAMPLES = 4
"""Placeholders while the list of tracks is on its way."""


def header() -> Component:
    """Build the header; `assets/player/library.mjs` fills in the tracks."""
    skeletons = [html.Div(className="tile skeleton") for _ in range(N_SAMPLES)]
    return html.Header(
        [
            html.H1("Live genre"),
            html.Nav(
                [
                    html.Div(html.Div(skeletons, className="tiles"), id="samples", className="samples"),
                    html.Div(
                        [
                            html.Div(id="add"),
                            html.Div(id="uploads", className="tiles", role="group", **{"aria-label": "Your tracks"}),
                        ],
                        className="uploads",
                    ),
                    html.Div(id="upload-message", className="bubble", hidden=True, role="alert"),
                ],
                className="tracks",
                **{"aria-label": "Tracks"},
            ),
            html.Div(
                [
                    html.Button(
                        id="help-button",
                        className="icon-button",
                        title="Keys and help (?)",
                        **{"type": "button", "aria-label": "Keys and help", "data-icon": "help"},
                    ),
                    html.Button(
                        id="theme-button",
                        className="icon-button",
                        title="Light or dark (T)",
                        **{"type": "button", "aria-label": "Dark theme", "data-icon": "theme"},
                    ),
                ],
                className="tools",
            ),
        ],
        className="top",
    )


def drop_target(limits: Limits) -> Component:
    """Build what covers the page while a file is dragged over it.

    Parameters
    ----------
    limits : Limits
        What an upload may be.

    Returns
    -------
    Component
        Formats and limits, told before the file is let go.
    """
    return html.Div(
        html.Div(
            [
                html.Strong("Drop it to hear what the network hears"),
                html.Span(upload_words(limits)),
            ],
            className="drop-words",
        ),
        id="drop",
        className="drop",
        hidden=True,
    )
