"""The models that can be asked: the default one and the checkpoints in the models folder, loaded when first needed."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.errors import ModelsError, ModelUnusableError, UnknownModelError
from model.checkpoint import CARD_NAME, Card, read_card
from model.classifier import Classifier
from model.errors import GenreError
from model.scorer import Scorer

_log = logging.getLogger(__name__)

_LONGEST_NAME_SHOWN: Final = 40


@dataclass(frozen=True)
class ServedModel:
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
        self.default = ServedModel((card := read_card(default)).name, default, card)
        self._served = {self.default.name: self.default}
        for model in _found(folder, self.default):
            self._add(model)
        self._scorers: dict[str, Scorer] = {}
        self._loading = {name: threading.Lock() for name in self._served}
        self._first = threading.Thread(target=self._load_default, name="loading", daemon=True)
        self._fault: str | None = None

    @property
    def served(self) -> tuple[ServedModel, ...]:
        """All models: the default first, then by name."""
        return tuple(self._served.values())

    @property
    def others(self) -> tuple[ServedModel, ...]:
        """The other models with the default's genres, in its order: what may stand beside it."""
        return tuple(model for model in self.served[1:] if model.card.genres == self.default.card.genres)

    def find(self, name: str | None = None) -> ServedModel:
        """Find a model.

        Parameters
        ----------
        name : str, optional
            As `ServedModel` has it; the default model without it.

        Returns
        -------
        ServedModel
            The model.

        Raises
        ------
        UnknownModelError
            If there is none of this name.
        """
        if name is None:
            return self.default
        if found := self._served.get(name):
            return found
        known = ", ".join(self._served)
        raise UnknownModelError(f"There is no model called {name[:_LONGEST_NAME_SHOWN]!r} here; use one of: {known}.")

    def scorer(self, name: str | None = None) -> Scorer:
        """Give what scores with a model; its weights are loaded the first time.

        Parameters
        ----------
        name : str, optional
            As `ServedModel` has it; the default model without it.

        Returns
        -------
        Scorer
            Shared by all who ask; closed by `close`.

        Raises
        ------
        UnknownModelError
            If there is none of this name.
        ModelUnusableError
            If its weights are damaged; why is logged.
        """
        model = self.find(name)
        with self._loading[model.name]:
            if model.name not in self._scorers:
                try:
                    self._scorers[model.name] = Scorer(Classifier(model.folder))
                except (GenreError, OSError) as error:
                    _log.error("The model %s cannot be used: %s", model.name, error)
                    raise ModelUnusableError(
                        f"The weights of {model.name} are missing or are not those that its card names; "
                        "the operator finds more in the log. Use another model, or try again later."
                    ) from error
            return self._scorers[model.name]

    def load_default(self) -> None:
        """Begin to load the default's weights, without waiting for them; `default_state` tells what came of it."""
        self._first.start()

    def default_state(self) -> str:
        """Say how it is with the default's weights: ``ok``, or what is wrong."""
        if self.default.name in self._scorers:
            return "ok"
        return self._fault or "its weights are being loaded"

    def close(self) -> None:
        """End the threads of all that were loaded."""
        if self._first.is_alive():
            self._first.join()
        for scorer in list(self._scorers.values()):
            scorer.close()

    def _load_default(self) -> None:
        try:
            self.scorer()
        except GenreError as error:
            self._fault = str(error)

    def _add(self, model: ServedModel) -> None:
        if any(known.card.short_hash == model.card.short_hash for known in self.served):
            return  # the same weights once more, the default's own folder above all
        name = model.name if model.name not in self._served else f"{model.name}-{model.card.short_hash}"
        self._served[name] = ServedModel(name, model.folder, model.card)


def _found(folder: Path, default: ServedModel) -> list[ServedModel]:
    """Read the cards in a folder, by name."""
    if not folder.is_dir():
        raise ModelsError(f"{folder} is no folder; name the one with the checkpoints in GENRE_MODELS_FOLDER.")
    rate_hz = default.card.params.audio.sample_rate_hz
    models = []
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
            models.append(ServedModel(card.name, path, card))
    return sorted(models, key=lambda model: model.name)
