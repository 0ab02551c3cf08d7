"""The layout as HTML: every component as a browser reads it, and nothing that could break out of its place."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.page.written import written


class Reader(HTMLParser):
    """Reads HTML as a browser does: elements with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.ended: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.ended.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_components_become_elements_with_the_attributes_of_html() -> None:
    part = html.Label(
        ["Name ", html.Img(className="field", hidden=True, tabIndex=-1, draggable=False), None, 3],
        htmlFor="x",
        style={"backgroundColor": "#fff", "--rows": "3"},
        **{"aria-label": "A name"},
    )
    assert written(part) == (
        '<label for="x" style="background-color:#fff;--rows:3" aria-label="A name">Name '
        '<img class="field" hidden tabindex="-1">3</label>'
    )


@given(text=st.text(st.characters(blacklist_categories=["Cs", "Cc"])), value=st.text("\"'<>&= a/"))
def test_text_and_values_stay_what_they_are(text: str, value: str) -> None:
    reader = Reader(written(html.P(text, title=value)))
    assert reader.elements == [("p", {"title": value})]
    assert (reader.words, reader.ended) == (text, ["p"])


def test_a_graph_holds_its_figure_for_the_module_that_draws_it() -> None:
    figure = {"data": [], "layout": {"title": {"text": "it's <1>"}}}
    graph = dcc.Graph(id="g", figure=figure, config={"responsive": True}, className="graph")
    (_, attributes), (_, inner) = Reader(written(graph)).elements
    assert json.loads(attributes["data-figure"] or "") == figure
    assert json.loads(attributes["data-options"] or "") == {"responsive": True}
    assert (attributes["id"], inner["class"]) == ("g", "graph")


def test_a_component_that_needs_dashs_scripts_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"dash_core_components\.Dropdown needs"):
        written(html.Div(dcc.Dropdown()))
