"""What recipes with a Keras network share, and fitting one as most of the systems here were: Adam, early stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.study.network import predict
from model.study.recipes.base import FitOptions, Recipe, Windows

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class KerasFit:
    """A source's settings.

    Attributes
    ----------
    epochs, batch_size : int
        Most epochs; windows of one step.
    learning_rate : float
        Of Adam (Kingma and Ba, 2015).
    loss : {"categorical_crossentropy", "binary_crossentropy"}
        What is minimised, of one-hot genres.
    stop_on : {"val_loss", "loss"}
        Fitting stops when this has not fallen for `patience` epochs.
    patience : int
        Epochs.
    keep_best : bool
        Go back to the weights of the epoch with the lowest `stop_on`; else keep the last.
    lower_rate_after : int
        Divide the learning rate by ten when the validation loss has not fallen for this many epochs; 0 never.
    """

    epochs: int = 100
    batch_size: int = 32
    learning_rate: float = 1e-3
    loss: str = "categorical_crossentropy"
    stop_on: str = "val_loss"
    patience: int = 5
    keep_best: bool = True
    lower_rate_after: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "learning_rate", "patience"):
            if getattr(self, name) <= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive.")


def fit_keras(
    model: keras.Model, train: Windows, valid: Windows, options: FitOptions, settings: KerasFit
) -> keras.Model:
    """Fit a network in place.

    Parameters
    ----------
    model : keras.Model
        Windows in, softmax out.
    train, valid : Windows
        To learn from, and to stop on.
    options : FitOptions
        Seed; `quick` fits a single epoch.
    settings : KerasFit
        How.

    Returns
    -------
    keras.Model
        The same network.
    """
    import keras

    keras.utils.set_random_seed(options.seed)
    n_genres = model.output_shape[-1]
    one_hot = np.eye(n_genres, dtype=np.float32)
    callbacks: list[Any] = [
        keras.callbacks.EarlyStopping(
            monitor=settings.stop_on, patience=settings.patience, restore_best_weights=settings.keep_best
        )
    ]
    if settings.lower_rate_after:
        callbacks.append(
            keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.1, patience=settings.lower_rate_after)
        )
    model.compile(optimizer=keras.optimizers.Adam(settings.learning_rate), loss=settings.loss, metrics=["accuracy"])
    model.fit(
        np.asarray(train.values, np.float32),
        one_hot[train.labels],
        validation_data=(np.asarray(valid.values, np.float32), one_hot[valid.labels]),
        epochs=1 if options.quick else settings.epochs,
        batch_size=settings.batch_size,
        callbacks=callbacks,
        verbose=2 if options.progress else 0,
    )
    return model


class KerasRecipe(Recipe):
    """A recipe whose fit is a Keras network."""

    def predict(self, fitted: keras.Model, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Score windows with Keras."""
        return predict(fitted, np.asarray(values, np.float32))

    def count_parameters(self, fitted: keras.Model) -> int:
        """Count the network's weights."""
        return int(fitted.count_params())
