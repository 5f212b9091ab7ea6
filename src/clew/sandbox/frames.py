"""What a worker sends back: bytes with a letter in front, over a pipe that keeps their bounds.

A worker has read hostile bytes, so its word is not taken. Rows come as one message of Arrow without
its schema, which is that of the declared table, and uncompressed, so that a frame never takes more
memory than ``MOST_BYTES`` stands for.
"""

import struct
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

import msgspec
import pyarrow as pa

import clew.records  # noqa: F401 - declares every table
from clew.schema import Batch, arrow_schema, batch, tables

BATCH, BYTES, VALUE, ERROR, END = b"BbveE"
"""Kinds of frame: rows, raw bytes, a JSON value, an error, the end of a task."""

T = TypeVar("T")
Yielded = Batch | bytes | dict[str, Any]
"""What a task in a worker may yield."""

MOST_BYTES = 64 << 20
"""Bytes of one frame, and of the columns that its head stands for."""
MOST_OF_VALUE = 4 << 20
"""Bytes of a JSON value: as objects it takes some twenty times as much."""
MOST_ROWS = 1 << 20
"""Rows of one batch."""
_MOST_OF_HEAD = 64 << 10
_HEAD_ENDS = b"\n"
_LONGEST_CONSTANT = 1000
_COMPRESSION = 3
"""Arrow's Message.fbs: number of the field in a RecordBatch."""
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e18)]


class ProtocolError(ValueError):
    """A worker sent what was not agreed."""


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

    cpu_seconds: Amount = 0
    peak_bytes: Annotated[int, msgspec.Meta(ge=0, le=1 << 60)] = 0


