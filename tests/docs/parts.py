"""What the pages' figures and tables are made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def read(path: str) -> dict[str, Any]:
    """A result file of the project."""
    content: dict[str, Any] = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return content


def table(head: str, rows: list[str]) -> str:
    """A table in Markdown, from its lines."""
    rule = "| --- " * (head.count("|") - 1) + "|"
    return "\n".join(["\n", head, rule, *rows, "\n"])
