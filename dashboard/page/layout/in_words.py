"""The moment in musicians' words: one strip a measure over the whole track, its value now, and where that lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.theme import genre_colours, genre_label
from model.descriptors.chroma import NOTES
from model.words import MEASURES, Measure

ADJECTIVES: Final = {
    "loudness": "Loud",
    "brightness": "Bright",
    "width": "Wide",
    "reach": "High",
    "noisiness": "Noisy",
    "tempo": "Fast",
}
"""Heads of the table's columns, short enough for a phone."""

_NOTES: Final = "Which of the twelve notes sound, in whatever octave; 1 for a note that is the strongest throughout."
_TIMBRE: Final = (
    "The shape of the spectrum in 20 numbers (mel-frequency cepstral coefficients), the coarsest at the top. Sounds of "
    "one colour look alike."
)


def panel(genres: Sequence[str]) -> Component:
    """Build the panel; `assets/panels/words.mjs` fills it.

    Parameters
    ----------
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
                    html.H3("What speaks for a genre here", id="words-head"),
                    html.P("\u00a0", id="words-speaks", className="words-speaks"),
                    html.P(
                        "This describes the last three seconds of sound and compares them with tracks of GTZAN; it is "
                        "not how the network reasons.",
                        className="words",
                    ),
                ],
                className="words-lead",
            ),
            html.Ul([_measure(each) for each in MEASURES], className="measures"),
            html.Div([_notes(), _timbre(), _table(genres)], className="words-more"),
        ],
        className="in-words",
    )


def _measure(measure: Measure) -> Component:
    return html.Li(
        [
            html.Div(
                [
                    html.Span(measure.label, className="measure-name"),
                    html.Span("\u2013", className="measure-value"),
                    html.Span(measure.unit, className="measure-unit"),
                ],
                className="measure-head",
            ),
            _strip(f"{measure.label} along the track"),
            html.P("\u00a0", className="measure-place"),
            html.P(measure.meaning, className="words"),
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


def _notes() -> Component:
    rows = [
        html.Li(
            [
                html.Span(note, className="note-name"),
                html.Span(html.Span(className="note-bar"), className="note-track"),
            ],
            **{"data-note": note},
        )
        for note in NOTES
    ]
    return html.Div(
        [
            html.H3("Notes"),
            html.Ul(rows, className="notes", **{"aria-label": "How much of each note sounds"}),
            _strip("The twelve notes along the track, C at the bottom", "of-notes"),
            html.P(_NOTES, className="words"),
        ]
    )


def _timbre() -> Component:
    return html.Div(
        [
            html.H3("Timbre"),
            _strip("Timbre along the track: 20 rows", "of-timbre"),
            html.P(_TIMBRE, className="words"),
        ]
    )


def _table(genres: Sequence[str]) -> Component:
    colours = genre_colours(genres)
    head = [html.Th("Genre", scope="col")]
    head += [html.Th(ADJECTIVES[each.name], scope="col", className="number") for each in MEASURES]
    rows = [
        html.Tr(
            [
                html.Th(
                    [
                        html.Span(
                            className="swatch", style={"backgroundColor": colours[genre]}, **{"aria-hidden": "true"}
                        ),
                        genre_label(genre),
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
            html.H3("Among the tracks of each genre"),
            html.Table(
                [html.Thead(html.Tr(head)), html.Tbody(rows)],
                className="table shares",
                **{"aria-label": "Of a hundred tracks of each genre, so many are less loud, bright, wide, ..."},
            ),
            html.P(
                "Of a hundred tracks of each genre, so many are less so. Bold: like the middle half of them.",
                className="words",
            ),
        ]
    )
