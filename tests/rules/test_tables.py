"""Laws for every declared table."""

import pyarrow as pa
import pytest

import clew.records  # noqa: F401
from clew.schema import arrow_schema, column_docs, tables

TABLES = [row for row in tables().values() if row.__module__.startswith("clew.records")]


@pytest.mark.parametrize("row", TABLES, ids=lambda r: r.table_name)
class TestTable:
    def test_every_column_is_explained(self, row) -> None:
        assert row.__doc__
        assert set(column_docs(row)) == set(row.__struct_fields__)

    def test_other_engines_take_its_types(self, row) -> None:
        plain = {pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us", "UTC"),
                 pa.list_(pa.string())}  # fmt: skip
        assert set(arrow_schema(row).types) <= plain

    def test_its_key_is_made_of_its_columns(self, row) -> None:
        assert set(row.key) <= set(row.__struct_fields__)
