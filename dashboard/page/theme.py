"""The palette: ten fixed genre colours and the neutral tokens of the light and the dark theme.

This is the one source: ``assets/css/0_tokens.css`` is what `tokens_css` writes (``python -m dashboard.page.theme``
renews it, a test compares them), and the figures' templates in `dashboard.page.figures` are built from the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from dashboard.settings import PROJECT_FOLDER

PETROFF10: Final = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
"""Ten colours told apart by colour-blind eyes (Petroff, "Accessible color sequences for data visualization", 2021)."""

MORE_COLOURS: Final = ("#6400f0", "#f0c864", "#003c64", "#64283c", "#8c50f0", "#780014")
"""Six that extend the ten for models with more genres, found by search: in normal vision and under simulated
deuteranopia, protanopia and tritanopia none comes nearer to another of the sixteen (CIE76 distance of at least 17) than
two of the ten do to each other."""

# Handed out so that neighbours in the stack stay far apart (CIE76 distance of at least 29) in normal vision and under
# deuteranopia, protanopia and tritanopia, simulated after Machado et al., 2009.
GENRE_COLOURS: Final[dict[str, str]] = {
    "blues": "#3f90da",
    "classical": "#b9ac70",
    "country": "#e76300",
    "disco": "#832db6",
    "hiphop": "#94a4a2",
    "jazz": "#ffa90e",
    "metal": "#bd1f01",
    "pop": "#717581",
    "reggae": "#92dadd",
    "rock": "#a96b59",
}

EDGE_INK: Final = 0.45
"""Share of ink in the edge of what has a genre's colour: enough for 3:1 against every ground, whatever the colour."""

TOKENS_PATH: Final = PROJECT_FOLDER / "assets" / "css" / "0_tokens.css"

FONT_STACK: Final = (
    '"Inter Variable", -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Ubuntu, Cantarell, "Noto Sans", '
    '"Helvetica Neue", "Liberation Sans", Arial, sans-serif'
)


@dataclass(frozen=True)
class Theme:
    """Colours of one theme, ``#rrggbb``.

    Attributes
    ----------
    scheme : {"light", "dark"}
        Its name, and the value of ``color-scheme``.
    page, surface, raised : str
        Background of the page, of a control, of a dialog.
    ink, muted : str
        Text, and quieter text; both pass AA on each background.
    line, track : str
        Hairlines; the empty part of a bar.
    edge : str
        Outline of a control, 3:1 on the page.
    accent, on_accent : str
        The one colour of controls and of the playhead, and the text upon it.
    danger : str
        Text of an error.
    wave : str
        The waveform.
    speaks_for, speaks_against : str
        What on the spectrogram, then in grey, raised a genre's score and what lowered it: two colours that all eyes
        tell apart.
    """

    scheme: str
    page: str
    surface: str
    raised: str
    ink: str
    muted: str
    line: str
    track: str
    edge: str
    accent: str
    on_accent: str
    danger: str
    wave: str
    speaks_for: str
    speaks_against: str


LIGHT: Final = Theme(
    scheme="light",
    page="#fbfbfa",
    surface="#f1f1ef",
    raised="#ffffff",
    ink="#17191c",
    muted="#5a5f66",
    line="#e2e2df",
    track="#ebebe8",
    edge="#85898f",
    accent="#0b7a55",
    on_accent="#ffffff",
    danger="#b3261e",
    wave="#3b3f45",
    speaks_for="#c24e00",
    speaks_against="#0a58c9",
)
DARK: Final = Theme(
    scheme="dark",
    page="#121315",
    surface="#1d1f22",
    raised="#232529",
    ink="#eeeff0",
    muted="#a2a7ae",
    line="#2c2f33",
    track="#26282c",
    edge="#767b82",
    accent="#45c796",
    on_accent="#07140f",
    danger="#ff8f85",
    wave="#c9cdd2",
    speaks_for="#ff9a2e",
    speaks_against="#5aa0ff",
)
THEMES: Final = (LIGHT, DARK)


def genre_colours(genres: Sequence[str]) -> dict[str, str]:
    """Give each genre its colour.

    Parameters
    ----------
    genres : sequence of str
        The model's outputs, in order.

    Returns
    -------
    dict of str to str
        ``#rrggbb`` by genre: the ten genres keep their own, others take in order what these leave of the sixteen,
        around again when all are taken.
    """
    known = {genre: GENRE_COLOURS[genre] for genre in genres if genre in GENRE_COLOURS}
    free = [colour for colour in (*PETROFF10, *MORE_COLOURS) if colour not in known.values()]
    others = (genre for genre in genres if genre not in known)
    given = {genre: free[index % len(free)] for index, genre in enumerate(others)}
    return {genre: known.get(genre) or given[genre] for genre in genres}


def ink_on(colour: str) -> str:
    """Choose black or white, whichever is read better upon a colour."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))


def edge_of(colour: str, theme: Theme) -> str:
    """Give the edge of what has a genre's colour: the ink laid over it, as ``--genre-edge`` does."""
    mixed = (
        round((1 - EDGE_INK) * int(colour[start : start + 2], 16) + EDGE_INK * int(theme.ink[start : start + 2], 16))
        for start in (1, 3, 5)
    )
    return "#" + "".join(f"{value:02x}" for value in mixed)


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours (WCAG 2.2).

    Parameters
    ----------
    one, other : str
        ``#rrggbb``.

    Returns
    -------
    float
        1 to 21.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tokens_css() -> str:
    """Write both themes as CSS custom properties: the system's choice, overruled by ``data-theme`` on ``html``.

    Paper is light.
    """
    light, dark = (_properties(theme) for theme in THEMES)
    edge = f"  --genre-edge: color-mix(in srgb, var(--ink) {EDGE_INK:.0%}, transparent);\n"
    return (
        "/* Written by `python -m dashboard.page.theme` from dashboard/page/theme.py; change it there. */\n"
        f":root {{\n  --font: {FONT_STACK};\n{edge}{light}}}\n"
        f'@media screen and (prefers-color-scheme: dark) {{\n:root:not([data-theme="light"]) {{\n{dark}}}\n}}\n'
        f'@media screen {{\n:root[data-theme="dark"] {{\n{dark}}}\n}}\n'
    )


def _properties(theme: Theme) -> str:
    colours = "".join(
        f"  --{field.name.replace('_', '-')}: {getattr(theme, field.name)};\n"
        for field in fields(theme)
        if field.name != "scheme"
    )
    return f"  color-scheme: {theme.scheme};\n{colours}"


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


if __name__ == "__main__":
    TOKENS_PATH.write_text(tokens_css(), encoding="utf-8")
