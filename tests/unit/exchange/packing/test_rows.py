"""Tables are as they are declared, and the same rows give the same bytes."""

from __future__ import annotations

import pyarrow.parquet as pq
from builders.packing import to

from clew.exchange.packing import draft
from clew.exchange.packing.rows import specs
from clew.schema import problems, tables


def test_tables_are_as_their_row_classes_declare_and_the_same_again(packed) -> None:
    country = max(packed.made, key=lambda c: packed.made[c].size)
    again = packed.home / "again"
    again.mkdir()
    draft.make(packed.case, to(country), packed.known, again)
    for name in specs():
        file = packed.home / country / "tables" / f"{name}.parquet"
        table = pq.read_table(file)
        found = {(p.column, p.rule) for p in problems(tables()[name], table)}
        assert {rule for _, rule in found} <= {"must be unique"}
        assert (again / "tables" / file.name).read_bytes() == file.read_bytes()
