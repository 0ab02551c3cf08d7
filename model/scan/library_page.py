"""A library's overview as one HTML file that needs nothing else: Plotly's charts and two tables."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from model.scan.library import Overview, ScannedTrack
from model.scan.library_text import headline

_INK: Final = "#7a8087"  # reads on white and on black
_ACCENT: Final = "#0b7a55"
_FOLDERS: Final = 25
_NO_GENRE: Final = "no genre"

_STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1rem 4rem; font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#fbfbfa, #16181b); color: light-dark(#17191c, #e9eaec); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p { margin: 0; color: light-dark(#5a5f66, #a3a8af); }
.chart { overflow-x: auto; } #folders { min-width: 36rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid light-dark(#e2e2df, #33373c); }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.path { overflow-wrap: anywhere; }
"""


def overview_page(overview: Overview, title: str) -> str:
    """Make the page.

    Parameters
    ----------
    overview : Overview
        What the tracks come to.
    title : str
        What to call them.

    Returns
    -------
    str
        HTML, with Plotly's own code within; it asks no other host for anything.
    """
    sections = [_section("Genres", _chart(_genres(overview), "genres"))]
    if len(overview.folders) > 1:
        sections.append(_section("Genres by folder", _chart(_folders(overview), "folders"), _remark(overview)))
    for name, tracks in (("Surest", overview.surest), ("Most divided", overview.divided)):
        if tracks:
            sections.append(_section(name, _table(tracks)))
    if overview.errors:
        rows = "".join(f'<tr><td class="path">{escape(track.error or "")}</td></tr>' for track in overview.errors)
        sections.append(_section("Not heard", f"<table>{rows}</table>"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><script>{get_plotlyjs()}</script></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(headline(overview))}</p>{''.join(sections)}</body></html>\n"
    )


def _section(title: str, content: str, remark: str = "") -> str:
    return f"<section><h2>{escape(title)}</h2>{f'<p>{escape(remark)}</p>' if remark else ''}{content}</section>"


def _remark(overview: Overview) -> str:
    n_folders = len(overview.folders)
    which = f"The {_FOLDERS} largest of {n_folders:,} folders" if n_folders > _FOLDERS else "Each folder"
    return f"{which}; the stronger the colour, the larger a genre's share of it."


def _genres(overview: Overview) -> go.Figure:
    names, counts = list(overview.genres), list(overview.genres.values())
    n_other = overview.n_tracks - sum(counts)
    if n_other:
        names.append(_NO_GENRE)
        counts.append(n_other)
    colours = [_INK if name == _NO_GENRE else _ACCENT for name in names]
    texts = [f"{count:,} ({100 * count / max(1, overview.n_tracks):.0f} %)" for count in counts]
    bars = go.Bar(
        x=counts, y=names, orientation="h", marker_color=colours, text=texts, textposition="outside", cliponaxis=False
    )
    figure = go.Figure(bars)
    figure.update_layout(_layout(26 * len(names) + 50))
    figure.update_xaxes(title="tracks", range=[0, 1.35 * max(counts, default=1)])
    figure.update_yaxes(autorange="reversed")
    return figure


def _folders(overview: Overview) -> go.Figure:
    names = [*overview.genres, None]
    largest = list(overview.folders.items())[:_FOLDERS]
    counts = np.array([[counted[name] for name in names] for _, counted in largest])
    totals = counts.sum(axis=1, keepdims=True)
    figure = go.Figure(
        go.Heatmap(
            z=100 * counts / totals,
            x=[name or _NO_GENRE for name in names],
            y=[f"{_short(folder)} ({n:,})" for (folder, _), n in zip(largest, totals[:, 0], strict=True)],
            customdata=counts,
            hovertemplate="%{y}<br>%{x}: %{customdata:,} tracks, %{z:.0f} %<extra></extra>",
            colorscale=[[0, "rgba(11,122,85,0.04)"], [1, _ACCENT]],
            zmin=0,
            zmax=100,
            xgap=2,
            ygap=2,
            showscale=False,
        )
    )
    figure.update_layout(_layout(26 * len(largest) + 110))
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickangle=-45)
    return figure


def _short(folder: str) -> str:
    return folder if len(folder) <= 24 else folder[:23] + "…"


def _layout(height: int) -> dict[str, Any]:
    plain = {"showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True}
    return {
        "height": height,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _INK, "family": "system-ui, sans-serif"},
        "xaxis": plain,
        "yaxis": plain,
    }


def _chart(figure: go.Figure, name: str) -> str:
    settings = {"displayModeBar": False, "responsive": True}
    html: str = figure.to_html(full_html=False, include_plotlyjs=False, div_id=name, config=settings)
    return f'<div class="chart">{html}</div>'


def _table(tracks: list[ScannedTrack]) -> str:
    rows = "".join(
        f'<tr><td class="number">{escape(track.genre or "")} {track.probability:.2f}</td>'
        f'<td class="number">{escape(track.second_genre or "")} {track.second_probability:.2f}</td>'
        f'<td class="path">{escape(track.path)}</td></tr>'
        for track in tracks
    )
    head = "<tr><th>genre</th><th>second</th><th>track</th></tr>"
    return f"<table>{head}{rows}</table>"
