"""Fitting the two-block network on the device: an epoch of steps at a time, as `training.stepper` steps.

All epochs are run and the averaged weights of the last one are kept: nothing is chosen by the validation list here. All
chance is derived from the seed and the number of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random
from numpy.typing import NDArray

from model.params import ModelParams
from model.study.accelerator.batches import draw
from model.study.accelerator.changes import Changes
from model.study.accelerator.network import Weights, forward, fresh_weights
from model.study.accelerator.pool import Opinion, Pool
from model.study.network import NetworkParams
from model.study.training.augment import AugmentParams
from model.study.training.params import TrainParams
from model.study.training.sources import Batch
from model.study.training.stepper import BETA_1, BETA_2, EPSILON

Array = Any
_map = jax.tree_util.tree_map
_WEIGHTS_KEY = 10**6  # of fresh weights; beyond the number of any step


class Moments(NamedTuple):
    """AdamW's running means of the gradients and of their squares."""

    first: Any
    second: Any


class State(NamedTuple):
    """What the next step depends on."""

    weights: Weights
    moments: Moments
    averaged: Weights
    key: Array


class Fit(NamedTuple):
    """Averaged weights of the last epoch, on the device, and the mean log loss of the genre of each epoch."""

    weights: Weights
    losses: list[float]


class Fitter:
    """Fits networks, one a seed; what is compiled for the first serves the others.

    Parameters
    ----------
    pool : Pool
        What to learn from.
    train, augment : TrainParams, AugmentParams
        How to fit, how windows are changed; the seed and the patience of `train` are not looked at.
    network : NetworkParams
        The network's shape.
    params : ModelParams, optional
        The features.
    """

    def __init__(
        self,
        pool: Pool,
        train: TrainParams,
        augment: AugmentParams,
        network: NetworkParams,
        params: ModelParams | None = None,
    ) -> None:
        params = params or ModelParams()
        n_frames, n_mels = params.input_shape
        self._pool, self._train, self._network = pool, train, network
        self._changes = Changes(augment, n_frames=n_frames, n_mels=n_mels, sample_rate_hz=params.audio.sample_rate_hz)
        self._n_tags = _width(pool.labelled.said.tags)
        self._n_dimensions = _width(pool.labelled.said.embedding)
        self._epoch = jax.jit(self._steps, donate_argnums=0)

    def fit(self, seed: int, after_epoch: Callable[[float], None] | None = None) -> Fit:
        """Fit one network.

        Parameters
        ----------
        seed : int
            Of weights, batches, changes and dropout.
        after_epoch : callable, optional
            Called with each epoch's loss.

        Returns
        -------
        Fit
            Its weights.
        """
        state, losses = self.start(seed), []
        for epoch in range(self._train.epochs):
            first = epoch * self._train.steps_per_epoch
            numbers = np.arange(first, first + self._train.steps_per_epoch, dtype=np.int32)
            rates = np.array([self._train.rate_at(int(number)) for number in numbers], np.float32)
            state, of_steps = self._epoch(state, numbers, rates, self._pool)
            losses.append(float(of_steps.mean()))
            if after_epoch:
                after_epoch(losses[-1])
        return Fit(state.averaged, losses)

    def start(self, seed: int) -> State:
        """Give what the first step of a seed depends on."""
        key = random.PRNGKey(seed)
        fresh = random.fold_in(key, _WEIGHTS_KEY)
        weights = fresh_weights(fresh, self._network, n_tags=self._n_tags, n_dimensions=self._n_dimensions)
        moments = Moments(_map(jnp.zeros_like, weights.learnt), _map(jnp.zeros_like, weights.learnt))
        return State(weights, moments, _map(jnp.array, weights), key)

    def _steps(self, state: State, numbers: Array, rates: Array, pool: Pool) -> tuple[State, Array]:
        """Take some steps; give their losses."""

        def step(state: State, at: tuple[Array, Array]) -> tuple[State, Array]:
            number, rate = at
            keys = random.split(random.fold_in(state.key, number), 4)
            batch, treble_chance = draw(keys[0], pool, self._changes, self._train)
            changed = self._changes.change(keys[1], keys[2], batch.windows_db, treble_chance)
            return self.step(state, batch._replace(windows_db=changed), number, rate, keys[3])

        stepped: tuple[State, Array] = lax.scan(step, state, (numbers, rates))
        return stepped

    def step(self, state: State, batch: Batch, number: Array, rate: Array, key: Array) -> tuple[State, Array]:
        """Take one step.

        Parameters
        ----------
        state : State
            Before it.
        batch : Batch
            What to learn from.
        number : int
            The step's, from 0.
        rate : float
            Learning rate.
        key : jax.Array
            Of dropout.

        Returns
        -------
        state : State
            After it.
        loss : jax.Array
            Mean log loss of the genre before it.
        """

        def loss_of(learnt: Any) -> tuple[Array, tuple[Array, Any]]:
            weights = Weights(learnt, state.weights.statistics)
            heads, statistics = forward(
                weights, batch.windows_db, self._network, key=key, precision=self._train.precision
            )
            genre, whole = losses(heads, batch, self._train)
            return whole, (genre, statistics)

        (_, (loss, statistics)), gradient = jax.value_and_grad(loss_of, has_aux=True)(state.weights.learnt)
        learnt, moments = adamw(state.weights.learnt, gradient, state.moments, number, rate, self._train.weight_decay)
        weights = Weights(learnt, statistics)
        memory = jnp.minimum(
            self._train.averaging, (2 + number) / (11 + number)
        )  # short at first: it forgets the start
        averaged = _map(lambda mean, now: memory * mean + (1 - memory) * now, state.averaged, weights)
        return State(weights, moments, averaged, state.key), loss


