"""Fitting the two-block network: batches, steps, averaging, early stopping, and runs that resume.

The weights that are kept are exponential moving averages of those that are stepped. All chance is derived from one
seed and the number of the step, so a run that was stopped and resumed goes on exactly as it would have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import sha256
from model.errors import TrainingError
from model.params import ModelParams
from model.posteriors import log_loss, product_rule
from model.study.datasets.gtzan import Clips, cut_windows
from model.study.network import NetworkParams, build_network, predict_tracks
from model.study.training.augment import Augmenter, AugmentParams
from model.study.training.batches import Batches
from model.study.training.lessons import Lessons
from model.study.training.params import TrainParams
from model.study.training.sources import LabelledSource, NonMusicSource, Source, TaughtSource
from model.study.training.state import RunState
from model.study.training.stepper import Stepper

if TYPE_CHECKING:
    import keras


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
    lessons: Lessons | None = None,
    nonmusic: Mapping[str, NDArray[np.float32]] | None = None,
    train: TrainParams | None = None,
    network: NetworkParams | None = None,
    augment: AugmentParams | None = None,
    params: ModelParams | None = None,
    start: keras.Model | None = None,
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
    lessons : Lessons, optional
        What else to learn from: teachers' opinions and other music.
    nonmusic : mapping of str to np.ndarray [shape=(n, n_frames, n_mels)], optional
        Windows that are no music, by kind, as `model.study.datasets.nonmusic.make_windows` makes them.
    train, network, augment, params : optional
        How to fit, the network's shape, how windows are changed, the features.
    start : keras.Model, optional
        A network of the same shape whose weights the fit goes on from, in place of fresh ones.
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
    lessons = lessons or Lessons()
    batches = _batches(
        train_clips,
        lessons,
        tuple((nonmusic or {}).values()),
        n_genres=n_genres,
        train=train,
        augment=augment,
        params=params,
    )
    valid = None if valid_clips is None else (cut_windows(valid_clips.columns_db), valid_clips.labels)
    keras.utils.set_random_seed(train.seed)
    stepped = build_network(network, params, precision=train.precision)
    if start is not None:
        stepped.set_weights(start.get_weights())
    stepper = Stepper(
        stepped,
        train,
        n_tags=_n_tags(lessons, train),
        n_dimensions=_n_dimensions(lessons, train),
    )
    averaged = build_network(network, params)
    fingerprint = {
        "train": train.to_dict(),
        "network": network.to_dict(),
        "augment": augment.to_dict(),
        "params": params.to_dict(),
        "n_train_clips": len(train_clips.tracks),
        "n_music_clips": 0 if lessons.music is None else len(lessons.music.tracks),
        "n_valid_clips": 0 if valid_clips is None else len(valid_clips.tracks),
    }
    if start is not None:
        fingerprint["goes_on_from"] = sha256(b"".join(weight.tobytes() for weight in start.get_weights()))
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


def _n_tags(lessons: Lessons, train: TrainParams) -> int:
    tags = lessons.teachers.tags
    return len(tags.names) if tags and train.tag_weight else 0


def _n_dimensions(lessons: Lessons, train: TrainParams) -> int:
    embedding = lessons.teachers.embedding
    return len(embedding.names) if embedding and train.embedding_weight else 0


def _batches(
    clips: Clips,
    lessons: Lessons,
    nonmusic: tuple[NDArray[np.float32], ...],
    *,
    n_genres: int,
    train: TrainParams,
    augment: AugmentParams,
    params: ModelParams,
) -> Batches:
    n_frames, n_mels = params.input_shape
    augmenter = Augmenter(augment, n_frames=n_frames, n_mels=n_mels, sample_rate_hz=params.audio.sample_rate_hz)
    n_tags, n_dimensions = _n_tags(lessons, train), _n_dimensions(lessons, train)
    band_share = augment.band_share
    labelled = LabelledSource(
        clips,
        lessons.teachers,
        n_genres=n_genres,
        n_tags=n_tags,
        n_dimensions=n_dimensions,
        label_smoothing=train.label_smoothing,
        teacher_share=train.teacher_share,
        band_share=band_share,
    )
    sources: list[tuple[Source, int]] = [(labelled, train.batch_size)]
    if lessons.music is not None:
        taught = TaughtSource(
            lessons.music, lessons.music_teachers, n_tags=n_tags, n_dimensions=n_dimensions, band_share=band_share
        )
        sources.append((taught, train.music_per_batch))
    if nonmusic:
        other = NonMusicSource(
            nonmusic, n_genres=n_genres, n_tags=n_tags, n_dimensions=n_dimensions, band_share=band_share
        )
        sources.append((other, train.nonmusic_per_batch))
    return Batches(sources, augmenter, seed=train.seed)


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
    return valid_figures(predict_tracks(model, windows_db), labels)


def valid_figures(posteriors: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    """Give `validate`'s figures.

    Parameters
    ----------
    posteriors : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Of the validation list.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Its genres.
    """
    flat = posteriors.reshape(-1, posteriors.shape[-1])
    window_labels = np.repeat(labels, posteriors.shape[1])
    tracks = product_rule(posteriors)
    return {
        "valid_loss": log_loss(flat, window_labels),
        "valid_window_accuracy": float((flat.argmax(axis=1) == window_labels).mean()),
        "valid_track_accuracy": float((tracks.argmax(axis=1) == labels).mean()),
    }
