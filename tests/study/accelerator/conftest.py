"""What the room's tests share: they compile for a few steps only, so they compile fast rather than fast code."""

from __future__ import annotations

import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed: pip install -r tests/requirements.txt")
jax.config.update("jax_disable_most_optimizations", True)
