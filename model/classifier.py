"""From log-mel to posteriors, with the exported LiteRT network. TensorFlow is never imported here."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.calibration import with_temperature
from model.checkpoint import DEFAULT_CHECKPOINT, read_card, read_weights
from model.errors import CheckpointError, ParameterError


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
    """

    def __init__(self, folder: Path = DEFAULT_CHECKPOINT) -> None:
        self.card = read_card(folder)
        self._content = read_weights(folder, self.card, "litert")
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        interpreter = self._new_interpreter()
        self._check_shapes(interpreter)
        self._idle.put(interpreter)

    def posteriors(self, logmels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score windows.

        Parameters
        ----------
        logmels : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
            What `LogMel` gives, in dB.

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
        if logmels.ndim != 3 or logmels.shape[1:] != expected:
            raise ParameterError(f"Log-mels have shape {logmels.shape}; the network needs (n_windows, *{expected}).")
        raw = np.empty((len(logmels), len(self.card.genres)), np.float32)
        with self._borrowed_interpreter() as interpreter:
            input_index = interpreter.get_input_details()[0]["index"]
            output_index = interpreter.get_output_details()[0]["index"]
            for row, logmel in zip(raw, logmels, strict=True):
                interpreter.set_tensor(input_index, logmel[np.newaxis])
                interpreter.invoke()
                row[:] = interpreter.get_tensor(output_index)[0]
        return with_temperature(raw, self.card.temperature)

    @contextmanager
    def _borrowed_interpreter(self) -> Iterator[Any]:
        try:
            interpreter = self._idle.get_nowait()
        except queue.Empty:
            interpreter = self._new_interpreter()
        try:
            yield interpreter
        finally:
            self._idle.put(interpreter)

    def _new_interpreter(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(f"LiteRT cannot load the weights of {self.card.name} ({error}).") from error
        return interpreter

    def _check_shapes(self, interpreter: Any) -> None:
        expected = ([1, *self.card.params.input_shape], [1, len(self.card.genres)])
        actual = (
            interpreter.get_input_details()[0]["shape"].tolist(),
            interpreter.get_output_details()[0]["shape"].tolist(),
        )
        if actual != expected:
            raise CheckpointError(f"The network maps {actual[0]} to {actual[1]}; its card says {expected}.")
