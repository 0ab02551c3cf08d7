"""The two-block network's fit put together, for the commands and the recipe: network, non-music, settings."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.study.datasets.gtzan import Clips
from model.study.datasets.nonmusic import windows_to_learn
from model.study.network import NetworkParams
from model.study.training.augment import AugmentParams
from model.study.training.fit import FitResult, fit
from model.study.training.lessons import Lessons
from model.study.training.params import TrainParams

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class TwoBlockFit:
    """A fitted network and all that its card says of the fit.

    Attributes
    ----------
    result : FitResult
        Network and history.
    train, augment, network : TrainParams, AugmentParams, NetworkParams
        How it was fitted.
    nonmusic : tuple of str
        Kinds of non-music that it learnt.
    seconds : float
        How long this call took.
    """

    result: FitResult
    train: TrainParams
    augment: AugmentParams
    network: NetworkParams
    nonmusic: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Give the card's account of the training, without the command."""
        history = self.result.history
        account = {
            "seed": self.train.seed,
            "epochs": len(history),
            "best_epoch": self.result.best_epoch,
            "steps": len(history) * self.train.steps_per_epoch,
            "train": self.train.to_dict(),
            "augment": self.augment.to_dict(),
            "network": self.network.to_dict(),
            "nonmusic": ", ".join(self.nonmusic) or "none",
        }
        if not self.result.resumed_at:  # else it is the time of the last part only
            account["seconds"] = round(self.seconds, 1)
        return account


def fit_two_block(
    train_clips: Clips,
    valid_clips: Clips | None,
    run_folder: Path,
    *,
    n_genres: int,
    train: TrainParams,
    augment: AugmentParams,
    network: NetworkParams | None = None,
    lessons: Lessons | None = None,
    start: keras.Model | None = None,
    progress: bool = True,
) -> TwoBlockFit:
    """Fit the network as the settings say, on clips and, where they ask for it, on non-music.

    Parameters
    ----------
    train_clips : Clips
        What to learn from.
    valid_clips : Clips or None
        Chooses the epoch and stops early; None for a final fit, which runs all epochs.
    run_folder : Path
        Holds the run; continued if found.
    n_genres : int
        Outputs.
    train, augment : TrainParams, AugmentParams
        Settings.
    network : NetworkParams, optional
        Its shape.
    lessons : Lessons, optional
        Teachers' opinions and other music, where the settings ask for them.
    start : keras.Model, optional
        A network of the same shape whose weights the fit goes on from.
    progress : bool
        Show a progress bar.

    Returns
    -------
    TwoBlockFit
        The network and the account of its fit.
    """
    nonmusic = windows_to_learn(seed=train.seed) if train.nonmusic_per_batch else {}
    network = network or NetworkParams(n_genres=n_genres)
    began = time.monotonic()
    result = fit(
        train_clips,
        valid_clips,
        run_folder,
        n_genres=n_genres,
        lessons=lessons,
        start=start,
        nonmusic=nonmusic,
        train=train,
        network=network,
        augment=augment,
        progress=progress,
    )
    return TwoBlockFit(result, train, augment, network, tuple(nonmusic), time.monotonic() - began)
