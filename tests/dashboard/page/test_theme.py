"""The palette: one source, told apart, readable."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from dashboard.page.theme import (
    GENRE_COLOURS,
    MORE_COLOURS,
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
    colours = genre_colours([f"genre {n}" for n in range(18)])
    assert list(colours.values()) == [*PETROFF10, *MORE_COLOURS, *PETROFF10[:2]]


def test_a_known_genre_keeps_its_colour_among_others_and_nobody_else_has_it() -> None:
    colours = genre_colours(["tango", "jazz", *(f"genre {n}" for n in range(13)), "rock"])
    assert (colours["jazz"], colours["rock"]) == (GENRE_COLOURS["jazz"], GENRE_COLOURS["rock"])
    assert colours["tango"] == PETROFF10[0]
    assert len(set(colours.values())) == 16


# What colour-blind eyes see of linear RGB (Machado, Oliveira and Fernandes, 2009): none, deutan, protan, tritan.
SIGHTS = (
    np.eye(3),
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
)


def seen(colour: str) -> np.ndarray:
    """The colour in CIELAB, as each of the four sights has it."""
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    rgb = np.clip(np.array(SIGHTS) @ linear, 0, 1)
    xyz = rgb @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
    x, y, z = np.where((scaled := xyz / (0.9505, 1, 1.089)) > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116).T
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=1)


def nearest(colours: Sequence[str]) -> float:
    pairs = itertools.combinations(map(seen, colours), 2)
    return min(float(np.linalg.norm(one - other, axis=1).min()) for one, other in pairs)


def test_sixteen_colours_are_told_apart_by_colour_blind_eyes_as_well_as_ten() -> None:
    assert nearest((*PETROFF10, *MORE_COLOURS)) >= 17
    assert nearest((*PETROFF10, *MORE_COLOURS)) == nearest(PETROFF10)
    for theme in THEMES:
        assert min(contrast(colour, theme.page) for colour in MORE_COLOURS) > 1.4


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
