"""What the network hears: now (lead and bars), and the track so far and whole (table)."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.theme import genre_colours, genre_label


def now(genres: Sequence[str]) -> Component:
    """Build the panel of the window just heard.

    Parameters
    ----------
    genres : sequence of str
        The model's outputs; the bars keep their order.

    Returns
    -------
    Component
        The panel; `assets/now.mjs` moves it.
    """
    colours = genre_colours(genres)
    bars = [
        html.Li(
            [
                html.Span(genre_label(genre), className="bar-label"),
                html.Span(html.Span(className="bar", style={"backgroundColor": colours[genre]}), className="bar-track"),
                html.Span("\u2013", className="bar-value"),
            ],
            className="bar-row",
            **{"data-genre": genre},
        )
        for genre in genres
    ]
    return html.Section(
        [
            html.H2("Now"),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span("\u00a0", id="lead", className="lead"),
                            html.Span(id="lead-value", className="lead-value"),
                            html.Span(id="ring", className="ring", hidden=True),
                        ],
                        className="lead-line",
                    ),
                    html.Div(className="lead-colour", id="lead-colour"),
                    html.P("\u00a0", id="heard", className="heard"),
                    html.P(id="now-words", className="words"),
                ],
                className="lead-block",
            ),
            html.Ul(bars, id="bars", className="bars", **{"aria-label": "Score of each genre in this window"}),
        ],
        id="now",
        className="now",
        **{"aria-label": "Now", "data-state": "loading"},
    )


def overall() -> Component:
    """Build the panel of the track so far and whole; `assets/summary.mjs` fills and sorts the table."""
    return html.Section(
        [
            html.H2("The track"),
            html.P("\u00a0", id="overall-words", className="words"),
            html.Div(id="overall-table", className="overall-table"),
        ],
        id="overall",
        className="overall",
        **{"aria-label": "The track so far and whole"},
    )
