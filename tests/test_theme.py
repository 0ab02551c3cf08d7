"""The palette: one source, told apart, readable."""

from __future__ import annotations

import pytest

from dashboard.theme import (
    GENRE_COLOURS,
    PETROFF10,
    THEMES,
    TOKENS_PATH,
    Theme,
    contrast,
    genre_colours,
    tokens_css,
)
from model.genres import GENRES


def test_the_style_sheet_has_the_themes_of_this_module() -> None:
    assert TOKENS_PATH.read_text(encoding="utf-8") == tokens_css()


def test_each_genre_has_a_colour_of_its_own_from_the_palette() -> None:
    assert tuple(GENRE_COLOURS) == GENRES
    assert sorted(GENRE_COLOURS.values()) == sorted(PETROFF10)


def test_other_genres_get_the_palette_in_order_and_around_again() -> None:
    colours = genre_colours([f"genre {n}" for n in range(12)])
    assert list(colours.values()) == [*PETROFF10, *PETROFF10[:2]]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.scheme)
def test_text_passes_aa_on_every_background(theme: Theme) -> None:
    for background in (theme.page, theme.surface, theme.raised):
        for text in (theme.ink, theme.muted, theme.accent, theme.danger):
            assert contrast(text, background) >= 4.5
        assert contrast(theme.edge, background) >= 3
    assert contrast(theme.on_accent, theme.accent) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
