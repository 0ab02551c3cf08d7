"""The catalogues of texts: whole in every language, and what the code asks of them is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.api.problems import KINDS
from dashboard.page import texts
from dashboard.page.texts import Texts, keys_in, language_for, texts_in
from model.audio.warnings import CODES
from model.words import MEASURES

HERE = Path(texts.__file__).parent
CATALOGUES = {path.stem: texts_in(path.stem) for path in HERE.glob("*.json")}
ENGLISH = CATALOGUES["en"]


def placeholders(entry: texts.Text) -> set[str]:
    forms = [entry] if isinstance(entry, str) else list(entry.values())
    found = [set(re.findall(r"\{(\w+)\}", form)) for form in forms]
    assert all(each == found[0] for each in found)
    return found[0]


@pytest.mark.parametrize("language", sorted(set(CATALOGUES) - {"en"}))
def test_every_catalogue_has_the_same_texts_with_the_same_placeholders(language: str) -> None:
    other = CATALOGUES[language]
    assert list(other.entries) == list(ENGLISH.entries)
    for key, entry in ENGLISH.entries.items():
        assert placeholders(other.entries[key]) == placeholders(entry), key
        assert isinstance(other.entries[key], str) == isinstance(entry, str), key
        assert isinstance(entry, str) or set(entry) == set(other.entries[key]) == {"one", "other"}, key


@pytest.mark.parametrize("text", CATALOGUES.values(), ids=CATALOGUES)
def test_no_text_is_empty_or_written_with_typewriter_signs(text: Texts) -> None:
    for key, entry in text.entries.items():
        for form in [entry] if isinstance(entry, str) else entry.values():
            assert form.strip(), key
            assert '"' not in form, key


def test_what_the_model_and_the_service_name_has_a_text() -> None:
    """What the model calls a measure in answers, the English page calls it too."""
    for each in MEASURES:
        said = {
            name: ENGLISH(f"measure.{each.name}.{name}")
            for name in ("label", "unit", "more", "less", "same", "meaning")
        }
        assert said == {name: getattr(each, name) for name in said}
    assert {kind.slug for kind in KINDS.values()} <= {key.removeprefix("problem.") for key in ENGLISH.entries}
    assert {code: ENGLISH(f"warning.{code}") for code in CODES} == CODES


def test_a_text_is_filled_in_counts_and_can_hold_components() -> None:
    text = Texts("en", {"a.b": "{n} of {all}", "a.c": {"one": "{n} hour", "other": "{n} hours"}})
    assert text("a.b", n=1, all="ten") == "1 of ten"
    assert [text("a.c", n=n) for n in (0, 1, 2)] == ["0 hours", "1 hour", "2 hours"]
    assert text.parts("a.b", n=1, all=["x"]) == [1, " of ", ["x"]]
    with pytest.raises(KeyError):
        text("a.d")


def test_numbers_are_written_as_the_language_does() -> None:
    english, german = texts_in("en"), texts_in("de")
    assert (english.number(456314.5, 1), german.number(456314.5, 1)) == ("456,314.5", "456.314,5")
    assert (english.short(-60.0), german.short(2.5)) == ("\u221260", "2,5")
    assert german.percent(0.779, 1) == "77,9 %"


def test_genres_have_their_names_alone_and_within_a_sentence() -> None:
    english, german = texts_in("en"), texts_in("de")
    assert (english.genre("hiphop"), english.spoken("hiphop")) == ("Hip-hop", "hip-hop")
    assert (german.genre("classical"), german.spoken("jazz")) == ("Klassik", "Jazz")
    assert (german.genre("salsa"), german.spoken("salsa")) == ("Salsa", "salsa")


def test_the_keys_that_a_program_names_are_found() -> None:
    keys = ["a.one", "a.two", "b.x.unit", "b.y.unit", "c.one"]
    assert keys_in("text('a.one') text(f\"b.{name}.unit\")", keys) == {"a.one", "b.x.unit", "b.y.unit"}
    assert keys_in('text(`b.${name}.unit`); text(is ? "a.two" : "c.one")', keys) == {*keys} - {"a.one"}


def test_the_choice_comes_before_the_browsers_wish_and_english_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LANGUAGES", ("en", "de"))
    german = {"de-AT": 1.0, "de": 0.9, "en": 0.8}
    assert language_for(None, german) == "de"
    assert language_for("en", german) == "en"
    assert language_for("xx", {"fr": 1.0, "de": 0.5, "en": 0.7}) == "en"
    assert language_for(None, {"fr": 1.0}) == language_for(None, {}) == "en"
