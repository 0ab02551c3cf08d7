"""What the network hears: now (lead and bars), and the track so far and whole (table)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts
from dashboard.page.theme import genre_colours

_LONGEST_IN_LARGE_TYPE: Final = 9  # characters, as in "Classical"
_LONGEST_IN_MIDDLE_TYPE: Final = 13


def now(text: Texts, genres: Sequence[str], title: str, *, has_others: bool) -> Component:
    """Build the panel of the window just heard.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs; the bars keep their order.
    title : str
        The model's, for people.
    has_others : bool
        Whether another model may be chosen; without one there is nothing to choose.

    Returns
    -------
    Component
        The panel; `assets/panels/moment.mjs` moves it.
    """
    colours = genre_colours(genres)
    labels = {genre: text.genre(genre) for genre in genres}
    longest = max(map(len, labels.values()))
    bars = [_bar_row(genre, labels[genre], colours[genre], has_others=has_others) for genre in genres]
    head = html.H2(text("now.title"))
    return html.Section(
        [
            html.Div([head, _other_choice(text, title)], className="now-head") if has_others else head,
            html.Div([_first(text), *([_other()] * has_others)], className="lead-block"),
            html.Ul(
                bars,
                id="bars",
                className="bars",
                style={"--longest-label": f"{longest + 1}ch"} if longest > _LONGEST_IN_LARGE_TYPE else {},
                **{"aria-label": text("now.bars")},
            ),
        ],
        id="now",
        className="now"
        + " long-names" * (longest > _LONGEST_IN_LARGE_TYPE)
        + " longest-names" * (longest > _LONGEST_IN_MIDDLE_TYPE),
        **{"aria-label": text("now.title"), "data-state": "loading"},
    )


def overall(text: Texts, n_genres: int, *, has_others: bool) -> Component:
    """Build the panel of the track: verdict, stretches and shares; `assets/panels/summary.mjs` fills it.

    Parameters
    ----------
    text : Texts
        Of the language.
    n_genres : int
        For how many rows room is kept.
    has_others : bool
        Whether another model may be chosen.

    Returns
    -------
    Component
        The panel.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.H2(text("track.title")),
                    html.P("\u00a0", id="overall-words", className="verdict"),
                    *([html.P("\u00a0", id="other-overall-words", className="verdict", hidden=True)] * has_others),
                    html.Ol(id="segments", className="segments"),
                    html.P(text("track.how"), className="words"),
                ],
                className="track-words",
            ),
            html.Div(id="overall-table", className="overall-table", style={"--rows": str(n_genres)}),
        ],
        id="overall",
        className="overall",
        **{"aria-label": text("track.label")},
    )


def _key(which: str, *children: Component | str) -> Component:
    """Build what tells whose bar is whose: a thick one for the model, a thin one for the other."""
    mark = html.Span(className=f"key {which}-key", **{"aria-hidden": "true"})
    return html.Span([mark, *children], className="keyed")


def _other_choice(text: Texts, title: str) -> Component:
    """Build the place of the choice of another model (`assets/panels/other_choice.mjs`); once chosen, the legend."""
    return html.Div(
        [
            html.Span(_key("first", html.Span(title)), className="legend", hidden=True, id="legend"),
            html.Label(
                [
                    html.Span(text("now.compare"), className="choice-words"),
                    html.Span(className="key other-key", **{"aria-hidden": "true"}),
                    html.Span(id="other-choice", className="other-mount"),
                ],
                className="other-label",
            ),
        ],
        className="other-choice",
    )


def _first(text: Texts) -> Component:
    """Build the model's word on the moment."""
    return html.Div(
        _moment(
            ("lead", "lead-value", "heard", "now-words"),
            html.Span(id="ring", className="ring", hidden=True),
            html.Div(className="lead-colour"),
            html.Button(
                text("now.again"),
                id="again",
                className="again",
                title=text("now.again_hint"),
                **{"type": "button"},
            ),
        ),
        className="moment of-first",
    )


def _other() -> Component:
    """Build the other model's word on the moment, under its name."""
    return html.Div(
        [
            html.P(_key("other", html.Span(id="other-name", className="moment-model")), className="other-name"),
            *_moment(("other-lead", "other-value", "other-heard", "other-words")),
        ],
        id="other",
        className="moment of-other",
        hidden=True,
        **{"data-state": "loading"},
    )


def _moment(
    ids: tuple[str, str, str, str],
    ring: Component | None = None,
    strip: Component | None = None,
    again: Component | None = None,
) -> list[Component]:
    """Build what every model says of the moment: its word and score, when it was heard, a sentence."""
    lead, value, heard, words = ids
    line = [html.Span("\u00a0", id=lead, className="lead"), html.Span(id=value, className="lead-value")]
    return [
        html.Div([*line, *([] if ring is None else [ring])], className="lead-line"),
        *([] if strip is None else [strip]),
        html.Div(
            [html.P("\u00a0", id=heard, className="heard"), *([] if again is None else [again])], className="heard-line"
        ),
        html.P(id=words, className="moment-words words"),
    ]


def _bar_row(genre: str, label: str, colour: str, *, has_others: bool) -> Component:
    cells = [html.Span(label, className="bar-label", title=label)]
    for which in ("first", "other") if has_others else ("first",):
        bar = html.Span(className="bar", style={"backgroundColor": colour})
        cells += [
            html.Span(bar, className=f"bar-track of-{which}"),
            html.Span("\u2013", className=f"bar-value of-{which}"),
        ]
    return html.Li(cells, className="bar-row", **{"data-genre": genre})
