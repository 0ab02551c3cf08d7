"""The palette: one source, told apart, readable."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

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
    edge_of,
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


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """How different two colours of CIELAB look (CIE 142; Sharma, Wu and Dalal, 2005)."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    (l1, a1, b1), (l2, a2, b2) = one, other
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = np.arctan2(b1, stretch * a1), np.arctan2(b2, stretch * a2)
    turn = (h2 - h1 + np.pi) % (2 * np.pi) - np.pi if c1 * c2 else 0.0
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(size * np.cos(n * hue + np.radians(shift)) for size, n, shift in waves)
    from_blue = ((np.degrees(hue) % 360) - 275) / 25
    twist = np.sin(np.radians(60 * np.exp(-(from_blue**2)))) * 2 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    saturation = (c2 - c1) / (1 + 0.045 * chroma)
    tint = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / (1 + 0.015 * chroma * t)
    return float(np.sqrt(lightness**2 + saturation**2 + tint**2 - twist * saturation * tint))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
        ((50, 0, 0), (50, -1, 2), 2.3669),
    ],
)
def test_the_difference_of_colours_is_that_of_the_published_pairs(one: tuple, other: tuple, difference: float) -> None:
    for pair in ((one, other), (other, one)):
        assert ciede2000(*map(np.array, pair)) == pytest.approx(difference, abs=1e-4)


def least_difference(pairs: Iterable[tuple[str, str]]) -> float:
    """The least that two colours of any pair differ, for any of the four sights."""
    return min(ciede2000(*sight) for one, other in pairs for sight in zip(seen(one), seen(other), strict=True))


def test_neighbours_in_the_stack_are_told_apart_by_all_eyes_and_in_grey() -> None:
    neighbours = list(itertools.pairwise(GENRE_COLOURS.values()))
    assert least_difference(neighbours) >= 12
    lightness = [(seen(one)[0][0], seen(other)[0][0]) for one, other in neighbours]
    assert min(abs(one - other) for one, other in lightness) >= 8


def test_any_two_genres_are_told_apart_by_all_eyes() -> None:
    assert least_difference(itertools.combinations(GENRE_COLOURS.values(), 2)) >= 10


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.scheme)
def test_the_edge_of_every_colour_stands_out_from_every_ground(theme: Theme) -> None:
    for colour in (*PETROFF10, *MORE_COLOURS):
        for ground in (theme.page, theme.surface, theme.raised, theme.track):
            assert contrast(edge_of(colour, theme), ground) >= 3


def nearest(colours: Sequence[str]) -> float:
    pairs = itertools.combinations(map(seen, colours), 2)
    return min(float(np.linalg.norm(one - other, axis=1).min()) for one, other in pairs)


def test_sixteen_colours_are_told_apart_by_colour_blind_eyes_as_well_as_ten() -> None:
    assert nearest((*PETROFF10, *MORE_COLOURS)) >= 17
    assert nearest((*PETROFF10, *MORE_COLOURS)) == nearest(PETROFF10)


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
