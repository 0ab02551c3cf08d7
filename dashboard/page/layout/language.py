"""The choice of the page's language, at its foot."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import LANGUAGES, NAMES, Texts


def choice(text: Texts) -> list[Component]:
    """Build a button for each language, by its own name; `assets/core/language.mjs` remembers which was pressed.

    Parameters
    ----------
    text : Texts
        Of the page's language, whose button is pressed.

    Returns
    -------
    list of Component
        Empty where there is but one language.
    """
    if len(LANGUAGES) < 2:
        return []
    buttons = [
        html.Button(
            NAMES[language],
            className="text-button",
            lang=language,
            **{"type": "button", "data-language": language, "aria-pressed": str(language == text.language).lower()},
        )
        for language in LANGUAGES
    ]
    return [
        html.Div(buttons, id="languages", className="languages", role="group", **{"aria-label": text("page.language")})
    ]
