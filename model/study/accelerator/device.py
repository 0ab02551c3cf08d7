"""JAX, where it is installed, and the device that it computes on."""

from __future__ import annotations

import importlib
from typing import Any

from model.errors import ParameterError


def load_jax() -> Any:
    """Import JAX.

    Raises
    ------
    ParameterError
        If it is not installed.
    """
    try:
        return importlib.import_module("jax")
    except ModuleNotFoundError as error:
        raise ParameterError(
            'This command fits with JAX, which is not installed; run pip install "jax[cuda13]" on a machine with an '
            "NVIDIA GPU, pip install jax on any other."
        ) from error


def device_name() -> str:
    """Name the device that JAX computes on, and its kind of platform: cpu, gpu or tpu."""
    device = load_jax().devices()[0]
    return f"{device.device_kind} ({device.platform})"
