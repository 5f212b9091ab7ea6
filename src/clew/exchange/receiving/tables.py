"""Tables of a package: checked against the schema, and put under their origin."""

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa

from clew.casefile.received import ORIGIN, SEPARATOR, as_read
from clew.exchange.moments import CLOCKS
from clew.exchange.refused import Refused
from clew.schema import (
    Home,
    Kind,
    Row,
    arrow_schema,
    columns,
    problems,
    tables,
)

SENT = frozenset((Home.EVIDENCE, Home.FACTS, Home.FINDINGS, Home.JUDGEMENTS))
"""Homes whose tables are sent; hash sets never are."""
FOLDER, ENDING = "tables/", ".parquet"
_ROWS_AT_ONCE = 20_000
_MADE_AT = ("judged_at",)
"""When somebody decided: never later than the package was sealed."""


def row_of(name: str) -> type[Row]:
    """The table that a member of a package is of; Refused where it is none that is sent."""
    row = tables().get(name.removeprefix(FOLDER).removesuffix(ENDING))
    if row is None or row.home not in SENT:
        raise Refused("table", name=name)
    return row


def check(row: type[Row], table: pa.Table, sealed_at: datetime) -> None:
    """Refuse rows that break a rule of their table, are qualified already, or of the future."""
    if table.schema != arrow_schema(row):
        raise Refused("schema", table=row.table_name, why="its columns are others")
    for problem in problems(row, table):
        why = f"{problem.column} {problem.rule} ({problem.rows} rows)"
        raise Refused("schema", table=row.table_name, why=why)
    import pyarrow.compute as pc

    for column in columns(row):
        values = table[column.name]
        if column.kind is Kind.ID:
            flat = pc.list_flatten(values) if pa.types.is_list(values.type) else values
            if pc.any(pc.match_substring_regex(flat, f"^{ORIGIN}{SEPARATOR}")).as_py():
                raise Refused("qualified", table=row.table_name, column=column.name)
        elif column.name in _MADE_AT:
            latest = pc.max(values).as_py()
            if latest and latest > sealed_at + CLOCKS:
                raise Refused("future", table=row.table_name, at=f"{latest:%Y-%m-%d}")


def kept(row: type[Row], table: pa.Table, origin: str) -> Iterator[pa.RecordBatch]:
    """Rows of a table as the case keeps them, under their origin."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield as_read(row, batch, origin)
