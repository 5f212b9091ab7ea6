"""What a worker sends comes back the same; what it makes up is refused."""

from __future__ import annotations

import msgspec
import pyarrow as pa
import pytest

from clew.records import Flag
from clew.sandbox.frames import decode, encode
from clew.schema import batch


def through(yielded):
    (frame,) = encode(yielded)
    return decode(bytes(frame))


@pytest.mark.parametrize("yielded", [b"", b"\x00\xff", {"a": [1, None]}, {}])
def test_bytes_and_values_come_back(yielded) -> None:
    assert through(yielded) == yielded


def test_rows_come_back_with_columns_that_are_alike_or_empty() -> None:
    rows = batch(Flag, 3, exhibit_id=["ES-01"] * 3, item_id=["a", "b", "c"], code=["x"] * 3,
                 figures=[[], ["n=1"], []])  # fmt: skip
    again = through(rows)
    assert again.table is Flag
    assert again.data.to_pylist() == rows.data.to_pylist()


def head(table: str = "flags", rows: int = 1, constant: dict | None = None) -> bytes:
    return b"B" + msgspec.json.encode({"table": table, "rows": rows, "constant": constant or {}})


def body(columns: dict) -> bytes:
    sink = pa.BufferOutputStream()
    data = pa.record_batch(columns)
    with pa.ipc.new_stream(sink, data.schema) as stream:
        stream.write_batch(data)
    return b"\n" + sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    "frame",
    [
        b"?", b"v[1]", head("no_table") + body({"x": [1]}), head() + body({"exhibit_id": [1]}),
        head(rows=2, constant={"item_id": "a", "code": "c", "figures": None})
        + body({"exhibit_id": ["ES-01"]}),
    ],
)  # fmt: skip
def test_what_fits_no_table_is_refused(frame) -> None:
    with pytest.raises(ValueError, match="a worker sent"):
        decode(frame)
