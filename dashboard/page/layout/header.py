"""The top of the page: its name, the tracks to choose from, the theme switch and the help button."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.layout import live
from dashboard.page.texts import Texts
from dashboard.page.words import upload_words
from model.audio.limits import Limits

N_SAMPLES = 4
"""Placeholders while the list of tracks is on its way."""


def header(text: Texts, *, is_live: bool) -> Component:
    """Build the header; `assets/player/library.mjs` fills in the tracks.

    Parameters
    ----------
    text : Texts
        Of the language.
    is_live : bool
        Whether one may listen live.

    Returns
    -------
    Component
        The header.
    """
    skeletons = [html.Div(className="tile skeleton") for _ in range(N_SAMPLES)]
    return html.Header(
        [
            html.Div(
                [html.H1(text("page.name")), html.P(text("header.tagline"), className="tagline")], className="brand"
            ),
            html.Nav(
                [
                    html.Div(html.Div(skeletons, className="tiles"), id="samples", className="samples"),
                    html.Div(
                        [
                            html.Div(id="own-mount"),
                            html.Div(id="add", className="tile add"),
                            *([live.door(text)] * is_live),
                        ],
                        className="own-tools",
                    ),
                    html.Div(id="upload-message", className="bubble", hidden=True, role="alert"),
                ],
                className="tracks",
                **{"aria-label": text("header.tracks")},
            ),
            html.Div(
                [
                    html.Button(
                        id="help-button",
                        className="icon-button",
                        title=text("header.help_hint"),
                        **{"type": "button", "aria-label": text("header.help"), "data-icon": "help"},
                    ),
                    html.Button(
                        id="theme-button",
                        className="icon-button",
                        title=text("header.theme_hint"),
                        **{
                            "type": "button",
                            "aria-label": text("header.theme"),
                            "aria-pressed": "false",
                            "data-icon": "theme",
                        },
                    ),
                ],
                className="tools",
            ),
        ],
        className="top",
    )


def own_tracks(text: Texts) -> Component:
    """Build the list of a visitor's own tracks; `assets/player/own.mjs` opens, fills and searches it."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(text("own.title"), id="own-title"),
                    html.Button(
                        id="own-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": text("common.close"), "data-icon": "close"},
                    ),
                ],
                className="dialog-head",
            ),
            html.Div(id="own-search", className="own-search", hidden=True),
            html.Div(
                [
                    html.Section(
                        html.Ul(id="queue-list", className="queue-list"),
                        id="queue",
                        className="queue",
                        hidden=True,
                        **{"aria-label": text("own.being_added")},
                    ),
                    html.Ul(id="uploads", className="own-list"),
                ],
                className="own-lists",
            ),
            html.Div(
                [
                    html.P(text("own.private"), className="words"),
                    html.Button(text("own.add_folder"), id="add-folder", className="text-button", type="button"),
                ],
                className="own-foot",
            ),
        ],
        id="own",
        className="own-panel",
        hidden=True,
        tabIndex=-1,
        **{"aria-labelledby": "own-title"},
    )


def drop_target(text: Texts, limits: Limits) -> Component:
    """Build what covers the page while a file is dragged over it.

    Parameters
    ----------
    text : Texts
        Of the language.
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
                html.Strong(text("own.drop")),
                html.Span(upload_words(text, limits)),
            ],
            className="drop-words",
        ),
        id="drop",
        className="drop",
        hidden=True,
    )
