"""The help dialog: keys, and what the words on the page mean."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.layout.document import DOCUMENTATION_ADDRESS
from dashboard.page.texts import Texts
from dashboard.page.words import hop_words, silence_words

_KEYS: Final = (
    (("help.key.space", "K"), "play"),
    (("\u2190", "\u2192"), "step"),
    (("help.key.shift_left", "help.key.shift_right"), "step_window"),
    (("help.key.home", "help.key.end"), "ends"),
    (("0", "\u2026", "9"), "tenths"),
    (("R",), "loop"),
    (("+", "\u2212"), "zoom"),
    (("P", "N"), "tracks"),
    (("help.key.shift_1", "\u2026", "4"), "sample"),
    (("M", "\u2191", "\u2193"), "volume"),
    (("T",), "theme"),
    (("W",), "why"),
    (("B",), "what_if"),
    (("A", "help.key.shift_a"), "add"),
    (("?",), "help"),
)
"""What is written on the keys, or its text, and the text of what they do."""

_WORDS: Final = ("window", "now", "unsure", "silence", "scores", "why", "closer", "compare")


def help_dialog(
    text: Texts,
    window_seconds: float,
    *,
    has_others: bool,
    can_explain: bool,
    has_documentation: bool,
    is_own_machine: bool,
) -> Component:
    """Build the dialog; `assets/panels/help.mjs` opens it.

    Parameters
    ----------
    text : Texts
        Of the language.
    window_seconds : float
        What the model hears at once.
    has_others : bool
        Whether another model may be chosen.
    can_explain : bool
        Whether the model can be asked why.
    has_documentation : bool
        Whether it has been built, so that the dialog can lead to it.
    is_own_machine : bool
        Whether whoever reads this can build it.

    Returns
    -------
    Component
        The dialog.
    """
    values = {"window": text.short(window_seconds), "hop_words": hop_words(text), "silence": silence_words(text)}
    left_out = {*(["why"] * (not can_explain)), *(["compare"] * (not has_others))}
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2(text("help.title"), id="help-title"),
                    html.Button(
                        id="help-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": text("common.close"), "data-icon": "close"},
                    ),
                ],
                className="dialog-head",
            ),
            html.Dl(
                [
                    html.Div(
                        [html.Dt([html.Kbd(_written(text, key)) for key in keys]), html.Dd(text(f"help.does.{what}"))],
                        className="key-row",
                    )
                    for keys, what in _KEYS
                    if what not in left_out
                ],
                className="keys",
            ),
            html.Dl(
                [
                    html.Div(
                        [
                            html.Dt(text(f"help.word.{word}")),
                            html.Dd(text(f"help.meaning.{word}", **values)),
                        ],
                        className="word-row",
                    )
                    for word in _WORDS
                    if word not in left_out
                ],
                className="glossary",
            ),
            html.P(
                text("help.foot"),
                className="words",
            ),
            *_documentation(text, has_documentation=has_documentation, is_own_machine=is_own_machine),
        ],
        id="help",
        className="help",
        **{"aria-labelledby": "help-title"},
    )


def _written(text: Texts, key: str) -> str:
    """Write what stands on a key, which some languages call otherwise."""
    return text(key) if key in text.entries else key


def _documentation(text: Texts, *, has_documentation: bool, is_own_machine: bool) -> list[Component]:
    if has_documentation:
        link = html.A(text("help.docs"), href=DOCUMENTATION_ADDRESS, target="_blank")
        return [html.P([link, ": ", text("help.docs_what")], className="words")]
    return [html.P(text("help.docs_build"), className="words")] * is_own_machine
