"""A table of a package is decoded in a worker, and what is none is refused with its reason."""

from __future__ import annotations

import contextlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders.countries import rows_of, tables_of

from clew.exchange import decoding
from clew.exchange.refused import Refused
from clew.records import Account, Message
from clew.sandbox import Guard
from clew.schema import arrow_schema


@pytest.fixture(scope="module")
def guard(tmp_path_factory):
    with contextlib.closing(Guard(parent=tmp_path_factory.mktemp("workers"))) as one:
        yield one


def written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def read(guard, tmp_path, row, content: bytes) -> pa.Table:
    (tmp_path / "archive").write_bytes(b"other member" + content + b"and another")
    with (tmp_path / "archive").open("rb") as archive:
        return decoding.read(guard, row, archive.fileno(), (12, len(content)))


def test_the_rows_of_a_table_come_back_as_they_were_sent_in_memory_that_is_aligned(
    guard, tmp_path
) -> None:
    for row, table in tables_of(rows_of("ES", 1)).items():
        found = read(guard, tmp_path, row, written(table))
        assert found.equals(table), row
        columns = [part for column in found.columns for part in column.chunks]
        buffers = [one for part in columns for one in part.buffers() if one]
        assert {one.address % 8 for one in buffers} == {0}, row


@pytest.mark.parametrize(("content", "code"), [
    (b"", "schema"), (b"PAR1 and nothing PAR1", "schema"), ("other", "schema"),
    ("cut", "schema"),
])  # fmt: skip
def test_what_is_no_table_costs_itself_and_says_why(guard, tmp_path, content, code) -> None:
    given = tables_of(rows_of("ES", 1))
    made = {"other": lambda: written(given[Message]),
            "cut": lambda: written(given[Account])[:-40] + b"PAR1"}  # fmt: skip
    content = made[content]() if isinstance(content, str) else content
    with pytest.raises(Refused) as refused:
        read(guard, tmp_path, Account, content)
    assert refused.value.code == code
    whole = written(given[Account])
    assert read(guard, tmp_path, Account, whole).schema == arrow_schema(Account)  # it goes on


def test_the_decoder_of_a_strangers_table_does_not_run_beside_the_case(
    guard, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(pq, "ParquetFile", lambda *_, **__: pytest.fail("in this process"))
    table = tables_of(rows_of("ES", 1))[Account]
    assert read(guard, tmp_path, Account, written(table)).num_rows == table.num_rows
