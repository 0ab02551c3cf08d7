"""One step of fitting at a time, the moving average of the weights, and snapshots of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import TrainingError
from model.study.training.params import TrainParams
from model.study.training.sources import Batch

if TYPE_CHECKING:
    import keras

Weights = list[NDArray[Any]]
BETA_1: Final = 0.9
BETA_2: Final = 0.99
EPSILON: Final = 1e-7
"""Of AdamW."""


class Stepper:
    """Steps a network's weights along AdamW, and averages them.

    Parameters
    ----------
    model : keras.Model
        From `model.study.network.build_network`.
    n_tags, n_dimensions : int
        Tags, and dimensions of an embedding, to learn beside the genre; their heads are dropped with the stepper.
    train : TrainParams
        Rates, decay, averaging and what tags and embedding weigh.
    """

    def __init__(self, model: keras.Model, train: TrainParams, *, n_tags: int, n_dimensions: int) -> None:
        import keras
        import tensorflow as tf

        self._model = model
        self._train = train
        heads = {"logits": model.get_layer("logits").output}
        for name, size in (("tags", n_tags), ("embedding", n_dimensions)):
            if size:
                heads[name] = keras.layers.Dense(size, name=f"{name}_head")(model.get_layer("embedding").output)
        self._with_heads = keras.Model(model.input, heads)
        self._optimizer = keras.optimizers.AdamW(
            learning_rate=train.learning_rate,
            weight_decay=train.weight_decay,
            beta_1=BETA_1,
            beta_2=BETA_2,
            epsilon=EPSILON,
        )
        self._optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self._optimizer.build(self._with_heads.trainable_variables)
        self._averaged = [tf.Variable(weight) for weight in model.get_weights()]
        self._compiled = tf.function(self._step, reduce_retracing=True)

    def step(self, step: int, batch: Batch) -> tuple[float, float]:
        """Take one step.

        Parameters
        ----------
        step : int
            Its number, from 0.
        batch : Batch
            What to learn from.

        Returns
        -------
        loss : float
            Mean log loss of the genre, before the step.
        accuracy : float
            Share of music windows decided as their target says, before the step.
        """
        import tensorflow as tf

        self._optimizer.learning_rate.assign(self._train.rate_at(step))
        memory = min(self._train.averaging, (2 + step) / (11 + step))  # short at first, so that it forgets the start
        loss, accuracy = self._compiled(*(tf.convert_to_tensor(array) for array in (np.float32(memory), *batch)))
        return float(loss), float(accuracy)

    def averaged_weights(self) -> Weights:
        """Give the averaged weights, in the order of the model's ``get_weights``."""
        return [variable.numpy() for variable in self._averaged]

    def snapshot(self) -> Weights:
        """Copy everything that the next step depends on, the state of dropout included."""
        return [np.asarray(variable) for variable in self._variables()]

    def restore(self, snapshot: Weights) -> None:
        """Go back to a snapshot.

        Parameters
        ----------
        snapshot : list of np.ndarray
            From `snapshot`.

        Raises
        ------
        TrainingError
            If it belongs to another network.
        """
        variables = self._variables()
        if [tuple(v.shape) for v in variables] != [a.shape for a in snapshot]:
            raise TrainingError("The run's checkpoint belongs to another network; use another --run folder.")
        for variable, array in zip(variables, snapshot, strict=True):
            variable.assign(array)

    def _variables(self) -> list[Any]:
        return [*self._with_heads.variables, *self._optimizer.variables, *self._averaged]

    def _step(self, memory: Any, *arrays: Any) -> tuple[Any, Any]:
        import tensorflow as tf

        batch = Batch(*arrays)
        with tf.GradientTape() as tape:
            heads = self._with_heads(batch.windows_db, training=True)
            logits = heads["logits"]
            genre_loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(batch.targets, logits))
            loss = genre_loss
            if "tags" in heads:
                each = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(batch.tags, heads["tags"]), axis=1)
                loss += self._train.tag_weight * _mean_where(each, batch.has_tags)
            if "embedding" in heads:
                each = tf.reduce_mean(tf.square(batch.embedding - heads["embedding"]), axis=1)
                loss += self._train.embedding_weight * _mean_where(each, batch.has_embedding)
        variables = self._with_heads.trainable_variables
        self._optimizer.apply(tape.gradient(loss, variables), variables)
        for average, weight in zip(self._averaged, self._model.weights, strict=True):
            average.assign(memory * average + (1 - memory) * tf.convert_to_tensor(weight))
        hits = tf.cast(tf.equal(tf.argmax(logits, axis=1), tf.argmax(batch.targets, axis=1)), tf.float32)
        return genre_loss, tf.reduce_sum(hits * batch.is_music) / tf.reduce_sum(batch.is_music)


def _mean_where(each: Any, counts: Any) -> Any:
    """Mean over the rows that count; 0 where none does."""
    import tensorflow as tf

    return tf.reduce_sum(each * counts) / tf.maximum(tf.reduce_sum(counts), 1.0)