def losses(heads: dict[str, Array], batch: Batch, train: TrainParams) -> tuple[Array, Array]:
    """Give the mean log loss of the genre, and the whole loss with what teachers said beside it."""
    genre = -(batch.targets * jax.nn.log_softmax(heads["logits"])).sum(axis=-1).mean()
    whole = genre
    if "tags" in heads:
        logits = heads["tags"]
        each = (jnp.maximum(logits, 0) - logits * batch.tags + jnp.log1p(jnp.exp(-jnp.abs(logits)))).sum(axis=-1)
        whole += train.tag_weight * _mean_where(each, batch.has_tags)
    if "embedding" in heads:
        each = jnp.square(batch.embedding - heads["embedding"]).mean(axis=-1)
        whole += train.embedding_weight * _mean_where(each, batch.has_embedding)
    return genre, whole


def adamw(
    learnt: Any, gradient: Any, moments: Moments, number: Array, rate: Array, weight_decay: float
) -> tuple[Any, Moments]:
    """Take one step of AdamW as Keras does; kernels alone decay.

    Parameters
    ----------
    learnt, gradient : dict of str to dict of str to jax.Array
        Weights and their gradients.
    moments : Moments
        Before the step.
    number : int
        The step's, from 0.
    rate, weight_decay : float
        Learning rate, and the share of it by which kernels shrink.

    Returns
    -------
    learnt : dict
        After the step.
    moments : Moments
        After the step.
    """
    first = _map(lambda mean, now: BETA_1 * mean + (1 - BETA_1) * now, moments.first, gradient)
    second = _map(lambda mean, now: BETA_2 * mean + (1 - BETA_2) * now * now, moments.second, gradient)
    steps = number + 1.0
    size = rate * jnp.sqrt(1 - BETA_2**steps) / (1 - BETA_1**steps)

    def stepped(path: Any, weight: Array, mean: Array, mean_square: Array) -> Array:
        decay = weight_decay if path[-1].key == "kernel" else 0.0
        return weight - rate * decay * weight - size * mean / (jnp.sqrt(mean_square) + EPSILON)

    return jax.tree_util.tree_map_with_path(stepped, learnt, first, second), Moments(first, second)


def score_tracks(weights: Weights, network: NetworkParams, windows_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """Score the windows of tracks, as `model.study.network.predict_tracks` does with Keras.

    Parameters
    ----------
    weights : Weights
        The network's.
    network : NetworkParams
        Its shape.
    windows_db : np.ndarray [shape=(n_tracks, n_windows, n_frames, n_mels)], float32
        The windows.

    Returns
    -------
    np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Softmax posteriors, before any temperature.
    """
    each = [np.asarray(_score(weights, windows, network)) for windows in windows_db.swapaxes(0, 1)]
    return np.stack(each, axis=1)


def _posteriors(weights: Weights, windows_db: Array, network: NetworkParams) -> Array:
    return jax.nn.softmax(forward(weights, windows_db, network)[0]["logits"])


_score = jax.jit(_posteriors, static_argnums=2)  # compiled once for all seeds


def _width(opinion: Opinion | None) -> int:
    return 0 if opinion is None else int(opinion.scores.shape[-1])


def _mean_where(each: Array, counts: Array) -> Array:
    """Mean over the rows that count; 0 where none does."""
    return (each * counts).sum() / jnp.maximum(counts.sum(), 1)
