"""The stage: the sound and what is heard in it, lane under lane over one time axis, crossed by one playhead."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.page import figures
from dashboard.page.layout import closer
from dashboard.page.texts import Texts
from dashboard.page.theme import genre_colours


def stage(text: Texts, genres: Sequence[str], *, has_others: bool, can_explain: bool) -> Component:
    """Build the stage: waveform, spectrogram and timeline.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs.
    has_others : bool
        Whether another model's timeline may be asked for; its lane is the last, hidden until then.
    can_explain : bool
        Whether the model can be asked why: there is a switch then.

    Returns
    -------
    Component
        The lanes with their tools above and the legend below.
    """
    return html.Section(
        [
            _head(text, can_explain=can_explain),
            html.Div(
                [
                    _waveform(),
                    _spectrogram(text, can_explain=can_explain),
                    _timeline(text, genres, has_others=has_others),
                    *([_other_timeline(text)] * has_others),
                    _playhead(),
                    html.Div(id="region-sign", className="region-sign", hidden=True, role="group"),
                    _invitation(),
                ],
                id="lanes",
                className="lanes",
            ),
            _legend(text, genres),
        ],
        id="stage",
        className="stage loading",
        **{"aria-label": text("stage.label")},
    )


def _head(text: Texts, *, can_explain: bool) -> Component:
    """Build what stands above the lanes: a sentence, the switches and the exports."""
    exports = [
        html.Li(html.Button(text("share.address"), id="share", **{"type": "button"})),
        html.Li(html.A(text("share.csv"), id="csv", **{"aria-disabled": "true", "download": ""})),
        html.Li(html.A(text("share.json"), id="lines", **{"aria-disabled": "true", "download": "scores.ndjson"})),
        html.Li(html.A(text("share.sound"), id="file", **{"aria-disabled": "true", "download": ""})),
        html.Li(html.Button(text("share.png"), **{"type": "button", "data-picture": "png"})),
        html.Li(html.Button(text("share.svg"), **{"type": "button", "data-picture": "svg"})),
    ]
    return html.Div(
        [
            html.H2(text("stage.title")),
            html.P(text("stage.words"), className="words"),
            *([_switch("why-switch", [text("stage.why")], text("stage.why_hint"))] * can_explain),
            _switch("reveal", [text("stage.reveal"), _wide(text("stage.reveal_rest"))]),
            closer.door(text),
            _zoom(text),
            html.Details(
                [html.Summary(text("share.button")), html.Ul(exports, className="menu-list")],
                id="exports",
                className="menu",
            ),
        ],
        className="section-head",
    )


def _zoom(text: Texts) -> Component:
    buttons = (
        ("zoom-out", text("stage.zoom_out"), "\u2212", "minus"),
        ("zoom-in", text("stage.zoom_in"), "+", "plus"),
    )
    return html.Div(
        [
            html.Button(
                id=name,
                className="icon-button",
                title=f"{title} ({key})",
                disabled=name == "zoom-out",
                **{"type": "button", "aria-label": title, "data-icon": icon},
            )
            for name, title, key, icon in buttons
        ],
        className="zoom",
    )


def _switch(name: str, label: Sequence[Component | str], title: str | None = None) -> Component:
    return html.Button(
        [html.Span(className="switch-knob"), html.Span(label)],
        id=name,
        className="switch",
        role="switch",
        title=title,
        **{"type": "button", "aria-checked": "false"},
    )


def _waveform() -> Component:
    return html.Div(html.Div(id="waveform", className="waveform waiting"), className="lane plot-inset")


def _spectrogram(text: Texts, *, can_explain: bool) -> Component:
    picture = html.Div(
        id="spectrogram",
        className="graph",
        role="img",
        **{"aria-label": text("stage.spectrogram")},
    )
    return html.Div([picture, *([_reasons()] * can_explain)], className="lane spectrogram")


def _reasons() -> Component:
    """Build what lies over the spectrogram when one asks why; `assets/panels/why.mjs` paints it."""
    return html.Div(
        [
            html.Div(
                [
                    html.Canvas(id="why-picture", className="why-picture"),
                    html.Div(id="why-window", className="why-window"),
                ],
                className="track-strip",
            ),
            html.P(
                [
                    html.Span(id="why-for", className="why-for"),
                    html.Span(id="why-against", className="why-against"),
                    html.Span(id="why-note"),
                ],
                id="why-words",
                className="why-words",
                hidden=True,
            ),
        ],
        id="why",
        className="plot-window",
        hidden=True,
    )


def _timeline(text: Texts, genres: Sequence[str], *, has_others: bool) -> Component:
    return html.Div(
        [
            html.Div(
                dcc.Graph(
                    id="timeline-graph",
                    figure=figures.timeline(text, genres),
                    config=figures.graph_config(),
                    responsive=True,
                    className="graph",
                ),
                className="graph",
                role="img",
                **{"aria-label": text("stage.timeline")},
            ),
            _overlay("timeline"),
            *([html.P(id="timeline-name", className="timeline-name", hidden=True)] * has_others),
        ],
        id="timeline",
        className="lane timeline loading",
    )


def _other_timeline(text: Texts) -> Component:
    """Build the lane of the other model's timeline; `assets/panels/other.mjs` draws it when asked for."""
    return html.Div(
        [
            html.Div(
                html.Div(id="other-graph", className="graph"),
                className="graph",
                role="img",
                **{"aria-label": text("stage.other_timeline")},
            ),
            _overlay("other"),
            html.P(
                [
                    html.Span(id="other-timeline-name"),
                    html.A("CSV", id="other-csv", className="quiet-link", **{"download": ""}),
                ],
                className="timeline-name",
            ),
        ],
        id="other-timeline",
        className="lane timeline loading",
        hidden=True,
    )


def _overlay(name: str) -> Component:
    """Build what lies over a timeline: the names of wide areas, and what keeps the hand off what is not heard yet."""
    return html.Div(
        [
            html.Div(id=f"{name}-labels", className="area-labels", **{"aria-hidden": "true"}),
            html.Div(id=f"{name}-future", className="future"),
        ],
        className="plot-window",
    )


def _playhead() -> Component:
    moving = html.Div(
        [html.Div(className="veil"), html.Div(className="playhead-line")], id="stage-playhead", className="playhead"
    )
    region = html.Div(id="region", className="region", hidden=True)
    strip = html.Div([region, moving], className="track-strip")
    return html.Div(strip, className="plot-window over-lanes", **{"aria-hidden": "true"})


def _invitation() -> Component:
    """Build the first visit's large play button."""
    return html.Div(
        [html.Button(id="invite-play", className="invite-play", **{"type": "button"}), html.P(id="invite-words")],
        id="invite",
        className="invite",
        hidden=True,
    )


def _legend(text: Texts, genres: Sequence[str]) -> Component:
    """Build the legend; `assets/panels/legend.mjs` lets a press show one genre alone."""
    colours = genre_colours(genres)
    longest = max(len(text.genre(genre)) for genre in genres)
    chips = [
        html.Button(
            [html.Span(className="swatch", style={"backgroundColor": colours[genre]}), text.genre(genre)],
            className="chip",
            **{"type": "button", "data-genre": genre, "aria-pressed": "false"},
        )
        for genre in genres
    ]
    return html.Div(
        chips,
        id="genre-legend",
        className="genre-legend",
        role="group",
        style={"--longest-label": f"{longest}ch"},
        title=text("stage.one_genre"),
        **{"aria-label": text("stage.legend")},
    )


def _wide(words: str) -> Component:
    """Add words for which a phone has no room; a screen reader says them all the same."""
    return html.Span(words, className="wide")
