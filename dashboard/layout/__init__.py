"""What is on the page: its skeleton, at final size.

The ES modules in ``assets/`` fetch everything by the API, fill the empty nodes and follow the sound; so the layout
holds nothing of a visitor and is the same for all.
"""

from __future__ import annotations

import json

from dash import html
from dash.development.base_component import Component

from dashboard import figures, theme
from dashboard.layout import card, charts, header, help, panels, player
from dashboard.services import Services


def page(services: Services) -> Component:
    """Build the page.

    Parameters
    ----------
    services : Services
        Of the app; the model's card is what the page needs of it.

    Returns
    -------
    Component
        The layout.
    """
    genres = services.card.genres
    return html.Div(
        [
            html.A("Skip to the player", href="#player", className="skip"),
            header.header(),
            html.Main(
                [
                    player.player(),
                    charts.stage(),
                    html.Div([panels.now(genres), panels.overall()], className="panels"),
                    charts.timeline(genres),
                    card.model_card(services.card),
                ]
            ),
            help.help_dialog(),
            header.drop_target(),
            html.Div(id="announcer", className="visually-hidden", **{"aria-live": "polite", "role": "status"}),
            html.Audio(id="audio", preload="auto"),
        ],
        id="page",
        **{"data-config": _config(services)},
    )


def _config(services: Services) -> str:
    """Write what the modules need to know before they ask: genres, colours, templates, window; JSON."""
    card = services.card
    colours = theme.genre_colours(card.genres)
    return json.dumps(
        {
            "genres": [
                {"id": genre, "label": theme.genre_label(genre), "colour": colours[genre]} for genre in card.genres
            ],
            "templates": figures.templates(),
            "ticksHz": figures.TICKS_HZ,
            "timeZeroMs": figures.TIME_ZERO_MS,
            "windowSeconds": card.params.audio.window_seconds,
            "hopSeconds": HOP_SECONDS,
        },
        separators=(",", ":"),
    )


HOP_SECONDS = 0.5
"""Distance between the windows the page shows."""
