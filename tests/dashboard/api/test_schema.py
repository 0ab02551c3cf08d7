"""Schemas come from types."""

from __future__ import annotations

from typing import TypedDict

import pytest

from dashboard.api.schema import schema_of


def test_a_type_without_a_schema_is_refused() -> None:
    class Odd(TypedDict):
        value: complex

    with pytest.raises(TypeError, match="no JSON schema"):
        schema_of(Odd, {})
