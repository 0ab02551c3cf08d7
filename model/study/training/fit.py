"""Fitting the two-block network: batches, steps, averaging, early stopping, and runs that resume.

The weights that are kept are exponential moving averages of those that are stepped. All chance is derived from one
seed and the number of the step, so a run that was stopped and resumed goes on exactly as it would have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError, TrainingError
from model.params import ModelParams
from model.posteriors import log_loss, product_rule
from model.study.datasets.gtzan import Clips, TagOpinions, cut_windows
from model.study.network import PRECISIONS, NetworkParams, build_network, predict_tracks
from model.study.training.augment import AugmentParams
from model.study.training.batches import Batches
from model.study.training.state import RunState
from model.study.training.stepper import Stepper

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class TrainParams:
    """How the network is fitted.

    Attributes
    ----------
    seed : int
        Of weights, batches, augmentation and dropout.
    epochs : int
        Most epochs; the learning rate falls to nearly nothing by then.
    steps_per_epoch, batch_size : int
        An epoch is this many batches, drawn evenly over the genres.
    learning_rate, weight_decay : float
        Of AdamW (Loshchilov and Hutter, 2019); the rate rises for 200 steps, then follows a cosine.
    averaging : float
        Memory of the exponential moving average of the weights, per step; 0 keeps the last weights.
    tag_weight : float
        Weight of learning the tagger's opinions beside the genre (Hinton et al., "Distilling the knowledge in a
        neural network", 2015).
    nonmusic_per_batch : int
        Windows that are no music added to each batch; the network learns to name no genre for them (Hendrycks et
        al., "Deep anomaly detection with outlier exposure", 2019).
    patience : int
        Epochs without a lower validation loss after which fitting stops.
    label_smoothing : float
        Share of each music window's target that is spread evenly over all genres, 0 to below 1 (Szegedy et al.,
        "Rethinking the Inception architecture", 2016).
    precision : {"float32", "mixed_bfloat16"}
        What the convolutions compute with while fitting. The second is nearly twice as fast on processors that have
        bfloat16 (Intel since Cooper Lake, AMD since Zen 4) and slower on others; the fitted network is float32.
    """

    seed: int = 0
    epochs: int = 32
    steps_per_epoch: int = 50
    batch_size: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    averaging: float = 0.998
    tag_weight: float = 1.0
    nonmusic_per_batch: int = 10
    patience: int = 15
    label_smoothing: float = 0.0
    precision: str = "float32"

    def __post_init__(self) -> None:
        for name in ("epochs", "steps_per_epoch", "batch_size", "learning_rate", "patience"):
            if getattr(self, name) <= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive.")
        for name in ("averaging", "label_smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; use 0 to below 1.")
        if self.precision not in PRECISIONS:
            raise ParameterError(f"precision is {self.precision!r}; use one of {', '.join(PRECISIONS)}.")

    def to_dict(self) -> dict[str, Any]:
        """Give the parameters as plain values, for the card."""
        return asdict(self)

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        total = self.epochs * self.steps_per_epoch
        falling = 0.98 * 0.5 * (1 + np.cos(np.pi * min(1.0, step / total))) + 0.02
        return float(self.learning_rate * min(1.0, (step + 1) / 200) * falling)


@dataclass(frozen=True, eq=False)
class FitResult:
    """A fitted network and how it came to be.

    Attributes
    ----------
    model : keras.Model
        With the averaged weights of the best epoch (of the last epoch where there was no validation).
    history : list of dict
        One entry an epoch.
    best_epoch : int
        Counted from 1.
    resumed_at : int
        Epochs that had been fitted before this call, by a run that it continued; 0 for a fresh run.
    """

    model: keras.Model
    history: list[dict[str, float]]
    best_epoch: int
    resumed_at: int = 0


def fit(
    train_clips: Clips,
    valid_clips: Clips | None,
    run_folder: Path,
    *,
    n_genres: int,
    tags: TagOpinions | None = None,
    nonmusic: Mapping[str, NDArray[np.float32]] | None = None,
    train: TrainParams | None = None,
    network: NetworkParams | None = None,
    augment: AugmentParams | None = None,
    params: ModelParams | None = None,
    progress: bool = True,
    after_epoch: Callable[[dict[str, float]], None] | None = None,
) -> FitResult:
    """Fit the network, or go on with a run that was stopped.

    Parameters
    ----------
    train_clips : Clips
        What to learn from.
    valid_clips : Clips or None
        Chooses the epoch and stops early; None runs all epochs and keeps the last.
    run_folder : Path
        Holds the run's state after each epoch; a run found there is continued.
    n_genres : int
        Outputs.
    tags : TagOpinions, optional
        Soft targets for some of the training tracks.
    nonmusic : mapping of str to np.ndarray [shape=(n, n_frames, n_mels)], optional
        Windows that are no music, by kind, as `model.study.datasets.nonmusic.make_windows` makes them.
    train, network, augment, params : optional
        How to fit, the network's shape, how windows are changed, the features.
    progress : bool
        Show a progress bar.
    after_epoch : callable, optional
        Called with each epoch's figures.

    Returns
    -------
    FitResult
        The network and its history.

    Raises
    ------
    TrainingError
        If the run in the folder was started with other parameters.
    """
    import keras
    from tqdm import tqdm

    train = train or TrainParams()
    network = network or NetworkParams(n_genres=n_genres)
    augment = augment or AugmentParams()
    params = params or ModelParams()
    if keras.backend.backend() != "tensorflow":
        raise TrainingError(f"Keras runs on {keras.backend.backend()}; set KERAS_BACKEND=tensorflow.")
    batches = Batches(
        train_clips,
        n_genres=n_genres,
        tags=tags if train.tag_weight else None,
        nonmusic=tuple((nonmusic or {}).values()),
        train=train,
        augment=augment,
        params=params,
    )
    valid = None if valid_clips is None else (cut_windows(valid_clips.columns_db), valid_clips.labels)
    keras.utils.set_random_seed(train.seed)
    stepper = Stepper(build_network(network, params, precision=train.precision), batches.n_tags, train)
    averaged = build_network(network, params)
    fingerprint = {
        "train": train.to_dict(),
        "network": network.to_dict(),
        "augment": augment.to_dict(),
        "params": params.to_dict(),
        "n_train_clips": len(train_clips.tracks),
        "n_valid_clips": 0 if valid_clips is None else len(valid_clips.tracks),
    }
    state = RunState.open(run_folder, fingerprint)
    resumed_at = state.epoch
    if state.snapshot:
        stepper.restore(state.snapshot)

    total = train.epochs * train.steps_per_epoch
    with tqdm(total=total, initial=state.epoch * train.steps_per_epoch, unit="step", disable=not progress) as bar:
        while state.epoch < train.epochs and state.epochs_since_best < train.patience:
            first = state.epoch * train.steps_per_epoch
            steps = range(first, first + train.steps_per_epoch)
            figures = []
            for step, batch in zip(steps, batches.stream(steps), strict=True):
                figures.append(stepper.step(step, batch))
                bar.update()
            loss, accuracy = np.mean(figures, axis=0)
            entry = {"epoch": state.epoch + 1, "loss": float(loss), "accuracy": float(accuracy)}
            averaged.set_weights(stepper.averaged_weights())
            if valid is not None:
                entry |= validate(averaged, *valid)
                bar.set_postfix(valid_windows=f"{entry['valid_window_accuracy']:.3f}")
            state.add(entry, stepper.snapshot(), averaged.get_weights())
            if after_epoch:
                after_epoch(entry)
    averaged.set_weights(state.best_weights())
    return FitResult(averaged, state.history, state.best_epoch, resumed_at)


def validate(model: keras.Model, windows_db: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    """Score the validation list.

    Parameters
    ----------
    model : keras.Model
        The network.
    windows_db : np.ndarray [shape=(n_tracks, n_windows, n_frames, n_mels)], float32
        Its windows.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Its genres.

    Returns
    -------
    dict
        ``valid_loss`` (mean log loss of windows), ``valid_window_accuracy``, ``valid_track_accuracy``.
    """
    posteriors = predict_tracks(model, windows_db)
    flat = posteriors.reshape(-1, posteriors.shape[-1])
    window_labels = np.repeat(labels, posteriors.shape[1])
    tracks = product_rule(posteriors)
    return {
        "valid_loss": log_loss(flat, window_labels),
        "valid_window_accuracy": float((flat.argmax(axis=1) == window_labels).mean()),
        "valid_track_accuracy": float((tracks.argmax(axis=1) == labels).mean()),
    }
