"""Schemas come from types."""

from __future__ import annotations

from typing import NotRequired, TypedDict

import pytest

from dashboard.api.schema import Schemas, schema_of


class Optional(TypedDict):
    must: int
    may: NotRequired[int]


def test_what_may_be_left_out_is_not_required() -> None:
    named: Schemas = {}
    schema_of(Optional, named)
    assert named["Optional"]["required"] == ["must"]
    assert set(named["Optional"]["properties"]) == {"must", "may"}


def test_a_type_without_a_schema_is_refused() -> None:
    class Odd(TypedDict):
        value: complex

    with pytest.raises(TypeError, match="no JSON schema"):
        schema_of(Odd, {})
