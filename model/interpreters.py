"""LiteRT interpreters of one flatbuffer, one for each thread that needs one at the same time."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from model.errors import CheckpointError


class Interpreters:
    """Lends interpreters of one flatbuffer; makes another where all are out.

    Parameters
    ----------
    content : bytes
        The flatbuffer.
    name : str
        What to call it in an error.

    Raises
    ------
    CheckpointError
        If LiteRT cannot load it.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._name = name
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._idle.put(self._new())

    @contextmanager
    def borrowed(self) -> Iterator[Any]:
        """Lend an interpreter, its tensors allocated, to this thread alone."""
        try:
            interpreter = self._idle.get_nowait()
        except queue.Empty:
            interpreter = self._new()
        try:
            yield interpreter
        finally:
            self._idle.put(interpreter)

    def _new(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(f"LiteRT cannot load the weights of {self._name} ({error}).") from error
        return interpreter
