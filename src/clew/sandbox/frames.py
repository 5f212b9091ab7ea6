"""What a worker sends back: bytes with a letter in front, over a pipe that keeps their bounds."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

import clew.records  # noqa: F401 - declares every table
from clew.schema import Batch, arrow_schema, batch, tables

BATCH, BYTES, VALUE, ERROR, END = b"BbveE"
"""Kinds of frame: rows, raw bytes, a JSON value, an error, the end of a task."""

Yielded = Batch | bytes | dict[str, Any]
"""What a task in a worker may yield."""

_HEAD_ENDS = b"\n"


class _Head(msgspec.Struct, frozen=True):
    """What stands before the columns of a batch."""

    table: str
    rows: int
    constant: dict[str, str | None]
    """Columns that are empty or the same throughout."""


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is started with."""

    descriptor: int
    """Its end of the line."""
    memory: int
    files: int
    file_bytes: int
    folder: str
    """The one folder in which it may write."""
    strong: bool
    namespaces: bool


class Call(msgspec.Struct, frozen=True):
    """A task for a worker to run."""

    task: str
    """``module:function``."""
    argument: dict[str, Any]
    cpu_seconds: int
    files: tuple[str, ...] = ()
    """Names under which the descriptors that follow stand in the argument."""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker has used since its start, as it says at the end of a task."""

    cpu_seconds: float = 0
    peak_bytes: int = 0


def encode(yielded: Yielded) -> Iterator[bytes]:
    """Frames for one thing that a task yields."""
    if isinstance(yielded, Batch):
        yield from _encoded(yielded)
    elif isinstance(yielded, bytes):
        yield bytes([BYTES]) + yielded
    else:
        yield bytes([VALUE]) + msgspec.json.encode(yielded)


def _encoded(rows: Batch) -> Iterator[bytes]:
    """A batch; a column that is empty or the same throughout goes as one value."""
    constant: dict[str, str | None] = {}
    varying: list[str] = []
    for field, column in zip(rows.data.schema, rows.data.columns, strict=True):
        if column.null_count == len(column):
            constant[field.name] = None
        elif pa.types.is_string(field.type) and column[0] == column[-1] and _same(column):
            constant[field.name] = column[0].as_py()
        else:
            varying.append(field.name)
    head = msgspec.json.encode(_Head(rows.table.table_name, rows.data.num_rows, constant))
    data = rows.data.select(varying)
    sink = pa.BufferOutputStream()
    sink.write(bytes([BATCH]) + head + _HEAD_ENDS)
    with pa.ipc.new_stream(sink, data.schema) as stream:
        stream.write_batch(data)
    yield memoryview(sink.getvalue())  # type: ignore[misc]


def _same(column: pa.Array) -> bool:
    """Whether a column has one value throughout; ``pyarrow.compute`` would be slow to import."""
    return column.null_count == 0 and bool(column.equals(pa.repeat(column[0], len(column))))


def decode(frame: bytes) -> Yielded:
    """The thing a frame stands for.

    A worker has read hostile bytes, so its word is not taken: rows must fit the declared table to
    the letter, or ``ValueError`` is raised.
    """
    match frame[0]:
        case code if code == BYTES:
            return frame[1:]
        case code if code == VALUE:
            value = msgspec.json.decode(memoryview(frame)[1:])
            if not isinstance(value, dict):
                raise ValueError("a worker sent a value that is no object")  # noqa: TRY004 - its data is wrong, not our call
            return value
        case code if code == BATCH:
            return _batch(frame)
    raise ValueError(f"a worker sent a frame of unknown kind {frame[:1]!r}")


def _batch(frame: bytes) -> Batch:
    ends = frame.index(_HEAD_ENDS)
    head = msgspec.json.decode(memoryview(frame)[1:ends], type=_Head)
    row = tables().get(head.table)
    if row is None:
        raise ValueError("a worker sent rows of an unknown table")
    schema = arrow_schema(row)
    with pa.ipc.open_stream(pa.py_buffer(memoryview(frame)[ends + 1 :])) as stream:
        data = stream.read_next_batch()
    names = [name for name in schema.names if name not in head.constant]
    if not data.schema.equals(pa.schema([schema.field(name) for name in names])):
        raise ValueError(f"a worker sent rows that do not fit table {row.table_name}")
    if names and data.num_rows != head.rows:
        raise ValueError(f"a worker sent {data.num_rows} rows and spoke of {head.rows}")
    data.validate(full=True)
    columns = {name: data.column(name) for name in names}
    return batch(row, head.rows, **columns, **head.constant)
