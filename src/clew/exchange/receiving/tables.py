"""Tables of a package: read within bounds, checked against the schema, and put under their origin.

A table is read in pieces, and each piece is measured before its texts are laid out in memory: a
dictionary of one long text that a million rows name is a decompression bomb that no size in the
file gives away.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

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

MOST_ROWS = 50_000_000
MOST_BYTES = 4 << 30
"""Bytes of the texts of one table, laid out."""
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


def read(row: type[Row], file: BinaryIO) -> pa.Table:
    """A table of a package, of its declared schema and within bounds; Refused otherwise."""
    import pyarrow.parquet as pq

    schema = arrow_schema(row)
    texts = [c.name for c in columns(row) if c.arrow_type == pa.string()]
    try:
        _fits(row, schema, pq.read_metadata(file))
        file.seek(0)
        part = pq.ParquetFile(file, read_dictionary=texts)
        found = list(_batches(row, part))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise Refused("schema", table=row.table_name, why=str(error).splitlines()[0]) from error
    return pa.Table.from_batches(found, schema)


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


def _fits(row: type[Row], schema: pa.Schema, metadata: Any) -> None:
    """Refuse by what stands in the file's own description, before anything is laid out."""
    if metadata.num_rows > MOST_ROWS:
        raise Refused("bomb", table=row.table_name)
    found = metadata.schema.to_arrow_schema()
    plain = pa.schema([pa.field(f.name, _plain(f.type), f.nullable) for f in found])
    if plain.names != schema.names or plain.types != schema.types:
        raise Refused("schema", table=row.table_name, why="its columns are others")
    groups = (metadata.row_group(n) for n in range(metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > MOST_BYTES:
        raise Refused("bomb", table=row.table_name)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _batches(row: type[Row], part: Any) -> Iterator[pa.RecordBatch]:
    """Batches of plain columns, as long as all of them together stay within bounds."""
    schema, laid_out = arrow_schema(row), 0
    for batch in part.iter_batches(_ROWS_AT_ONCE):
        laid_out += sum(map(_size, batch.columns))
        if laid_out > MOST_BYTES:
            raise Refused("bomb", table=row.table_name)
        arrays = [
            column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _size(values: pa.Array) -> int:
    """Bytes that a column has once it is laid out."""
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.take(pc.binary_length(values.dictionary), values.indices)
    return int(pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0)
