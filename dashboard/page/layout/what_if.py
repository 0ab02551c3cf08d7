"""What if: knobs that change the sound, and its scores as it is and as it is changed."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts
from dashboard.page.theme import genre_colours

KNOBS = ("lowPass", "highPass", "bass", "middle", "treble", "gain", "pitch", "tempo", "noise", "mono")
"""By their names in `assets/whatif/knobs.mjs`, which knows their ranges."""


def panel(text: Texts, genres: Sequence[str]) -> Component:
    """Build the panel; `assets/panels/what_if.mjs` works it.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs.

    Returns
    -------
    Component
        Knobs at rest.
    """
    tools = html.Div(
        [
            html.Button(
                [html.Span(className="switch-knob"), html.Span(text("what_if.hear"))],
                id="what-if-on",
                className="switch",
                role="switch",
                title=text("what_if.hear_hint"),
                **{"type": "button", "aria-checked": "true", "aria-keyshortcuts": "B"},
            ),
            html.Button(
                text("what_if.reset"), id="what-if-reset", className="text-button", disabled=True, **{"type": "button"}
            ),
        ],
        className="what-if-tools",
    )
    knobs = [
        html.Div(
            [
                html.Label(text(f"knob.label.{name}"), htmlFor=f"knob-{name}", className="knob-name"),
                html.Output("\u00a0", id=f"knob-{name}-value", className="knob-value", htmlFor=f"knob-{name}"),
                html.Div(className="knob-mount"),
            ],
            className="knob",
            **{"data-knob": name},
        )
        for name in KNOBS
    ]
    return html.Div(
        [
            html.Div([tools, html.Div(knobs, className="knobs")]),
            html.Div([_verdict(text), _scores(text, genres)], className="what-if-scores"),
        ],
        className="what-if",
    )


def _verdict(text: Texts) -> Component:
    return html.Div(
        [
            html.H3(text("what_if.verdict")),
            html.P("\u00a0", id="what-if-verdict", className="words-speaks", role="status"),
        ]
    )


def _scores(text: Texts, genres: Sequence[str]) -> Component:
    colours = genre_colours(genres)
    rows = [
        html.Tr(
            [
                html.Th(text.genre(genre), scope="row"),
                html.Td(
                    [
                        html.Span(
                            html.Span(className=f"bar of-{which}", style={"backgroundColor": colours[genre]}),
                            className=f"what-if-track of-{which}",
                        )
                        for which in ("plain", "changed")
                    ],
                    className="what-if-bars",
                    **{"aria-hidden": "true"},
                ),
                html.Td("\u2013", className="number of-plain"),
                html.Td("\u2013", className="number of-changed"),
            ],
            **{"data-genre": genre},
        )
        for genre in genres
    ]
    head = [
        html.Th(text("common.genre"), scope="col", colSpan=2),
        html.Th(text("what_if.plain"), scope="col", className="number"),
        html.Th(text("what_if.changed"), scope="col", className="number"),
    ]
    return html.Div(
        [
            html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="table", id="what-if-table"),
            html.P(
                text("what_if.about"),
                className="words",
            ),
        ]
    )
