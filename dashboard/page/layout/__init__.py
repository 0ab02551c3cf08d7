"""What is on the page: its skeleton, at final size.

The ES modules in ``assets/`` fetch everything by the API, fill the empty nodes and follow the sound; so the layout
holds nothing of a visitor and is the same for all.
"""

from __future__ import annotations

import json

from dash import html
from dash.development.base_component import Component

from dashboard.listening.models import Offer
from dashboard.page import card_text, figures, theme
from dashboard.page.layout import card, charts, header, help, panels, player
from dashboard.services import Services
from model.checkpoint import Card


def page(services: Services) -> Component:
    """Build the page.

    Parameters
    ----------
    services : Services
        Of the app; the models' cards are what the page needs of it.

    Returns
    -------
    Component
        The layout.
    """
    default = services.card
    genres = default.genres
    is_compared = bool(services.models.comparable)
    return html.Div(
        [
            html.A("Skip to the player", href="#player", className="skip"),
            header.header(),
            html.Main(
                [
                    player.player(),
                    charts.stage(),
                    html.Div(
                        [
                            panels.now(genres, card_text.title(default), is_compared=is_compared),
                            panels.overall(is_compared=is_compared),
                        ],
                        className="panels",
                    ),
                    charts.timeline(genres, is_compared=is_compared),
                    card.model_card(default, [offer.card for offer in services.models.comparable]),
                ]
            ),
            help.help_dialog(default.params.audio.window_seconds, is_compared=is_compared),
            header.drop_target(),
            html.Div(id="announcer", className="visually-hidden", **{"aria-live": "polite", "role": "status"}),
            html.Audio(id="audio", preload="auto"),
        ],
        id="page",
        **{"data-config": _config(default, services.models.comparable)},
    )


def _config(card: Card, rivals: tuple[Offer, ...]) -> str:
    """Write what the modules need to know before they ask: genres, colours, templates, models; JSON."""
    colours = theme.genre_colours(card.genres)
    return json.dumps(
        {
            "genres": [
                {"id": genre, "label": theme.genre_label(genre), "colour": colours[genre]} for genre in card.genres
            ],
            "templates": figures.templates(),
            "ticksHz": figures.TICKS_HZ,
            "timeZeroMs": figures.TIME_ZERO_MS,
            "title": card_text.title(card),
            "windowSeconds": card.params.audio.window_seconds,
            "rivals": [
                {
                    "name": rival.name,
                    "title": card_text.title(rival.card),
                    "windowSeconds": rival.card.params.audio.window_seconds,
                }
                for rival in rivals
            ],
            "secondGraph": figures.graph_config("genre-timeline-compared"),
            "hopSeconds": HOP_SECONDS,
        },
        separators=(",", ":"),
    )


HOP_SECONDS = 0.5
"""Distance between the windows the page shows."""
