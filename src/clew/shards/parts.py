"""Rows of shards in files, one for each table, and the same rows again, in the order of shards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from clew.casefile.parquet import read_part, write_part
from clew.schema import Row, to_arrow


def write_rows(folder: Path, rows: Iterable[Row], tables: Iterable[type[Row]] = ()) -> None:
    """Keep rows in a folder, one file for each table; of ``tables`` also where it has no row."""
    by_table: dict[type[Row], list[Row]] = {table: [] for table in tables}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    for table, found in by_table.items():
        write_part(table, _file(folder, table), to_arrow(table, found).to_batches())


def part_files(folders: Iterable[Path], table: type[Row]) -> list[Path]:
    """Files of a table in these folders, in their order."""
    return [file for folder in folders if (file := _file(folder, table)).is_file()]


def in_order(
    files: Sequence[Path], more: Iterable[pa.RecordBatch] = ()
) -> Callable[[], Iterator[pa.RecordBatch]]:
    """A table as the rows of these files, one after the other, and some ``more``."""

    def batches() -> Iterator[pa.RecordBatch]:
        for file in files:
            yield from read_part(file)
        yield from more

    return batches


def _file(folder: Path, table: type[Row]) -> Path:
    return folder / f"{table.table_name}.parquet"
