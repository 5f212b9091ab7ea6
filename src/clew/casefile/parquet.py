"""Tables as Parquet files: the same rows give the same bytes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.schema import Row, arrow_schema

ROWS_IN_GROUP = 32_768
_ALL_DIFFERENT = frozenset(
    {"event_id", "item_id", "locator", "merged_id", "message_key", "text", "text_normal"}
)
"""Columns whose values hardly repeat: looking for repeats in them costs a third of the writing."""


class PartWriter:
    """Writes batches of one table to one Parquet file."""

    def __init__(self, table: type[Row], file: Path) -> None:
        self.rows = 0
        self._schema = arrow_schema(table)
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        repeating = [name for name in self._schema.names if name not in _ALL_DIFFERENT]
        self._writer = pq.ParquetWriter(
            file,
            self._schema,
            compression="lz4",
            use_dictionary=repeating,
            write_statistics=repeating,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch; row groups are cut by count, however the batches come."""
        self._pending.append(batch)
        self._pending_rows += batch.num_rows
        while self._pending_rows >= ROWS_IN_GROUP:
            self._flush(ROWS_IN_GROUP)

    def close(self) -> None:
        """Write what is left, and end the file."""
        if self._pending_rows:
            self._flush(self._pending_rows)
        self._writer.close()

    def _flush(self, rows: int) -> None:
        pending = pa.Table.from_batches(self._pending, schema=self._schema)
        whole = pending.slice(0, rows).combine_chunks()  # pages would else be cut as batches came
        self._writer.write_table(whole, row_group_size=rows)
        rest = pending.slice(rows)
        self._pending, self._pending_rows = rest.to_batches(), rest.num_rows
        self.rows += rows


def write_part(table: type[Row], file: Path, batches: Iterable[pa.RecordBatch]) -> int:
    """Write a whole table, and return its number of rows."""
    part = PartWriter(table, file)
    for batch in batches:
        part.write(batch)
    part.close()
    return part.rows


def read_part(file: Path, rows: int = 20_000) -> Iterator[pa.RecordBatch]:
    """Batches of a part, without holding all of it."""
    with pq.ParquetFile(file) as part:
        yield from part.iter_batches(rows)


def count_rows(file: Path) -> int:
    """Rows of a part."""
    with pq.ParquetFile(file) as part:
        return int(part.metadata.num_rows)
