"""What a worker sends comes back the same; what it makes up is refused."""

from __future__ import annotations

import msgspec
import pyarrow as pa
import pytest

from clew.records import Flag
from clew.sandbox.frames import MOST_BYTES, MOST_ROWS, ProtocolError, decode, encode
from clew.schema import Batch, batch


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
    return b"\n" + pa.record_batch(columns).serialize().to_pybytes()


@pytest.mark.parametrize(
    "frame",
    [
        b"?", b"v[1]", head("no_table") + body({"x": [1]}), head() + body({"exhibit_id": [1]}),
        head(rows=2, constant={"item_id": "a", "code": "c", "figures": None})
        + body({"exhibit_id": ["ES-01"]}),
    ],
)  # fmt: skip
def test_what_fits_no_table_is_refused(frame) -> None:
    with pytest.raises(ProtocolError):
        decode(frame)


def test_what_is_too_large_for_a_frame_goes_in_several(monkeypatch) -> None:
    items = [f"{n:0900}" for n in range(1000)]
    rows = batch(Flag, 1000, exhibit_id=["ES-01"] * 1000, item_id=items, code=["x" * 2000] * 1000,
                 figures=[["n=1"]] * 1000)  # fmt: skip
    monkeypatch.setattr("clew.sandbox.frames.MOST_BYTES", 1 << 20)
    sent = [bytes(frame) for frame in encode(rows)]
    assert len(sent) > 2
    assert max(map(len, sent)) <= 1 << 20
    parts = [decode(frame) for frame in sent]
    assert all(isinstance(part, Batch) for part in parts)
    assert [r for part in parts for r in part.data.to_pylist()] == rows.data.to_pylist()
    assert b"".join(decode(bytes(f)) for f in encode(bytes(5 << 20))) == bytes(5 << 20)


def test_columns_that_are_alike_take_no_more_than_a_frame() -> None:
    wide = {"exhibit_id": "a" * 300, "item_id": "b", "code": "c", "figures": None}
    assert MOST_ROWS * 300 > MOST_BYTES
    with pytest.raises(ProtocolError, match="rows at once"):
        decode(head(rows=MOST_ROWS, constant=wide) + b"\n")


def test_no_number_is_too_large_for_a_column() -> None:
    assert decode(b'v{"a":[-9223372036854775808]}')
    with pytest.raises(ProtocolError, match="64 bits"):
        decode(b'v{"a":[{"b":9223372036854775808}]}')
