"""TensorFlow without the notes that its native code writes to standard error, whatever its own options say."""

from __future__ import annotations

import importlib
import os

from model.cli.quiet import quiet_native_start


def load_tensorflow() -> None:
    """Import TensorFlow quietly; call it before anything else imports it, in a process that does nothing else yet.

    Raises
    ------
    ModuleNotFoundError
        If TensorFlow is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with quiet_native_start():
        importlib.import_module("tensorflow")
