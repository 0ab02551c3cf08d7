"""The models that can be asked: the default one and the checkpoints in the models folder, loaded when first needed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.errors import ModelsError, UnknownModelError
from model.checkpoint import CARD_NAME, Card, read_card
from model.classifier import Classifier
from model.errors import GenreError
from model.scorer import Scorer

_log = logging.getLogger(__name__)

_LONGEST_NAME_TOLD: Final = 40


@dataclass(frozen=True)
class Offer:
    """One model that can be asked.

    Attributes
    ----------
    name : str
        What it is called in addresses: its card's name, with the weights' hash where two share it.
    folder : Path
        Its checkpoint.
    card : Card
        What it is.
    """

    name: str
    folder: Path
    card: Card


class Models:
    """Reads all cards at once, and each model's weights when someone first asks for its scores.

    Parameters
    ----------
    default : Path
        Checkpoint of the model that answers unless another is named.
    folder : Path
        Each folder in it that holds a card is one more checkpoint. One that cannot be used beside the default (a
        damaged card, another sample rate) is left out, and the log says so.

    Raises
    ------
    CheckpointError
        If the default's card cannot be read.
    ModelsError
        If there is no such folder.
    """

    def __init__(self, default: Path, folder: Path) -> None:
        self.default = Offer((card := read_card(default)).name, default, card)
        self._offers = {self.default.name: self.default}
        for offer in _found(folder, self.default):
            self._add(offer)
        self._scorers: dict[str, Scorer] = {}
        self._loading = {name: threading.Lock() for name in self._offers}

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All models: the default first, then by name."""
        return tuple(self._offers.values())

    @property
    def comparable(self) -> tuple[Offer, ...]:
        """The other models that name the default's genres, in its order: what may stand beside it."""
        return tuple(offer for offer in self.offers[1:] if offer.card.genres == self.default.card.genres)

    def offer(self, name: str | None = None) -> Offer:
        """Find a model.

        Parameters
        ----------
        name : str, optional
            As `Offer` has it; the default model without it.

        Returns
        -------
        Offer
            The model.

        Raises
        ------
        UnknownModelError
            If there is none of this name.
        """
        if name is None:
            return self.default
        if found := self._offers.get(name):
            return found
        known = ", ".join(self._offers)
        raise UnknownModelError(f"There is no model called {name[:_LONGEST_NAME_TOLD]!r} here; use one of: {known}.")

    def scorer(self, name: str | None = None) -> Scorer:
        """Give what scores with a model; its weights are loaded the first time.

        Parameters
        ----------
        name : str, optional
            As `Offer` has it; the default model without it.

        Returns
        -------
        Scorer
            Shared by all who ask; closed by `close`.

        Raises
        ------
        UnknownModelError
            If there is none of this name.
        CheckpointError
            If its weights are damaged.
        """
        offer = self.offer(name)
        with self._loading[offer.name]:
            if offer.name not in self._scorers:
                self._scorers[offer.name] = Scorer(Classifier(offer.folder))
            return self._scorers[offer.name]

    def close(self) -> None:
        """End the threads of all that were loaded."""
        for scorer in list(self._scorers.values()):
            scorer.close()

    def _add(self, offer: Offer) -> None:
        if any(known.card.short_hash == offer.card.short_hash for known in self.offers):
            return  # the same weights once more, the default's own folder above all
        name = offer.name if offer.name not in self._offers else f"{offer.name}-{offer.card.short_hash}"
        self._offers[name] = Offer(name, offer.folder, offer.card)


def _found(folder: Path, default: Offer) -> list[Offer]:
    """Read the cards in a folder, by name."""
    if not folder.is_dir():
        raise ModelsError(f"{folder} is no folder; name the one with the checkpoints in GENRE_MODELS_FOLDER.")
    rate_hz = default.card.params.audio.sample_rate_hz
    offers = []
    for path in sorted(folder.iterdir()):
        if not (path / CARD_NAME).is_file():
            continue
        try:
            card = read_card(path)
            serving = card.files.get("litert")
        except GenreError as error:
            _log.warning("The model in %s is left out: %s", path, error)
            continue
        if serving is None or not (path / serving.name).is_file():
            _log.warning("The model in %s is left out: it has no LiteRT weights.", path)
        elif card.params.audio.sample_rate_hz != rate_hz:
            hears_hz = card.params.audio.sample_rate_hz
            _log.warning("The model in %s is left out: it hears %d Hz, the default %d Hz.", path, hears_hz, rate_hz)
        else:
            offers.append(Offer(card.name, path, card))
    return sorted(offers, key=lambda offer: offer.name)
