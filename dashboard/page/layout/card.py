"""The honest card, folded at the foot of the page: how good this is."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.page import card_text
from dashboard.page.theme import genre_colours, genre_label
from model.checkpoint import Card


def model_card(card: Card, others: Sequence[Card]) -> Component:
    """Build the card.

    Parameters
    ----------
    card : Card
        Of the model that scores.
    others : sequence of Card
        Of those that may be shown beside it.

    Returns
    -------
    Component
        A native disclosure: its summary is the figure that counts.
    """
    return html.Details(
        [
            html.Summary(
                [
                    html.Span("How good is this?", className="card-question"),
                    html.Span(card_text.headline(card), className="card-headline"),
                ]
            ),
            html.Div([_words(card), html.Div([*_genres(card), *_others(card, others)])], className="card-body"),
        ],
        id="card",
        className="card",
    )


def _words(card: Card) -> Component:
    return html.Div(
        [
            html.H3("What it is"),
            html.P(card_text.what_it_is(card)),
            html.H3("How often it is right"),
            html.Ul([html.Li(sentence) for sentence in card_text.accuracy_sentences(card)]),
            html.H3("What it cannot do"),
            html.Ul([html.Li(sentence) for sentence in card_text.limits(card)]),
            html.P(
                ["The whole card: ", html.A("/api/model", href="api/model"), f"; weights {card.short_hash}."],
                className="words",
            ),
        ],
        className="card-words",
    )


def _genres(card: Card) -> list[Component]:
    rows = card_text.genre_figures(card)
    if not rows:
        return []
    colours = genre_colours(card.genres)
    body = [
        html.Tr(
            [
                html.Th([_swatch(colours[row.genre]), genre_label(row.genre)], scope="row"),
                html.Td(f"{100 * row.share:.0f}", className="number"),
                html.Td(genre_label(row.taken_for) if row.taken_for else "\u2013"),
            ]
        )
        for row in rows
    ]
    head = html.Tr(
        [
            html.Th("Genre", scope="col"),
            html.Th("Right, of 100", scope="col", className="number"),
            html.Th("Else most often called", scope="col"),
        ]
    )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="table")
    return [html.Div([html.H3("Genre by genre"), table], className="card-genres")]


def _others(card: Card, others: Sequence[Card]) -> list[Component]:
    """Build the table of the models, each with the figure of its own card; none where there is one model only."""
    if not others:
        return []
    body = [
        html.Tr(
            [
                html.Th(card_text.title(each), scope="row"),
                html.Td(card_text.tracks_right(each), className="number"),
                html.Td(f"{each.params.audio.window_seconds:g} s"),
            ]
        )
        for each in (card, *others)
    ]
    head = html.Tr(
        [
            html.Th("Model", scope="col"),
            html.Th("Right, of 100", scope="col", className="number"),
            html.Th("Hears at once", scope="col"),
        ]
    )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="table")
    return [html.Div([html.H3("The models to compare"), table], className="card-genres")]


def _swatch(colour: str) -> Component:
    return html.Span(className="swatch", style={"backgroundColor": colour}, **{"aria-hidden": "true"})
