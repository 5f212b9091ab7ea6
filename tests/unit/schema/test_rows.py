"""A table is declared once, and what is not declared right is refused."""

from __future__ import annotations

import msgspec
import pytest

from clew.records import AccountName, NameKind
from clew.schema import Row, tables


def name(**changes) -> AccountName:
    return AccountName(**{
        "exhibit_id": "ES-01", "source_id": "s", "locator": "l", "account_id": "a", "name": "n",
        "name_kind": NameKind.PUSH, **changes,
    })  # fmt: skip


def test_a_row_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        name().name = "other"


def test_rows_are_made_by_name_alone() -> None:
    with pytest.raises(TypeError):
        AccountName("ES-01")
    with pytest.raises(TypeError, match="Missing required"):
        AccountName(exhibit_id="ES-01")


def test_rows_of_the_same_values_are_equal() -> None:
    assert name() == name()
    assert name() != name(name="m")
    assert msgspec.to_builtins(name())["name_kind"] == "push"


def test_every_table_has_a_name_of_its_own_and_a_key_of_its_columns() -> None:
    assert len(tables()) > 60
    for named, row in tables().items():
        assert issubclass(row, Row)
        assert row.table_name == named
        assert set(row.key) <= set(row.__struct_fields__)
