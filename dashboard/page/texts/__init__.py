"""The page's texts: one catalogue a language, JSON beside this module, read by the layout and by the modules alike.

A text has a key (``area.name``) and may hold ``{placeholders}``. Where it counts, it is an object with a form for
``one`` and one for ``other``, chosen by its number ``n``. The modules get those that they use, with the document
(`Texts.used_by`); ``assets/core/texts.mjs`` reads them by the same rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "de")
"""Those with a catalogue; the first is everyone's who asks for none of them."""

NAMES: Final = {"en": "English", "de": "Deutsch"}
"""What each calls itself."""

_HERE: Final = Path(__file__).parent
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_KEY: Final = re.compile(r"""["'`]([a-z_]+\.(?:[\w.-]*|(?=[{$])))(\$?\{)?""")

Text = str | Mapping[str, str]


@dataclass(frozen=True)
class Texts:
    """The texts of one language; called with a key, it gives one.

    Attributes
    ----------
    language : str
        As ``lang`` names it.
    entries : mapping of str to (str or mapping of str to str)
        The catalogue.
    """

    language: str
    entries: Mapping[str, Text]

    def __call__(self, key: str, **values: object) -> str:
        """Give a text with its placeholders filled in.

        Parameters
        ----------
        key : str
            In the catalogue.
        **values : object
            By placeholder; an integer ``n`` chooses between the forms of a text that counts.

        Returns
        -------
        str
            For people.
        """
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self._form(key, values))

    def parts(self, key: str, **values: Any) -> list[Any]:
        """Give a text as what stands between its placeholders and what they hold, a component perhaps."""
        split = _PLACEHOLDER.split(self._form(key, values))
        return [values[part] if place % 2 else part for place, part in enumerate(split) if part]

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number as the language does."""
        marks = {",": self("number.group_mark"), ".": self("number.decimal_mark"), "-": "\u2212"}
        return "".join(marks.get(sign, sign) for sign in f"{value:,.{decimals}f}")

    def short(self, value: float) -> str:
        """Write a number with no more decimals than it has."""
        decimals = len(f"{value:g}".partition(".")[2])
        return self.number(value, decimals)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share in percent."""
        return f"{self.number(100 * share, decimals)} %"

    def spoken(self, genre: str) -> str:
        """Name a genre within a sentence; one that the catalogue lacks has its own name."""
        return self(f"genre.{genre}") if f"genre.{genre}" in self.entries else genre

    def genre(self, genre: str) -> str:
        """Name a genre on its own."""
        name = self.spoken(genre)
        return name[:1].upper() + name[1:]

    def used_by(self, code: str) -> dict[str, Text]:
        """Give the entries that a program names (`keys_in`)."""
        used = keys_in(code, self.entries)
        return {key: text for key, text in self.entries.items() if key in used}

    def _form(self, key: str, values: Mapping[str, object]) -> str:
        entry = self.entries[key]
        if isinstance(entry, str):
            return entry
        return entry["one" if values["n"] == 1 else "other"]


@cache
def texts_in(language: str) -> Texts:
    """Load the catalogue of a language."""
    return Texts(language, json.loads((_HERE / f"{language}.json").read_text(encoding="utf-8")))


def keys_in(code: str, keys: Collection[str]) -> set[str]:
    """Find the keys that a program names, in Python or JavaScript.

    Parameters
    ----------
    code : str
        Its source.
    keys : collection of str
        Those of a catalogue.

    Returns
    -------
    set of str
        Each that stands there in quotes; of one that is put together (``f"measure.{name}.unit"``), all that begin so.
    """
    found: set[str] = set()
    for start, goes_on in _KEY.findall(code):
        found |= {key for key in keys if key.startswith(start)} if goes_on else {start} & set(keys)
    return found


def language_for(chosen: str | None, accepted: Mapping[str, float]) -> str:
    """Choose the language of a visitor.

    Parameters
    ----------
    chosen : str or None
        What the visitor has chosen here.
    accepted : mapping of str to float
        What the browser asks for, and how much (``Accept-Language``).

    Returns
    -------
    str
        One of `LANGUAGES`.
    """
    if chosen in LANGUAGES:
        return chosen
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for tag, weight in accepted.items():
        language = tag.lower().partition("-")[0]
        if language in weights:
            weights[language] = max(weights[language], weight)
    return max(LANGUAGES, key=lambda language: weights[language])
