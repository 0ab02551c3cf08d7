"""The model's card in words: what it is, how often it is right, what it cannot do. Only what the card states.

Figures that a card lacks (a model trained on other genres, say) leave their sentence out; none is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from model.checkpoint import Card

_TITLES: Final = {"two_block": "Two-block CNN"}


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


def headline(card: Card) -> str:
    """Say in one sentence how good the model is.

    Parameters
    ----------
    card : Card
        Of the model.

    Returns
    -------
    str
        The sentence; the figure is the one on artists never heard where the card has it.
    """
    figures, whose = _honest(card)
    accuracy = figures.get("track_accuracy")
    if accuracy is None:
        return "This model's card states no figure on tracks it never heard."
    n_genres = len(card.genres)
    guess = f"a guess is right on {_of_100(1 / n_genres)}" if n_genres > 1 else "it knows one genre only"
    return f"Right on {_of_100(accuracy)} of 100 tracks {whose}; {guess}."


def what_it_is(card: Card) -> str:
    """Say what the model is and what it learned from."""
    params = card.params.audio
    descriptors = card.params.descriptors
    form = f"as {len(descriptors)} hand-made descriptors" if descriptors else "as a log-mel spectrogram"
    first = (
        f"{title(card)} {card.version} has {card.n_parameters:,} parameters. It hears {params.window_seconds:g} "
        f"seconds of sound at a time {form} and spreads one unit of score over "
        f"{len(card.genres)} genres."
    )
    source, n_tracks = card.data.get("source"), card.data.get("n_tracks")
    if source is None:
        return first
    tracks = f" {n_tracks:,} tracks of" if isinstance(n_tracks, int) else ""
    learned = f"{first} It learned from{tracks} {str(source).split(';')[0].rstrip('.')}."
    return " ".join([learned, *_who_taught(card)])


def _who_taught(card: Card) -> list[str]:
    """Say which pretrained networks it learned from beside the labels: what they know, it did not learn from GTZAN."""
    teachers, n_clips = card.data.get("teachers"), card.data.get("other_music_clips")
    if not isinstance(teachers, str):
        return []
    if teachers == "none":
        return ["No other network taught it."]
    clips = f", and from {n_clips:,} clips of other music that only these have named" if n_clips else ""
    return [f"Beside the labels it learned from the opinions of {teachers}{clips}."]


def accuracy_sentences(card: Card) -> list[str]:
    """Say how often the model is right, list by list, and how far its scores can be trusted."""
    figures = card.figures
    sentences = []
    clean = figures.get("artist_clean")
    for values, name in (
        (figures, f"On the {figures.get('split', 'test')} list"),
        (clean if isinstance(clean, Mapping) else {}, "On its tracks by artists that are not in the training list"),
    ):
        if "track_accuracy" in values:
            sentences.append(
                f"{name} ({values.get('n_tracks', 'unknown')} tracks of 30 s): {_percent(values['track_accuracy'])} of "
                f"whole tracks and {_percent(values['window_accuracy'])} of single windows."
            )
    error = figures.get("expected_calibration_error")
    if error is not None:
        sentences.append(
            f"Calibration: scores and true shares differ by {float(error):.3f} on average. "
            "Of windows scored 0.80, about 80 in 100 are right on music like that of the test list."
            if float(error) <= 0.05
            else f"Calibration: scores and true shares differ by {float(error):.3f} on average; take them as a ranking."
        )
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


def limits(card: Card) -> list[str]:
    """Say what the model cannot do."""
    n_genres = len(card.genres)
    strangers = [name for name in ("folk", "techno", "opera") if name not in map(str.lower, card.genres)]
    collection = (
        "one collection of 1,000 clips gathered around 2001, with known faults (Sturm, 2013). The fault-filtered lists "
        "leave out the repeated and distorted ones."
        if "GTZAN" in str(card.data.get("source"))
        else "the one collection it learned from."
    )
    return [
        f"It knows {n_genres} genres and nothing else: whatever you play is spread over these, or called unsure. "
        f"It has no name for {', '.join((*strangers, 'speech'))} or rain.",
        f"It hears {card.params.audio.window_seconds:g} seconds, no more: no lyrics, no song form, no year, no artist.",
        f"Genres overlap and people disagree about them; its teacher is {collection}",
        f"A window whose scores are spread nearly evenly (entropy above {card.largest_spread:.0%} of the most "
        "possible) is called unsure. A score is no certainty: the model can be sure and wrong.",
    ]


def tracks_right(card: Card) -> str:
    """Say of how many tracks in a hundred the model names the genre, on the list its card states; a dash if none."""
    accuracy = card.figures.get("track_accuracy")
    return "\u2013" if accuracy is None else str(_of_100(accuracy))


def _honest(card: Card) -> tuple[Mapping[str, Any], str]:
    clean = card.figures.get("artist_clean")
    if isinstance(clean, Mapping) and "track_accuracy" in clean:
        return clean, "by artists it never heard"
    is_chosen_on = card.figures.get("split") == "valid"
    return card.figures, "that it did not learn from but was tuned on" if is_chosen_on else "it never heard"


def _genre_figure(genres: Sequence[str], index: int, row: Sequence[int]) -> GenreFigure:
    wrong = [(count, other) for other, count in enumerate(row) if other != index and count]
    taken_for = genres[max(wrong, key=lambda pair: pair[0])[1]] if wrong else None
    return GenreFigure(genres[index], row[index] / sum(row), taken_for)


def _of_100(share: float) -> int:
    return round(100 * float(share))


def _percent(share: float) -> str:
    return f"{100 * float(share):.1f} %"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
