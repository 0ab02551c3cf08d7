"""What the network hears: now (lead and bars), and the track so far and whole (table)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.theme import genre_colours, genre_label

_LONGEST_IN_LARGE_TYPE: Final = 9  # characters, as in "Classical"
_LONGEST_IN_MIDDLE_TYPE: Final = 13


def now(genres: Sequence[str], title: str, *, is_compared: bool) -> Component:
    """Build the panel of the window just heard.

    Parameters
    ----------
    genres : sequence of str
        The model's outputs; the bars keep their order.
    title : str
        The model's, for people.
    is_compared : bool
        Whether a second model may be chosen; without one there is nothing to choose.

    Returns
    -------
    Component
        The panel; `assets/panels/now.mjs` moves it.
    """
    colours = genre_colours(genres)
    labels = {genre: genre_label(genre) for genre in genres}
    longest = max(map(len, labels.values()))
    bars = [_bar_row(genre, labels[genre], colours[genre], is_compared=is_compared) for genre in genres]
    return html.Section(
        [
            html.Div([html.H2("Now"), _compare(title)], className="now-head") if is_compared else html.H2("Now"),
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
                    *([_second()] * is_compared),
                ],
                className="lead-block",
            ),
            html.Ul(
                bars,
                id="bars",
                className="bars",
                style={"--longest-label": f"{longest + 1}ch"} if longest > _LONGEST_IN_LARGE_TYPE else {},
                **{"aria-label": "Score of each genre in this window"},
            ),
        ],
        id="now",
        className="now"
        + " long-names" * (longest > _LONGEST_IN_LARGE_TYPE)
        + " longest-names" * (longest > _LONGEST_IN_MIDDLE_TYPE),
        **{"aria-label": "Now", "data-state": "loading"},
    )


def overall(*, is_compared: bool) -> Component:
    """Build the panel of the track so far and whole; `assets/panels/summary.mjs` fills and sorts the table.

    Parameters
    ----------
    is_compared : bool
        Whether a second model may be chosen.

    Returns
    -------
    Component
        The panel.
    """
    return html.Section(
        [
            html.H2("The track"),
            html.P("\u00a0", id="overall-words", className="words"),
            *([html.P("\u00a0", id="second-overall-words", className="words", hidden=True)] * is_compared),
            html.Div(id="overall-table", className="overall-table"),
        ],
        id="overall",
        className="overall",
        **{"aria-label": "The track so far and whole"},
    )


def _key(which: str, *children: Component | str) -> Component:
    """Build what tells whose bar is whose: a thick one for the model, a thin one for the second."""
    mark = html.Span(className=f"key {which}-key", **{"aria-hidden": "true"})
    return html.Span([mark, *children], className="keyed")


def _compare(title: str) -> Component:
    """Build the place of the choice of a second model (`assets/panels/compare.mjs`); once one is chosen, the legend."""
    return html.Div(
        [
            html.Span(_key("first", html.Span(title)), className="legend", hidden=True, id="legend"),
            html.Label(
                [
                    html.Span("Compare with", className="compare-words"),
                    html.Span(className="key second-key", **{"aria-hidden": "true"}),
                    html.Span(id="compare", className="compare-mount"),
                ],
                className="compare-label",
            ),
        ],
        className="compare",
    )


def _second() -> Component:
    """Build the second model's word on the moment; `assets/panels/second.mjs` fills it."""
    return html.Div(
        [
            html.P(_key("second", html.Span(id="second-name")), className="second-name"),
            html.P(
                [html.Span("\u00a0", id="second-lead"), html.Span(id="second-value", className="second-value")],
                className="second-line",
            ),
            html.P("\u00a0", id="second-heard", className="words"),
            html.P(id="second-words", className="words"),
        ],
        id="second",
        className="second",
        hidden=True,
        **{"data-state": "loading"},
    )


def _bar_row(genre: str, label: str, colour: str, *, is_compared: bool) -> Component:
    def track(*kind: str) -> Component:
        bar = html.Span(className="bar", style={"backgroundColor": colour})
        return html.Span(bar, className=" ".join(("bar-track", *kind)))

    cells = [html.Span(label, className="bar-label", title=label), track(), html.Span("\u2013", className="bar-value")]
    if is_compared:
        cells += [track("of-second"), html.Span("\u2013", className="bar-value of-second")]
    return html.Li(cells, className="bar-row", **{"data-genre": genre})
