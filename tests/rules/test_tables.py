"""Laws for every declared table."""

import pyarrow as pa
import pytest

import clew.records  # noqa: F401
from clew.schema import Home, Kind, arrow_schema, column_docs, columns, tables

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

    def test_every_column_says_of_what_kind_its_values_are(self, row) -> None:
        assert [c.name for c in columns(row) if c.kind is Kind.UNDECLARED] == []

    def test_what_is_decided_by_people_is_no_finding(self, row) -> None:
        assert (row.home is Home.JUDGEMENTS) == row.__module__.endswith("judgements")


DIFFERS = {
    "about": "what an account says of itself, what a statement is about",
    "a": "an account of a source's tie, a country of two",
    "b": "an account of a source's tie, a country of two",
    "code": "of an invitation, of a hash set's category, of what went wrong",
    "country": "a hash set's own word for a country, which may be no ISO code",
    "creator": "an account in a chat, a person in a group",
    "deleted_by": "an account in a message, a person where copies contradict each other",
    "name": "of an account, of a file, of a place",
    "others": "accounts of a judgement, exhibits of a gap",
    "reason": "a code where a step gives it, words where a person does",
    "value": "of a fingerprint, of a detail of a picture",
    "value_raw": "a place stays a place as it stands in the source",
}
"""Names of columns that stand for different things in different tables, and why."""
COUNTED = {Kind.QUANTITY, Kind.YES_NO, Kind.TIME}


def test_a_name_of_a_column_has_one_type_in_all_tables() -> None:
    found: dict[str, set[object]] = {}
    for row in TABLES:
        for c in columns(row):
            kind = Kind.TERM if c.kind is Kind.CHOICE else c.kind
            if kind not in COUNTED:
                found.setdefault(c.name, set()).add((kind, c.points_at))
    assert {name for name, types in found.items() if len(types) > 1} == set(DIFFERS)
