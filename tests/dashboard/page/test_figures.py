"""The figures are what Plotly accepts, in both themes, and link to nothing."""

from __future__ import annotations

import pytest

from dashboard.page import figures
from dashboard.page.theme import GENRE_COLOURS
from model.genres import GENRES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plotly_accepts_both_figures_with_both_templates(scheme: str) -> None:
    objects = pytest.importorskip("plotly.graph_objects")
    for figure in (figures.timeline(GENRES), figures.spectrogram()):
        figure["layout"]["template"] = figures.templates()[scheme]
        objects.Figure(figure)


def test_the_timeline_stacks_the_genres_from_the_last_up_in_their_colours() -> None:
    traces = figures.timeline(GENRES)["data"]
    assert [trace["meta"] for trace in traces] == [*reversed(GENRES), "unsure"]
    assert all(trace["fillcolor"] == GENRE_COLOURS[trace["meta"]] for trace in traces[:-1])


def test_graphs_have_no_buttons_and_link_to_nothing() -> None:
    config = figures.graph_config()
    assert (config["displayModeBar"], config["displaylogo"]) == (False, False)
