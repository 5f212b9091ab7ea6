"""What a worker sends back: bytes with a letter in front, over a pipe that keeps their bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

import clew.records  # noqa: F401 - declares every table
from clew.schema import Batch, arrow_schema, tables

BATCH, BYTES, VALUE, ERROR, END = b"BbveE"
"""Kinds of frame: rows, raw bytes, a JSON value, an error, the end of a task."""

Yielded = Batch | bytes | dict[str, Any]
"""What a task in a worker may yield."""

_NAME_ENDS = b"\0"


class Call(msgspec.Struct, frozen=True):
    """A task for a worker to run."""

    task: str
    """``module:function``."""
    argument: dict[str, Any]
    cpu_seconds: int


def encode(yielded: Yielded) -> Iterator[bytes]:
    """Frames for one thing that a task yields."""
    if isinstance(yielded, Batch):
        sink = pa.BufferOutputStream()
        sink.write(bytes([BATCH]) + yielded.table.table_name.encode() + _NAME_ENDS)
        with pa.ipc.new_stream(sink, yielded.data.schema) as stream:
            stream.write_batch(yielded.data)
        yield memoryview(sink.getvalue())  # type: ignore[misc]
    elif isinstance(yielded, bytes):
        yield bytes([BYTES]) + yielded
    else:
        yield bytes([VALUE]) + msgspec.json.encode(yielded)


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
    ends = frame.index(_NAME_ENDS)
    row = tables().get(frame[1:ends].decode("ascii", "replace"))
    if row is None:
        raise ValueError("a worker sent rows of an unknown table")
    with pa.ipc.open_stream(pa.py_buffer(memoryview(frame)[ends + 1 :])) as stream:
        if not stream.schema.equals(arrow_schema(row)):
            raise ValueError(f"a worker sent rows that do not fit table {row.table_name}")
        data = stream.read_next_batch()
    data.validate(full=True)
    return Batch(row, data)
