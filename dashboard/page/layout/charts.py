"""The pictures of the sound: waveform, spectrogram and timeline, each crossed by the playhead."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.page import figures


def stage() -> Component:
    """Build waveform and spectrogram under one playhead, and the first visit's large play button."""
    return html.Section(
        [
            html.Div(html.Div(id="waveform", className="waveform"), className="plot-inset"),
            html.Div(
                dcc.Graph(
                    id="spectrogram",
                    figure=figures.spectrogram(),
                    config=figures.graph_config(),
                    responsive=True,
                    className="graph",
                ),
                className="spectrogram",
                role="img",
                **{"aria-label": "Log-mel spectrogram: frequency in hertz over time; brighter or darker is louder"},
            ),
            _playhead("stage-playhead", html.Div(className="veil")),
            html.Div(id="stage-message", className="notice", hidden=True, role="alert"),
            html.Div(
                [
                    html.Button(id="invite-play", className="invite-play", **{"type": "button"}),
                    html.P(id="invite-words"),
                ],
                id="invite",
                className="invite",
                hidden=True,
            ),
        ],
        id="stage",
        className="stage loading",
        **{"aria-label": "The sound"},
    )


def timeline(genres: Sequence[str], *, has_others: bool) -> Component:
    """Build the timeline, its reveal switch and its export.

    Parameters
    ----------
    genres : sequence of str
        The model's outputs.
    has_others : bool
        Whether another model's timeline may be asked for; its place is below, hidden until then.

    Returns
    -------
    Component
        The section.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Timeline"),
                    html.P("Grows as you listen. Pale where unsure, empty in silence.", className="words"),
                    html.Button(
                        [html.Span(className="switch-knob"), html.Span(["Reveal", _wide(" the whole track")])],
                        id="reveal",
                        className="switch",
                        role="switch",
                        **{"type": "button", "aria-checked": "false"},
                    ),
                    html.A(
                        [_wide("Scores as "), "CSV"],
                        id="csv",
                        className="quiet-link",
                        **{"aria-disabled": "true", "download": ""},
                    ),
                ],
                className="section-head",
            ),
            html.Div(
                [
                    dcc.Graph(
                        id="timeline-graph",
                        figure=figures.timeline(genres),
                        config=figures.graph_config("genre-timeline"),
                        responsive=True,
                        className="graph",
                    ),
                    html.Div(html.Div(id="timeline-future", className="future"), className="plot-window"),
                    _playhead("timeline-playhead"),
                    html.Div(id="timeline-message", className="notice", hidden=True, role="alert"),
                    *([html.P(id="timeline-name", className="timeline-name", hidden=True)] * has_others),
                ],
                id="timeline",
                className="timeline loading",
            ),
            *([_other_timeline()] * has_others),
        ],
        className="timeline-section",
        **{"aria-label": "Timeline"},
    )


def _other_timeline() -> Component:
    """Build the place of the other model's timeline; `assets/panels/other.mjs` draws it when asked for."""
    return html.Div(
        [
            html.Div(id="other-graph", className="graph"),
            html.Div(html.Div(id="other-future", className="future"), className="plot-window"),
            _playhead("other-playhead"),
            html.Div(id="other-message", className="notice", hidden=True, role="alert"),
            html.P(
                [
                    html.Span(id="other-timeline-name"),
                    html.A("CSV", id="other-csv", className="quiet-link", **{"download": ""}),
                ],
                className="timeline-name",
            ),
        ],
        id="other-timeline",
        className="timeline loading",
        hidden=True,
    )


def _playhead(name: str, *children: Component) -> Component:
    moving = html.Div([*children, html.Div(className="playhead-line")], id=name, className="playhead")
    return html.Div(moving, className="plot-window", **{"aria-hidden": "true"})


def _wide(words: str) -> Component:
    """Add words for which a phone has no room; a screen reader says them all the same."""
    return html.Span(words, className="wide")
