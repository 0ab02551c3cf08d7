"""The moment in musicians' words: one strip a measure over the whole track, its value now, and where that lies."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts
from dashboard.page.theme import genre_colours
from model.descriptors.chroma import NOTES
from model.words import MEASURES, Measure


def panel(text: Texts, genres: Sequence[str]) -> Component:
    """Build the panel; `assets/panels/words.mjs` fills it.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs.

    Returns
    -------
    Component
        The panel, empty.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.H3(text("words.head"), id="words-head"),
                    html.P("\u00a0", id="words-speaks", className="words-speaks"),
                    html.P(
                        text("words.about"),
                        className="words",
                    ),
                ],
                className="words-lead",
            ),
            html.Ul([_measure(text, each) for each in MEASURES], className="measures"),
            html.Div([_notes(text), _timbre(text), _table(text, genres)], className="words-more"),
        ],
        className="in-words",
    )


def _measure(text: Texts, measure: Measure) -> Component:
    name = text(f"measure.{measure.name}.label")
    return html.Li(
        [
            html.Div(
                [
                    html.Span(name, className="measure-name"),
                    html.Span("\u2013", className="measure-value"),
                    html.Span(text(f"measure.{measure.name}.unit"), className="measure-unit"),
                ],
                className="measure-head",
            ),
            _strip(text("words.along", measure=name)),
            html.P("\u00a0", className="measure-place"),
            html.P(text(f"measure.{measure.name}.meaning"), className="words"),
        ],
        className="measure",
        **{"data-measure": measure.name},
    )


def _strip(label: str, kind: str = "") -> Component:
    return html.Div(
        [
            html.Canvas(role="img", **{"aria-label": label}),
            html.Div(html.Div(html.Div(className="playhead-line"), className="playhead"), className="strip-window"),
        ],
        className=f"strip {kind}".strip(),
    )


def _notes(text: Texts) -> Component:
    rows = [
        html.Li(
            [
                html.Span(text("words.note_b") if note == "B" else note, className="note-name"),
                html.Span(html.Span(className="note-bar"), className="note-track"),
            ],
            **{"data-note": note},
        )
        for note in NOTES
    ]
    return html.Div(
        [
            html.H3(text("words.notes")),
            html.Ul(rows, className="notes", **{"aria-label": text("words.notes_label")}),
            _strip(text("words.notes_along"), "of-notes"),
            html.P(text("words.notes_about"), className="words"),
        ]
    )


def _timbre(text: Texts) -> Component:
    return html.Div(
        [
            html.H3(text("words.timbre")),
            _strip(text("words.timbre_along"), "of-timbre"),
            html.P(text("words.timbre_about"), className="words"),
        ]
    )


def _table(text: Texts, genres: Sequence[str]) -> Component:
    colours = genre_colours(genres)
    head = [html.Th(text("common.genre"), scope="col")]
    head += [html.Th(text(f"measure.{each.name}.adjective"), scope="col", className="number") for each in MEASURES]
    rows = [
        html.Tr(
            [
                html.Th(
                    [
                        html.Span(
                            className="swatch", style={"backgroundColor": colours[genre]}, **{"aria-hidden": "true"}
                        ),
                        text.genre(genre),
                    ],
                    scope="row",
                ),
                *(html.Td("\u2013", className="number", **{"data-measure": each.name}) for each in MEASURES),
            ],
            **{"data-genre": genre},
        )
        for genre in genres
    ]
    return html.Div(
        [
            html.H3(text("words.table")),
            html.Table(
                [html.Thead(html.Tr(head)), html.Tbody(rows)],
                className="table shares",
                **{"aria-label": text("words.table_label")},
            ),
            html.P(
                text("words.table_about"),
                className="words",
            ),
        ]
    )
