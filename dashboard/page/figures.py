"""The Plotly figure, as plain dictionaries, its templates in both themes, and the colours of the spectrogram.

The page's modules fill in the data (`assets/pictures/`); form, colours and words are fixed here.
Dictionaries and not ``graph_objects``, which cost half a second and 30 MB at the start of the server; a test has them
validated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.page.texts import Texts
from dashboard.page.theme import DARK, FONT_STACK, LIGHT, Theme, genre_colours

Figure = dict[str, Any]

TIME_FORMAT: Final = "%-M:%S"
"""Minutes and seconds of a date axis."""

TIME_ZERO_MS: Final = 946_684_800_000
"""A track's start on a date axis: 2000-01-01, UTC. Not 0, because Plotly takes a number of four digits for a year."""

MARGIN: Final = {"l": 48, "r": 8}
"""Left and right of each plot, in pixels: the same for waveform and spectrogram, so one playhead fits all. The
style sheet has them as ``--plot-left`` and ``--plot-right``."""

TICKS_HZ: Final = (500, 1000, 2000, 4000, 8000)

# Perceptual maps from quiet to loud. Dark: magma. Light: the same hues from paper to ink, lightness falling evenly.
_DARK_SCALE: Final = ("#121315", "#2a115c", "#5f187f", "#982d80", "#d3436e", "#f8765c", "#febb81", "#fcfdbf")
_LIGHT_SCALE: Final = ("#fbfbfa", "#f3e4e1", "#e6c4c6", "#d19bab", "#b1719a", "#874c8a", "#572f74", "#1c1044")


def colour_scale(theme: Theme) -> list[list[float | str]]:
    """Give the spectrogram's colours in a theme.

    Parameters
    ----------
    theme : Theme
        Light or dark.

    Returns
    -------
    list of [float, str]
        Position 0 (quiet, the page's own colour) to 1 (loud) and ``#rrggbb``.
    """
    colours = _DARK_SCALE if theme.scheme == "dark" else _LIGHT_SCALE
    return [[index / (len(colours) - 1), colour] for index, colour in enumerate(colours)]


def template(theme: Theme) -> Figure:
    """Give the Plotly template of a theme.

    Parameters
    ----------
    theme : Theme
        Light or dark.

    Returns
    -------
    dict
        ``layout`` defaults: text, axes, hover.
    """
    axis = {
        "color": theme.muted,
        "gridcolor": theme.line,
        "linecolor": theme.line,
        "tickcolor": theme.edge,
        "zeroline": False,
        "showline": False,
    }
    return {
        "layout": {
            "font": {"family": FONT_STACK, "size": 12, "color": theme.muted},
            "paper_bgcolor": theme.page,
            "plot_bgcolor": theme.page,
            "hoverlabel": {
                "bgcolor": theme.raised,
                "bordercolor": theme.edge,
                "font": {"family": FONT_STACK, "size": 12, "color": theme.ink},
            },
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": theme.muted, "activecolor": theme.ink},
            "legend": {
                "font": {"color": theme.ink, "size": 12},
                "orientation": "h",
                "traceorder": "reversed",
                "y": -0.2,
            },
            "xaxis": {**axis, "showgrid": False},
            "yaxis": axis,
        },
    }


def templates() -> dict[str, Figure]:
    """Give both templates, by scheme."""
    return {theme.scheme: template(theme) for theme in (LIGHT, DARK)}


def scales() -> dict[str, list[list[float | str]]]:
    """Give the spectrogram's colours, by scheme."""
    return {theme.scheme: colour_scale(theme) for theme in (LIGHT, DARK)}


def _time_axis(mark: str) -> Figure:
    return {
        "type": "date",
        "range": [TIME_ZERO_MS, TIME_ZERO_MS + 60_000],
        "tickformat": TIME_FORMAT,
        "hoverformat": f"{TIME_FORMAT}{mark}%1f",
        "fixedrange": True,
        "ticks": "outside",
        "ticklen": 4,
        "nticks": 10,
    }


def timeline(text: Texts, genres: Sequence[str]) -> Figure:
    """Give the stacked area of the posteriors, still empty.

    Parameters
    ----------
    text : Texts
        Of the language.
    genres : sequence of str
        The model's outputs, in order; the first lies on top, as in the bars beside it.

    Returns
    -------
    dict
        A Plotly figure: a trace per genre, last genre first, then ``unsure``, a veil over what the network would not
        name, and ``outline``, the borders between areas. x: the end of a window, in ms after `TIME_ZERO_MS`; y: its
        posterior.
    """
    colours = genre_colours(genres)
    mark = text("number.decimal_mark")
    heard = f"%{{x|{TIME_FORMAT}{mark}%1f}}"
    traces: list[Figure] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": text.genre(genre),
            "meta": genre,
            "x": [],
            "y": [],
            "stackgroup": "posterior",
            "line": {"width": 0},
            "fillcolor": colours[genre],
            "hovertemplate": "%{y:.2f}",
        }
        for genre in reversed(genres)
    ]
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "name": text("state.unsure"),
            "meta": "unsure",
            "x": [],
            "y": [],
            "line": {"width": 0, "shape": "hv"},
            "fill": "tozeroy",
            "hoverinfo": "skip",
        }
    )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines",
            "name": "outline",
            "meta": "outline",
            "x": [],
            "y": [],
            "line": {"width": 1},
            "hoverinfo": "skip",
        }
    )
    return {
        "data": traces,
        "layout": {
            "template": template(LIGHT),
            "autosize": True,
            "separators": mark + text("number.group_mark"),
            "margin": {**MARGIN, "t": 4, "b": 28},
            "xaxis": {**_time_axis(mark), "unifiedhovertitle": {"text": text("stage.heard_by", time=heard)}},
            "yaxis": {"range": [0, 1], "tickvals": [0, 0.5, 1], "tickformat": ".1f", "fixedrange": True, "title": None},
            "hovermode": "x unified",
            "dragmode": False,
            "showlegend": False,
            "uirevision": "timeline",
        },
    }


def graph_config() -> Figure:
    """Give the options of a graph: no buttons, no logo, no link to any service."""
    return {
        "displaylogo": False,
        "displayModeBar": False,
        "showTips": False,
        "doubleClick": False,
        "scrollZoom": False,
        "responsive": True,
    }