def encode(yielded: Yielded) -> Iterator[bytes]:
    """Frames for one thing that a task yields."""
    if isinstance(yielded, Batch):
        yield from _encoded(yielded)
    elif isinstance(yielded, bytes):
        yield from (
            bytes([BYTES]) + yielded[at : at + MOST_BYTES // 2]
            for at in range(0, max(len(yielded), 1), MOST_BYTES // 2)
        )
    else:
        yield bytes([VALUE]) + msgspec.json.encode(yielded)


def _encoded(rows: Batch) -> Iterator[bytes]:
    """A batch; a column that is empty or the same throughout goes as one value.

    One that is too large for a frame goes in two.
    """
    data = rows.data
    constant: dict[str, str | None] = {}
    varying: list[str] = []
    for field, column in zip(data.schema, data.columns, strict=True):
        if column.null_count == len(column):
            constant[field.name] = None
        elif pa.types.is_string(field.type) and column[0] == column[-1] and _same(column):
            constant[field.name] = column[0].as_py()
        else:
            varying.append(field.name)
    for name, value in constant.items():
        if value is not None and len(value) > _LONGEST_CONSTANT:
            varying.append(name)
    constant = {name: value for name, value in constant.items() if name not in varying}
    size = data.nbytes + _size(constant, data.num_rows)
    if data.num_rows > 1 and (size > MOST_BYTES // 2 or data.num_rows > MOST_ROWS):
        middle = data.num_rows // 2
        for part in (data.slice(0, middle), data.slice(middle)):
            yield from _encoded(Batch(rows.table, part))
        return
    head = msgspec.json.encode(_Head(rows.table.table_name, data.num_rows, constant))
    sink = pa.BufferOutputStream()
    sink.write(bytes([BATCH]) + head + _HEAD_ENDS)
    sink.write(data.select([n for n in data.schema.names if n in varying]).serialize())
    yield memoryview(sink.getvalue())  # type: ignore[misc]


def _same(column: pa.Array) -> bool:
    """Whether a column has one value throughout; ``pyarrow.compute`` would be slow to import."""
    return column.null_count == 0 and bool(column.equals(pa.repeat(column[0], len(column))))


def _size(constant: dict[str, str | None], rows: int) -> int:
    """Bytes, about, of the columns that constants stand for."""
    return rows * sum(8 + len((value or "").encode()) for value in constant.values())


def decode(frame: bytes | memoryview) -> Yielded:
    """The thing a frame stands for; ProtocolError where it is not to the letter what was agreed."""
    try:
        return _decoded(memoryview(frame))
    except Exception as error:  # whatever a library makes of hostile bytes is the worker's fault
        raise ProtocolError(str(error) or type(error).__name__) from error


def decode_as(kind: type[T], frame: memoryview) -> T:
    """What a frame says of the worker itself."""
    try:
        return msgspec.json.decode(_at_most(frame[1:], MOST_OF_VALUE), type=kind)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(str(error)) from error


def _decoded(frame: memoryview) -> Yielded:
    kind = frame[0]
    if kind == BYTES:
        return bytes(frame[1:])
    if kind == BATCH:
        return _batch(frame)
    if kind != VALUE:
        raise ValueError(f"a worker sent a frame of unknown kind {bytes(frame[:1])!r}")
    value = msgspec.json.decode(_at_most(frame[1:], MOST_OF_VALUE))
    if not isinstance(value, dict):
        raise ValueError("a worker sent a value that is no object")  # noqa: TRY004 - its data is wrong, not our call
    _refuse_large_numbers(value)
    return value


def _refuse_large_numbers(value: dict[str, Any]) -> None:
    """No column takes an integer of more than 64 bits."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if type(one) is int and not -(1 << 63) <= one < 1 << 63:
            raise ValueError("a worker sent a number of more than 64 bits")
        if isinstance(one, dict | list):
            waiting.extend(one.values() if isinstance(one, dict) else one)


def _at_most(data: memoryview, most: int) -> memoryview:
    if len(data) > most:
        raise ValueError(f"a worker sent {len(data)} bytes where at most {most} may come")
    return data


def _batch(frame: memoryview) -> Batch:
    ends = bytes(frame[1:_MOST_OF_HEAD]).index(_HEAD_ENDS) + 1
    head = msgspec.json.decode(frame[1:ends], type=_Head)
    row = tables().get(head.table)
    if row is None:
        raise ValueError("a worker sent rows of an unknown table")
    if not 0 <= head.rows <= MOST_ROWS or _size(head.constant, head.rows) > MOST_BYTES:
        raise ValueError(f"a worker sent {head.rows} rows at once")
    schema = arrow_schema(row)
    names = [name for name in schema.names if name not in head.constant]
    data = _columns(frame[ends + 1 :], pa.schema([schema.field(name) for name in names]))
    if names and data.num_rows != head.rows:
        raise ValueError(f"a worker sent {data.num_rows} rows and spoke of {head.rows}")
    columns = {name: data.column(name) for name in names}
    return batch(row, head.rows, **columns, **head.constant)


def _columns(message: memoryview, schema: pa.Schema) -> pa.RecordBatch:
    """Columns of a schema as they stand in one message of Arrow, without a copy."""
    read = pa.ipc.read_message(pa.py_buffer(message))
    if read.type != "record batch" or _is_compressed(memoryview(read.metadata)):
        raise ValueError("a worker sent rows in another form than the agreed one")
    data = pa.ipc.read_record_batch(read, schema)
    data.validate(full=True)  # before anything else is asked of it: its offsets lead anywhere
    if data.nbytes > len(message):
        raise ValueError("a worker sent columns that share their bytes")
    return data


def _is_compressed(metadata: memoryview) -> bool:
    """Whether the metadata of a record batch names a compression, which nobody agreed on."""

    def field(table: int, number: int) -> int:
        """Where a field of a table lies; 0 where it is left out."""
        (back,) = struct.unpack_from("<i", metadata, table)
        slot, (size,) = 4 + 2 * number, struct.unpack_from("<H", metadata, table - back)
        (at,) = struct.unpack_from("<H", metadata, table - back + slot) if slot < size else (0,)
        return table + at if at else 0

    def below(at: int) -> int:
        return int(at + struct.unpack_from("<I", metadata, at)[0])

    header = field(below(0), 2)
    return not header or bool(field(below(header), _COMPRESSION))
