"""The help dialog: keys, and what the words on the page mean."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.page.words import hop_words, silence_words

KEYS = (
    (("Space", "K"), "Play or pause"),
    (("\u2190", "\u2192"), "Back or on by 5 seconds; J and L by 10"),
    (("Shift \u2190", "Shift \u2192"), "Back or on by one window"),
    (("Home", "End"), "Start or end of the track"),
    (("0", "\u2026", "9"), "To so many tenths of the track"),
    (("R",), "The window just heard, over and over; Shift and drag in a picture: a stretch of your own"),
    (("+", "\u2212"), "Look closer in time, or less; also Ctrl and wheel, or two fingers"),
    (("P", "N"), "The track before, the next"),
    (("Shift 1", "\u2026", "4"), "Choose a sample"),
    (("M", "\u2191", "\u2193"), "Mute; in the player, louder or softer"),
    (("T",), "Light or dark"),
    (("?",), "This help"),
)

KEY_OF_WHAT_IF = (("B",), "What if: hear it changed, or as it is")

KEY_OF_WHY = (("W",), "Why this genre, on the spectrogram")

WORDS = (
    ("Window", "{window} seconds of sound: what the network hears at once. A new one ends {hop_words}."),
    ("Now", "The last window that has ended at the playhead: nothing you have not heard yet."),
    ("Unsure", "No genre stands out. The bars stay, dimmed; none leads."),
    ("Silence", "The window is too quiet to judge (below {silence} dBFS)."),
    ("Scores", "What the model gives each genre; they add up to 1. Not certainty."),
)

WHY = (
    "Why",
    "What in the last window raised a genre's score against the others, and what lowered it. Press a genre to ask "
    "about it. Hiding the marked cells would change the score most.",
)

CLOSER = (
    "Look closer",
    "Three panels below: the sound in musicians' words, knobs that change it and its scores, a map of genres.",
)

COMPARED = ("Compare", "Another model hears the same sound. Its bars are the thin ones, its numbers the second.")


def help_dialog(window_seconds: float, *, has_others: bool, can_explain: bool) -> Component:
    """Build the dialog; `assets/panels/help.mjs` opens it.

    Parameters
    ----------
    window_seconds : float
        What the model hears at once.
    has_others : bool
        Whether another model may be chosen.
    can_explain : bool
        Whether the model can be asked why.

    Returns
    -------
    Component
        The dialog.
    """
    values = {"window": f"{window_seconds:g}", "hop_words": hop_words(), "silence": silence_words()}
    words = (*WORDS, *([WHY] * can_explain), CLOSER, *([COMPARED] * has_others))
    all_keys = (*KEYS[:-1], *([KEY_OF_WHY] * can_explain), KEY_OF_WHAT_IF, KEYS[-1])
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2("Keys and words", id="help-title"),
                    html.Button(
                        id="help-close",
                        className="icon-button",
                        **{"type": "button", "aria-label": "Close", "data-icon": "close"},
                    ),
                ],
                className="dialog-head",
            ),
            html.Dl(
                [
                    html.Div([html.Dt([html.Kbd(key) for key in keys]), html.Dd(what)], className="key-row")
                    for keys, what in all_keys
                ],
                className="keys",
            ),
            html.Dl(
                [
                    html.Div(
                        [
                            html.Dt(word),
                            html.Dd(meaning.format(**values)),
                        ],
                        className="word-row",
                    )
                    for word, meaning in words
                ],
                className="glossary",
            ),
            html.P(
                "Click or drag in any picture to go there. Your own tracks are seen by this browser only.",
                className="words",
            ),
        ],
        id="help",
        className="help",
        **{"aria-labelledby": "help-title"},
    )
