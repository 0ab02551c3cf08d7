"""What if: knobs that change the sound, and its scores as it is and as it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.theme import genre_colours, genre_label

KNOBS: Final = (
    ("lowPass", "Cut the treble above"),
    ("highPass", "Cut the bass below"),
    ("bass", "Bass"),
    ("middle", "Middle"),
    ("treble", "Treble"),
    ("gain", "Level"),
    ("pitch", "Pitch"),
    ("tempo", "Tempo"),
    ("noise", "Noise"),
    ("mono", "One channel"),
)
"""By their names in `assets/whatif/knobs.mjs`, which knows their ranges."""


def panel(genres: Sequence[str]) -> Component:
    """Build the panel; `assets/panels/what_if.mjs` works it.

    Parameters
    ----------
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
                [html.Span(className="switch-knob"), html.Span("Hear it changed")],
                id="what-if-on",
                className="switch",
                role="switch",
                title="Changed, or as it is (B)",
                **{"type": "button", "aria-checked": "true", "aria-keyshortcuts": "B"},
            ),
            html.Button("Reset", id="what-if-reset", className="text-button", disabled=True, **{"type": "button"}),
        ],
        className="what-if-tools",
    )
    knobs = [
        html.Div(
            [
                html.Label(label, htmlFor=f"knob-{name}", className="knob-name"),
                html.Output("\u00a0", id=f"knob-{name}-value", className="knob-value", htmlFor=f"knob-{name}"),
                html.Div(className="knob-mount"),
            ],
            className="knob",
            **{"data-knob": name},
        )
        for name, label in KNOBS
    ]
    return html.Div(
        [
            html.Div([tools, html.Div(knobs, className="knobs")]),
            html.Div([_verdict(), _scores(genres)], className="what-if-scores"),
        ],
        className="what-if",
    )


def _verdict() -> Component:
    return html.Div(
        [
            html.H3("What the network makes of it"),
            html.P("\u00a0", id="what-if-verdict", className="words-speaks", role="status"),
        ]
    )


def _scores(genres: Sequence[str]) -> Component:
    colours = genre_colours(genres)
    rows = [
        html.Tr(
            [
                html.Th(genre_label(genre), scope="row"),
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
        html.Th("Genre", scope="col", colSpan=2),
        html.Th("As it is", scope="col", className="number"),
        html.Th("Changed", scope="col", className="number"),
    ]
    return html.Div(
        [
            html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="table", id="what-if-table"),
            html.P(
                "The changed sound of the last window is made once more, by the same treatment as the one you hear, "
                "and scored on the server. Now, the timeline and the track stay as they are. The network always hears "
                "one channel, and does not mind the level until the sound clips. Where pitch or tempo is moved, scores "
                "waver by up to a tenth or so with how the grains of the sound fall.",
                className="words",
            ),
        ]
    )
