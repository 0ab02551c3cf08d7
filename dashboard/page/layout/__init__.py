"""What is on the page: its skeleton, at final size.

The ES modules in ``assets/`` fetch everything by the API, fill the empty nodes and follow the sound; so the layout
holds nothing of a visitor and is the same for all.
"""

from __future__ import annotations

import json

from dash import html
from dash.development.base_component import Component

from dashboard.page import card_text, figures, theme, words
from dashboard.page.first import PICTURE_COLUMNS, first_track
from dashboard.page.layout import card, charts, closer, header, help, language, live, panels, player
from dashboard.page.layout.document import WORKER, plotly_address
from dashboard.page.texts import Texts
from dashboard.services import Services
from model.atlas import has_map
from model.explain import has_explainer
from model.level import SILENCE_DBFS


def page(services: Services, text: Texts) -> Component:
    """Build the page.

    Parameters
    ----------
    services : Services
        Of the app; the models' cards are what the page needs of it.
    text : Texts
        Of the language.

    Returns
    -------
    Component
        The layout.
    """
    default = services.card
    genres = default.genres
    others = services.models.others
    has_others = bool(others)
    can_explain = has_explainer(default)
    window_seconds = default.params.audio.window_seconds
    is_live = services.settings.live_sessions > 0
    return html.Div(
        [
            html.A(text("page.skip"), href="#player", className="skip"),
            header.header(text, is_live=is_live),
            html.Main(
                [
                    player.player(text),
                    *([live.bar(text)] * is_live),
                    html.Div(
                        [
                            charts.stage(text, genres, has_others=has_others, can_explain=can_explain),
                            panels.now(text, genres, card_text.title(default), has_others=has_others),
                        ],
                        className="work",
                    ),
                    closer.section(text, genres, has_map=has_map(services.models.default.folder)),
                    panels.overall(text, len(genres), has_others=has_others),
                    card.model_card(text, default, [offer.card for offer in others]),
                    html.P(id="report-note", className="report-note"),
                    *language.choice(text),
                ]
            ),
            help.help_dialog(
                text,
                window_seconds,
                has_others=has_others,
                can_explain=can_explain,
                has_documentation=services.settings.has_documentation,
                is_own_machine=services.settings.is_own_machine,
            ),
            header.own_tracks(text),
            *([live.choice(text, has_radio=services.settings.has_radio)] * is_live),
            header.drop_target(text, services.settings.limits),
            html.Div(id="connection", className="connection", role="alert", hidden=True),
            html.Div(id="toast", className="toast", role="status", hidden=True),
            html.Div(id="announcer", className="visually-hidden", **{"aria-live": "polite", "role": "status"}),
            html.Audio(id="audio", preload="none"),
        ],
        id="page",
        **{"data-config": _config(services, text)},
    )


def _config(services: Services, text: Texts) -> str:
    """Write what the modules need to know before they ask; JSON. No module has a constant that is also the server's."""
    card = services.card
    colours = theme.genre_colours(card.genres)
    limits = services.settings.limits
    first = first_track(services)
    return json.dumps(
        {
            "first": None if first is None else first.id,
            "pictureColumns": PICTURE_COLUMNS,
            "genres": [
                {
                    "id": genre,
                    "label": text.genre(genre),
                    "spoken": text.spoken(genre),
                    "colour": colours[genre],
                    "ink": theme.ink_on(colours[genre]),
                }
                for genre in card.genres
            ],
            "templates": figures.templates(),
            "scales": figures.scales(),
            "ticksHz": figures.TICKS_HZ,
            "timeZeroMs": figures.TIME_ZERO_MS,
            "model": services.models.default.name,
            "sampleRate": card.params.audio.sample_rate_hz,
            "live": {
                "isOn": services.settings.live_sessions > 0,
                "hasRadio": services.settings.has_radio,
                "backlogSeconds": services.settings.live_backlog_seconds,
            },
            "title": card_text.title(card),
            "windowSeconds": card.params.audio.window_seconds,
            "others": [
                {
                    "name": other.name,
                    "title": card_text.title(other.card),
                    "windowSeconds": other.card.params.audio.window_seconds,
                }
                for other in services.models.others
            ],
            "plotly": plotly_address(),
            "worker": WORKER,
            "otherGraph": figures.graph_config(),
            "hopSeconds": words.HOP_SECONDS,
            "hopWords": words.hop_words(text),
            "silenceDbfs": SILENCE_DBFS,
            "licences": words.licences(text),
            "uploads": {
                "accept": words.upload_accept(),
                "suffixes": words.audio_suffixes(),
                "atOnce": min(words.UPLOADS_AT_ONCE, services.settings.max_concurrent_uploads),
                "words": words.upload_words(text, limits),
                "maxBytes": limits.max_bytes,
                "maxSeconds": limits.max_seconds,
            },
        },
        separators=(",", ":"),
    )
