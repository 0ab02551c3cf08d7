"""The honest card, folded at the foot of the page: how good this is."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.page import card_text
from dashboard.page.texts import Texts
from dashboard.page.theme import genre_colours
from model.checkpoint import Card


def model_card(text: Texts, card: Card, others: Sequence[Card]) -> Component:
    """Build the card.

    Parameters
    ----------
    text : Texts
        Of the language.
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
                    html.Span(text("card.question"), className="card-question"),
                    html.Span(card_text.headline(text, card), className="card-headline"),
                ],
                **{"data-more": text("card.more"), "data-less": text("card.less")},
            ),
            html.Div(
                [_words(text, card), html.Div([*_genres(text, card), *_others(text, card, others)])],
                className="card-body",
            ),
        ],
        id="card",
        className="card",
    )


def _words(text: Texts, card: Card) -> Component:
    return html.Div(
        [
            html.H3(text("card.what")),
            html.P(card_text.what_it_is(text, card)),
            html.H3(text("card.how_often")),
            html.Ul([html.Li(sentence) for sentence in card_text.accuracy_sentences(text, card)]),
            html.H3(text("card.cannot")),
            html.Ul([html.Li(sentence) for sentence in card_text.limits(text, card)]),
            html.P(
                text.parts("card.whole", address=html.A("/api/model", href="api/model"), hash=card.short_hash),
                className="words",
            ),
        ],
        className="card-words",
    )


def _genres(text: Texts, card: Card) -> list[Component]:
    rows = card_text.genre_figures(card)
    if not rows:
        return []
    colours = genre_colours(card.genres)
    body = [
        html.Tr(
            [
                html.Th([_swatch(colours[row.genre]), text.genre(row.genre)], scope="row"),
                html.Td(text.number(100 * row.share), className="number"),
                html.Td(text.genre(row.taken_for) if row.taken_for else "\u2013"),
            ]
        )
        for row in rows
    ]
    head = html.Tr(
        [
            html.Th(text("common.genre"), scope="col"),
            html.Th(text("common.right_of_100"), scope="col", className="number"),
            html.Th(text("card.else_called"), scope="col"),
        ]
    )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="table")
    return [html.Div([html.H3(text("card.by_genre")), table], className="card-genres")]


def _others(text: Texts, card: Card, others: Sequence[Card]) -> list[Component]:
    """Build the table of the models, each with the figure of its own card; none where there is one model only."""
    if not others:
        return []
    body = [
        html.Tr(
            [
                html.Th(card_text.title(each), scope="row"),
                html.Td(card_text.tracks_right(each), className="number"),
                html.Td(f"{text.short(each.params.audio.window_seconds)} s"),
            ]
        )
        for each in (card, *others)
    ]
    head = html.Tr(
        [
            html.Th(text("card.model"), scope="col"),
            html.Th(text("common.right_of_100"), scope="col", className="number"),
            html.Th(text("card.hears_at_once"), scope="col"),
        ]
    )
    table = html.Table([html.Thead(head), html.Tbody(body)], className="table")
    return [html.Div([html.H3(text("card.models")), table], className="card-genres")]


def _swatch(colour: str) -> Component:
    return html.Span(className="swatch", style={"backgroundColor": colour}, **{"aria-hidden": "true"})
