"""From features to posteriors, with the exported LiteRT network. TensorFlow is never imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.calibration import with_temperature
from model.checkpoint import DEFAULT_CHECKPOINT, read_card, read_weights
from model.errors import CheckpointError, ParameterError
from model.interpreters import Interpreters


class Classifier:
    """A trained network, ready to score. Thread-safe: each call borrows an interpreter of its own.

    Windows are scored one by one, so a window's posterior does not depend on its company.

    Parameters
    ----------
    folder : Path, optional
        The checkpoint; the shipped one by default.

    Raises
    ------
    CheckpointError
        If the checkpoint is incomplete or its parts do not belong together.

    Examples
    --------
    >>> from model.features import LogMel
    >>> noise = np.random.default_rng(0).normal(scale=0.1, size=66_150).astype(np.float32)
    >>> posteriors = Classifier().posteriors(LogMel()(noise)[np.newaxis])
    >>> posteriors.shape, round(float(posteriors.sum()), 3)
    ((1, 10), 1.0)
    """

    def __init__(self, folder: Path = DEFAULT_CHECKPOINT) -> None:
        self.folder = folder
        self.card = read_card(folder)
        self._interpreters = Interpreters(read_weights(folder, self.card, "litert"), self.card.name)
        with self._interpreters.borrowed() as interpreter:
            self._check_shapes(interpreter)

    def posteriors(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score windows.

        Parameters
        ----------
        inputs : np.ndarray [shape=(n_windows, *input_shape)], float32
            What `model.front_end.front_end` gives: log-mels in dB, or descriptors.

        Returns
        -------
        np.ndarray [shape=(n_windows, n_genres)], float32
            Calibrated posteriors; rows sum to 1.

        Raises
        ------
        ParameterError
            If the shape is not that of the network's input.
        """
        expected = self.card.params.input_shape
        if inputs.shape[1:] != expected:
            raise ParameterError(f"Inputs have shape {inputs.shape}; the network needs (n_windows, *{expected}).")
        raw = np.empty((len(inputs), len(self.card.genres)), np.float32)
        with self._interpreters.borrowed() as interpreter:
            input_index = interpreter.get_input_details()[0]["index"]
            output_index = interpreter.get_output_details()[0]["index"]
            for row, one in zip(raw, inputs, strict=True):
                interpreter.set_tensor(input_index, one[np.newaxis])
                interpreter.invoke()
                row[:] = interpreter.get_tensor(output_index)[0]
        return with_temperature(raw, self.card.temperature)

    def _check_shapes(self, interpreter: Any) -> None:
        expected = ([1, *self.card.params.input_shape], [1, len(self.card.genres)])
        actual = (
            interpreter.get_input_details()[0]["shape"].tolist(),
            interpreter.get_output_details()[0]["shape"].tolist(),
        )
        if actual != expected:
            raise CheckpointError(f"The network maps {actual[0]} to {actual[1]}; its card says {expected}.")
