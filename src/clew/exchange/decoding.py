"""Tables of a package, decoded in a worker: the sender is known, the bytes are still a stranger's.

A Parquet file is read by a large library in C++. What a stolen key could send must not meet it in
the process that holds the case. So the file goes to a worker as a descriptor, and rows come back by
the protocol of workers, which takes nothing but columns of the declared schema.

A table is read in pieces, and each piece is measured before its texts are laid out in memory: a
dictionary of one long text that a million rows name is a decompression bomb that no size in the
file gives away.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa

from clew.exchange.extent import Extent, Slice
from clew.exchange.refused import Refused
from clew.sandbox import Guard, WorkerLost
from clew.sandbox.frames import Yielded
from clew.schema import Batch, Row, arrow_schema, columns, tables
from clew.words import reasons

TASK = f"{__name__}:decode"
MOST_ROWS = 50_000_000
MOST_BYTES = 4 << 30
"""Bytes of the texts of one table, laid out."""
_ROWS_AT_ONCE = 20_000
_LONGEST = 200
"""Characters of a worker's own words that are repeated."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a task is given: a table, and where in an open file its own file lies."""

    table: str
    extent: Extent
    file: int


class Unfit(msgspec.Struct, frozen=True):
    """Why a file is not the table that its name says."""

    is_bomb: bool
    why: str


class BombError(ValueError):
    """A table that would take more memory than a package may."""


def read(guard: Guard, row: type[Row], archive: int, extent: Extent) -> pa.Table:
    """A table of the declared schema and within bounds, from part of an open file; else Refused."""
    asked = {"table": row.table_name, "extent": extent}
    try:
        parts = list(guard.run(TASK, asked, {"file": Path(f"/proc/self/fd/{archive}")}))
    except WorkerLost as lost:
        why = reasons.of_problem("unread", lost)
        raise _refused(row, Unfit(is_bomb=lost.code.startswith("limit:"), why=why)) from lost
    found = []
    for part in parts:
        if not isinstance(part, Batch):
            raise _refused(row, msgspec.convert(part, Unfit))
        if part.table is not row:
            raise _refused(row, Unfit(is_bomb=False, why="it has rows of another table"))
        found.append(part.data)
    return whole(row, found)


def whole(row: type[Row], parts: list[pa.RecordBatch]) -> pa.Table:
    """One table of parts that lie in the frames of a worker, aligned in memory of its own."""
    table = pa.Table.from_batches(parts, arrow_schema(row))
    return table.take(pa.array(np.arange(table.num_rows)))


def _refused(row: type[Row], unfit: Unfit) -> Refused:
    if unfit.is_bomb:
        return Refused("bomb", table=row.table_name)
    return Refused("schema", table=row.table_name, why=unfit.why[:_LONGEST])


def decode(argument: dict[str, Any]) -> Iterator[Yielded]:
    """Task: rows of a table; or one value that says why the file is none."""
    asked = msgspec.convert(argument, Asked)
    row = tables()[asked.table]
    try:
        with io.BufferedReader(Slice(asked.file, asked.extent)) as file:
            for part in batches(row, file):
                yield Batch(row, part)
    except BombError as error:
        yield msgspec.to_builtins(Unfit(is_bomb=True, why=str(error)))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield msgspec.to_builtins(Unfit(is_bomb=False, why=why))


def batches(row: type[Row], file: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Rows of a Parquet file of a table, in plain columns, as long as all stay within bounds.

    BombError where they do not, and ValueError where the columns are others.
    """
    import pyarrow.parquet as pq

    schema, laid_out = arrow_schema(row), 0
    texts = [c.name for c in columns(row) if c.arrow_type == pa.string()]
    _fits(schema, pq.read_metadata(file))
    file.seek(0)
    part = pq.ParquetFile(file, read_dictionary=texts)
    for batch in part.iter_batches(_ROWS_AT_ONCE, use_threads=False):
        laid_out += sum(map(_size, batch.columns))
        if laid_out > MOST_BYTES:
            raise BombError(f"{laid_out} bytes")
        arrays = [
            column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _fits(schema: pa.Schema, metadata: Any) -> None:
    """Refuse by what stands in the file's own description, before anything is laid out."""
    if metadata.num_rows > MOST_ROWS:
        raise BombError(f"{metadata.num_rows} rows")
    found = metadata.schema.to_arrow_schema()
    plain = pa.schema([pa.field(f.name, _plain(f.type), f.nullable) for f in found])
    if plain.names != schema.names or plain.types != schema.types:
        raise ValueError("its columns are others")
    groups = (metadata.row_group(n) for n in range(metadata.num_row_groups))
    if (size := sum(group.total_byte_size for group in groups)) > MOST_BYTES:
        raise BombError(f"{size} bytes")


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _size(values: pa.Array) -> int:
    """Bytes that a column has once it is laid out."""
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths = pc.take(pc.binary_length(values.dictionary), values.indices)
    return int(pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0)
