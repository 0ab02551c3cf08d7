"""TensorFlow without the notes that its native code writes to standard error, whatever its own options say."""

from __future__ import annotations

import importlib
import os
from typing import Final

from model.cli.quiet import quiet_native_start

_BACKEND: Final = "tensorflow"


def load_tensorflow() -> None:
    """Import TensorFlow quietly; call it before anything else imports it, in a process that does nothing else yet.

    Where ``KERAS_BACKEND`` asks Keras for another backend, as for the older systems on a GPU, it is not imported.

    Raises
    ------
    ModuleNotFoundError
        If TensorFlow is not installed.
    """
    if os.environ.get("KERAS_BACKEND", _BACKEND) != _BACKEND:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with quiet_native_start():
        importlib.import_module(_BACKEND)
