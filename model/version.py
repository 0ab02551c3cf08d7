"""The version of the program, which ``pyproject.toml`` states; a checkpoint's own is on its card."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def program_version() -> str:
    """Read the version of the program."""
    import tomllib

    stated = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    return str(stated["project"]["version"])
