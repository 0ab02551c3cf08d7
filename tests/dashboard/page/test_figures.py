"""The figures are what Plotly accepts, in both themes, and link to nothing."""

from __future__ import annotations

import pytest

from dashboard.page import figures
from dashboard.page.layout.document import PLOTLY, PLOTLY_VERSION
from dashboard.page.theme import GENRE_COLOURS
from dashboard.settings import PROJECT_FOLDER
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


def test_the_pages_part_of_plotly_is_of_the_version_of_the_package() -> None:
    offline = pytest.importorskip("plotly.offline")
    assert offline.get_plotlyjs_version() == PLOTLY_VERSION
    assert f"v{PLOTLY_VERSION}" in (PROJECT_FOLDER / "assets" / PLOTLY).read_text(encoding="utf-8")[:200]


def test_graphs_have_no_buttons_and_link_to_nothing() -> None:
    config = figures.graph_config()
    assert (config["displayModeBar"], config["displaylogo"]) == (False, False)
