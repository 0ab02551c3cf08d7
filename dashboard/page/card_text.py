"""The model's card in words: what it is, how often it is right, what it cannot do. Only what the card states.

Figures that a card lacks (a model trained on other genres, say) leave their sentence out; none is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.page.texts import Texts
from model.checkpoint import Card

_TITLES: Final = {
    "two_block": "Two-block CNN",
    "two_block_8bit": "Two-block 8-bit",
    "two_block_plain": "Two-block plain",
}
_LISTS: Final = {
    "fault-filtered test": "card.list_filtered",
    "test": "card.list_test",
    "valid": "card.list_valid",
}
"""Texts of the lists that cards name."""

_STRANGERS: Final = ("folk", "techno", "opera", "speech")
_WELL_CALIBRATED: Final = 0.05
"""Difference of scores and true shares up to which a score may be read as a share."""


@dataclass(frozen=True)
class GenreFigure:
    """How one genre fares on the test list.

    Attributes
    ----------
    genre : str
        Of the model's genres.
    share : float
        Tracks of it that the model names so, 0 to 1.
    taken_for : str or None
        The genre it is most often taken for instead; None where it never is.
    """

    genre: str
    share: float
    taken_for: str | None


def title(card: Card) -> str:
    """Name a model for people: as its card's training does, or by its plain name.

    Parameters
    ----------
    card : Card
        Of the model.

    Returns
    -------
    str
        ``"Two-block CNN"``.
    """
    own = card.training.get("title")
    return str(own) if own else _TITLES.get(card.name, _cap(card.name.replace("_", " ")))


def headline(text: Texts, card: Card) -> str:
    """Say in one sentence how good the model is.

    Parameters
    ----------
    text : Texts
        Of the language.
    card : Card
        Of the model.

    Returns
    -------
    str
        The sentence; the figure is the one on artists never heard where the card has it.
    """
    figures, key = _honest(card)
    accuracy = figures.get("track_accuracy")
    if accuracy is None:
        return text("card.no_figure")
    n_genres = len(card.genres)
    guess = text("card.guess", right=_of_100(1 / n_genres)) if n_genres > 1 else text("card.one_genre")
    return text(key, right=_of_100(accuracy), guess=guess)


def what_it_is(text: Texts, card: Card) -> list[Any]:
    """Say what the model is and what it learned from.

    Parameters
    ----------
    text : Texts
        Of the language.
    card : Card
        Of the model.

    Returns
    -------
    list of (str or Component)
        Sentences; what the card itself says in English is marked as such.
    """
    params = card.params.audio
    n_descriptors = len(card.params.descriptors)
    said: list[Any] = [
        text(
            "card.form_descriptors" if n_descriptors else "card.form_log_mel",
            title=title(card),
            version=card.version,
            parameters=text.number(card.n_parameters),
            seconds=text.short(params.window_seconds),
            descriptors=n_descriptors,
            n=len(card.genres),
        )
    ]
    source, n_tracks = card.data.get("source"), card.data.get("n_tracks")
    if source is None:
        return said
    named = _quoted(text, str(source).split(";")[0].rstrip("."))
    if isinstance(n_tracks, int):
        said += [" ", *text.parts("card.learned_tracks", tracks=text.number(n_tracks), source=named)]
    else:
        said += [" ", *text.parts("card.learned", source=named)]
    return said + _who_taught(text, card)


def _who_taught(text: Texts, card: Card) -> list[Any]:
    """Say which pretrained networks it learned from beside the labels: what they know, it did not learn from GTZAN."""
    teachers, n_clips = card.data.get("teachers"), card.data.get("other_music_clips")
    if not isinstance(teachers, str):
        return []
    if teachers == "none":
        return [" ", text("card.no_teacher")]
    named = _quoted(text, teachers)
    if n_clips:
        return [" ", *text.parts("card.teachers_and_clips", teachers=named, clips=text.number(n_clips))]
    return [" ", *text.parts("card.teachers", teachers=named)]


def _quoted(text: Texts, english: str) -> Component | str:
    return english if text.language == "en" else html.Span(english, lang="en")


def accuracy_sentences(text: Texts, card: Card) -> list[str]:
    """Say how often the model is right, list by list, and how far its scores can be trusted."""
    figures = card.figures
    sentences = []
    clean = figures.get("artist_clean")
    split = str(figures.get("split", "test"))
    on_list = text(_LISTS[split]) if split in _LISTS else text("card.list_other", list=split)
    for values, name in (
        (figures, on_list),
        (clean if isinstance(clean, Mapping) else {}, text("card.list_new_artists")),
    ):
        if "track_accuracy" in values:
            sentences.append(
                text(
                    "card.accuracy",
                    list=name,
                    n=values.get("n_tracks", text("card.unknown_number")),
                    tracks=text.percent(values["track_accuracy"], 1),
                    windows=text.percent(values["window_accuracy"], 1),
                )
            )
    error = figures.get("expected_calibration_error")
    if error is not None:
        key = "card.calibrated" if float(error) <= _WELL_CALIBRATED else "card.not_calibrated"
        sentences.append(text(key, error=text.number(float(error), 3), score=text.number(0.8, 2)))
    return sentences


def genre_figures(card: Card) -> list[GenreFigure]:
    """List the genres, best first, with how often each is named right and what it is taken for.

    Parameters
    ----------
    card : Card
        Of the model.

    Returns
    -------
    list of GenreFigure
        Empty where the card has no confusion matrix of its genres.
    """
    counts = card.figures.get("confusion")
    if not isinstance(counts, list) or len(counts) != len(card.genres):
        return []
    rows = [_genre_figure(card.genres, index, row) for index, row in enumerate(counts) if sum(row)]
    return sorted(rows, key=lambda row: -row.share)


def limits(text: Texts, card: Card) -> list[str]:
    """Say what the model cannot do."""
    known = [*map(str.lower, card.genres)]
    strangers = [text(f"card.stranger.{name}") for name in _STRANGERS if name not in known]
    is_gtzan = "GTZAN" in str(card.data.get("source"))
    return [
        text("card.limit_genres", n=len(card.genres), strangers=", ".join(strangers)),
        text("card.limit_seconds", seconds=text.short(card.params.audio.window_seconds)),
        text("card.limit_gtzan" if is_gtzan else "card.limit_collection"),
        text("card.limit_unsure", spread=text.percent(card.largest_spread)),
    ]


def tracks_right(card: Card) -> str:
    """Say of how many tracks in a hundred the model names the genre, on the list its card states; a dash if none."""
    accuracy = card.figures.get("track_accuracy")
    return "\u2013" if accuracy is None else str(_of_100(accuracy))


def _honest(card: Card) -> tuple[Mapping[str, Any], str]:
    clean = card.figures.get("artist_clean")
    if isinstance(clean, Mapping) and "track_accuracy" in clean:
        return clean, "card.headline_new_artists"
    is_chosen_on = card.figures.get("split") == "valid"
    return card.figures, "card.headline_tuned" if is_chosen_on else "card.headline_unheard"


def _genre_figure(genres: Sequence[str], index: int, row: Sequence[int]) -> GenreFigure:
    wrong = [(count, other) for other, count in enumerate(row) if other != index and count]
    taken_for = genres[max(wrong, key=lambda pair: pair[0])[1]] if wrong else None
    return GenreFigure(genres[index], row[index] / sum(row), taken_for)


def _of_100(share: float) -> int:
    return round(100 * float(share))


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
