"""Rows and columns end in the same Arrow table, and a received table is checked."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from clew.records import AccountName, Flag, NameKind
from clew.schema import arrow_schema, batch, columns, problems, tables, to_arrow

ROW = {"exhibit_id": "ES-01", "source_id": "0" * 64, "locator": "l", "account_id": "a", "name": "n"}


def test_rows_and_columns_give_the_same_table() -> None:
    rows = to_arrow(AccountName, [AccountName(**ROW, name_kind=NameKind.PUSH)])
    made = batch(AccountName, 1, **{k: [v] for k, v in ROW.items()}, name_kind=["push"])
    assert pa.Table.from_batches([made.data]).equals(rows)


def test_a_column_that_is_left_out_is_empty_where_it_may_be() -> None:
    made = batch(Flag, 2, exhibit_id="ES-01", item_id=["a", "b"], code=["c", "d"], figures=[[], []])
    assert made.data.schema.equals(arrow_schema(Flag))
    assert made.data.column("exhibit_id").to_pylist() == ["ES-01", "ES-01"]


def test_a_value_that_does_not_fit_is_refused() -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        to_arrow(AccountName, [AccountName(**{**ROW, "name": 7}, name_kind=NameKind.PUSH)])


def test_a_table_that_keeps_its_rules_has_no_problem() -> None:
    rows = to_arrow(AccountName, [AccountName(**ROW, name_kind=NameKind.PUSH)])
    assert list(problems(AccountName, rows)) == []


def test_a_value_that_is_not_allowed_or_missing_is_a_problem() -> None:
    good = to_arrow(AccountName, [AccountName(**ROW, name_kind=NameKind.PUSH)])
    position = good.schema.get_field_index("name_kind")
    for value in ("nonsense", None):
        bad = good.set_column(position, "name_kind", pa.array([value], pa.string()))
        assert {problem.column for problem in problems(AccountName, bad)} == {"name_kind"}


def test_times_are_utc_and_every_column_has_a_kind() -> None:
    assert arrow_schema(AccountName).names == list(AccountName.__struct_fields__)
    for row in tables().values():
        for column in columns(row):
            assert column.kind is not None
            if pa.types.is_timestamp(column.arrow_type):
                assert column.arrow_type.tz == "UTC"
    assert datetime.now(UTC).tzinfo is UTC


def test_rows_as_a_worker_sent_them_are_checked_without_a_word() -> None:
    code = (
        "import pyarrow as pa\n"
        "from clew.records import Chat\n"
        "from clew.schema import arrow_schema, problems\n"
        "schema = arrow_schema(Chat)\n"
        "names = {'exhibit_id', 'source_id', 'locator', 'chat_id', 'platform', 'chat_type'}\n"
        "rows = [{n: ('x' if n in names else None) for n in schema.names}] * 2\n"
        "sent = b'odd' + pa.RecordBatch.from_pylist(rows, schema=schema).serialize().to_pybytes()\n"
        "read = pa.ipc.read_message(pa.py_buffer(memoryview(sent)[3:]))\n"
        "table = pa.Table.from_batches([pa.ipc.read_record_batch(read, schema)])\n"
        "print([p.rule for p in problems(Chat, table)])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "must be unique" in done.stdout
    assert done.stderr == ""
