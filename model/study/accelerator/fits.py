"""The file that fitted weights travel in, from the machine with the GPU to the one that exports them; needs no JAX."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError, TrainingError
from model.study.network import NetworkParams, build_network
from model.study.training.augment import AugmentParams
from model.study.training.params import TrainParams

if TYPE_CHECKING:
    import keras

LISTS: Final = ("train", "train-and-valid")
_TOLD: Final = "told"


@dataclass(frozen=True, eq=False)
class Fits:
    """Networks fitted with several seeds, and how.

    Attributes
    ----------
    weights : mapping of int to dict of str to np.ndarray
        Of each seed: arrays by the paths of Keras' weights, such as ``conv_1/kernel``.
    command : str
        That fitted them.
    device : str
        What it computed on.
    versions : dict of str to str
        Of the packages that computed.
    learnt_from : {"train", "train-and-valid"}
        GTZAN's lists of labelled tracks.
    genres : tuple of str
        Outputs, in order.
    train, augment, network : TrainParams, AugmentParams, NetworkParams
        How; the seed in `train` counts for the non-music alone.
    nonmusic : tuple of str
        Kinds of non-music learnt.
    lessons : dict
        Who taught, for the card.
    figures : mapping of int to dict of str to float
        Of each seed: ``loss`` of the last epoch, ``seconds``, and those of the valid list where it was not learnt from.
    """

    weights: Mapping[int, dict[str, NDArray[np.float32]]]
    command: str
    device: str
    versions: Mapping[str, str]
    learnt_from: str
    genres: tuple[str, ...]
    train: TrainParams
    augment: AugmentParams
    network: NetworkParams
    nonmusic: tuple[str, ...] = ()
    lessons: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Steps of each fit."""
        return self.train.epochs * self.train.steps_per_epoch

    def with_fit(self, seed: int, weights: dict[str, NDArray[np.float32]], figures: Mapping[str, float]) -> Fits:
        """Give these fits and one more."""
        return replace(self, weights={**self.weights, seed: weights}, figures={**self.figures, seed: figures})

    def by_accelerate(self) -> dict[str, Any]:
        """Say for a card or a result which program fitted the weights, and on what."""
        return {"command": self.command, "device": self.device, "versions": dict(self.versions)}

    def account(self, seed: int) -> dict[str, Any]:
        """Give the card's account of one fit, without the command that exports it.

        Parameters
        ----------
        seed : int
            Of the fit.
        """
        return {
            "fitted_by": self.by_accelerate(),
            "seed": seed,
            "epochs": self.train.epochs,
            "best_epoch": self.train.epochs,
            "steps": self.steps,
            "train": {**self.train.to_dict(), "seed": seed},
            "augment": self.augment.to_dict(),
            "network": self.network.to_dict(),
            "nonmusic": ", ".join(self.nonmusic) or "none",
            "nonmusic_seed": self.train.seed,
            **{name: value for name, value in self.figures.get(seed, {}).items() if name in ("seconds", "loss")},
        }

    def model_of(self, seed: int) -> keras.Model:
        """Build the network of a seed in Keras.

        Parameters
        ----------
        seed : int
            Of the fit.

        Raises
        ------
        ParameterError
            If there is no such fit.
        TrainingError
            If its weights are not those of the network that the file describes.
        """
        if seed not in self.weights:
            raise ParameterError(
                f"There is no fit with seed {seed}; the seeds are {', '.join(map(str, sorted(self.weights)))}."
            )
        model = build_network(self.network)
        found = self.weights[seed]
        expected = {weight.path: tuple(weight.shape) for weight in model.weights}
        if expected != {path: array.shape for path, array in found.items()}:
            raise TrainingError(f"The weights of seed {seed} are not those of the network described beside them.")
        model.set_weights([found[weight.path] for weight in model.weights])
        return model

    def write(self, path: Path) -> None:
        """Write a NumPy archive: each array as ``seed/path``, all else as JSON under ``told``.

        Parameters
        ----------
        path : Path
            Its folder is made if missing.
        """
        told = {
            "command": self.command,
            "device": self.device,
            "versions": dict(self.versions),
            "learnt_from": self.learnt_from,
            "genres": self.genres,
            "train": self.train.to_dict(),
            "augment": self.augment.to_dict(),
            "network": self.network.to_dict(),
            "nonmusic": self.nonmusic,
            "lessons": dict(self.lessons),
            "figures": {str(seed): dict(figures) for seed, figures in self.figures.items()},
        }
        arrays = {f"{seed}/{name}": array for seed, named in self.weights.items() for name, array in named.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **{_TOLD: np.array(json.dumps(told)), **arrays})

    @classmethod
    def read(cls, path: Path) -> Fits:
        """Read what `write` wrote.

        Parameters
        ----------
        path : Path
            The archive.

        Raises
        ------
        TrainingError
            If it is missing or not such a file.
        """
        weights: dict[int, dict[str, NDArray[np.float32]]] = {}
        try:
            with np.load(path) as stored:
                told = json.loads(str(stored[_TOLD]))
                for name in stored.files:
                    if name != _TOLD:
                        seed, _, weight = name.partition("/")
                        weights.setdefault(int(seed), {})[weight] = stored[name]
            network: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in told["network"].items()
            }
            return cls(
                weights,
                told["command"],
                told["device"],
                told["versions"],
                told["learnt_from"],
                tuple(told["genres"]),
                TrainParams(**told["train"]),
                AugmentParams(**told["augment"]),
                NetworkParams(**network),
                tuple(told["nonmusic"]),
                told["lessons"],
                {int(seed): figures for seed, figures in told["figures"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{path} holds no fits that this version can read ({error}); make it with python -m model accelerate."
            ) from error
