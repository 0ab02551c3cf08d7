"""The figures are what Plotly accepts, in both themes, and link to nothing."""

from __future__ import annotations

import pytest

from dashboard.page import figures
from dashboard.page.layout.document import PLOTLY, PLOTLY_VERSION
from dashboard.page.texts import texts_in
from dashboard.page.theme import GENRE_COLOURS, THEMES, contrast
from dashboard.settings import PROJECT_FOLDER
from model.genres import GENRES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plotly_accepts_the_figure_with_both_templates(scheme: str) -> None:
    objects = pytest.importorskip("plotly.graph_objects")
    figure = figures.timeline(texts_in("en"), GENRES)
    figure["layout"]["template"] = figures.templates()[scheme]
    objects.Figure(figure)


def test_the_spectrogram_is_the_page_where_it_is_quiet_and_ever_further_from_it_the_louder() -> None:
    for theme in THEMES:
        scale = figures.scales()[theme.scheme]
        assert [position for position, _ in scale] == sorted({position for position, _ in scale})
        assert (scale[0], scale[-1][0]) == ([0, theme.page], 1)
        contrasts = [contrast(colour, theme.page) for _, colour in scale]
        assert contrasts == sorted(contrasts)


def test_the_timeline_stacks_the_genres_from_the_last_up_in_their_colours() -> None:
    traces = figures.timeline(texts_in("en"), GENRES)["data"]
    assert [trace["meta"] for trace in traces] == [*reversed(GENRES), "unsure", "outline"]
    assert all(trace["fillcolor"] == GENRE_COLOURS[trace["meta"]] for trace in traces[:-2])


def test_the_pages_part_of_plotly_is_of_the_version_of_the_package() -> None:
    offline = pytest.importorskip("plotly.offline")
    assert offline.get_plotlyjs_version() == PLOTLY_VERSION
    assert f"v{PLOTLY_VERSION}" in (PROJECT_FOLDER / "assets" / PLOTLY).read_text(encoding="utf-8")[:200]


def test_graphs_have_no_buttons_and_link_to_nothing() -> None:
    config = figures.graph_config()
    assert (config["displayModeBar"], config["displaylogo"]) == (False, False)
