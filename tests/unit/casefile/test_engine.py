"""The engine: queries, tables in memory, and which tables a query asks for."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from clew.casefile.engine import Engine, statement_tables
from clew.errors import UsageError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = Engine(tmp_path / "scratch")
    opened.show_empty("calls", pa.schema({"n": pa.int64()}))
    yield opened
    opened.close()


def test_a_table_in_memory_is_there_only_as_long_as_it_was_lent(engine: Engine) -> None:
    with engine.with_tables(calls=pa.table({"n": [1, 2]}), more=pa.table({"n": [3]})):
        assert engine.query("SELECT count(*) AS c FROM calls").to_pylist() == [{"c": 2}]
        assert engine.query("SELECT n FROM more").num_rows == 1
    assert engine.query("SELECT * FROM calls").num_rows == 0
    with pytest.raises(Exception, match="more"):
        engine.query("SELECT n FROM more")


def test_queries_reach_no_file_and_change_no_setting(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    for sql in (
        f"SELECT * FROM read_csv('{tmp_path}/x.csv')",
        "SET autoinstall_known_extensions = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(Exception, match=r"(?i)disabled|locked|denied|permission|not allowed"):
            engine.query(sql)


@pytest.mark.parametrize(
    ("sql", "asked"),
    [
        ("FROM a", {"a"}),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", {"a"}),
        ("WITH x AS (SELECT * FROM b), y AS (SELECT * FROM x) SELECT * FROM y, c", {"b", "c"}),
        ("SELECT (SELECT max(n) FROM d) FROM e WHERE EXISTS (SELECT 1 FROM f)", {"d", "e", "f"}),
        ("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x), x", {"x"}),
        ("SELECT * FROM a UNION ALL SELECT n FROM b WHERE n = $n", {"a", "b"}),
    ],
)
def test_what_a_query_asks_for_is_read_from_its_text(sql: str, asked: set[str]) -> None:
    assert statement_tables(sql) == asked


def test_a_query_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="can't be read"):
        statement_tables("SELECT FROM WHERE")
    with pytest.raises(UsageError, match="it is no single SELECT"):
        statement_tables("DROP TABLE calls")


def test_a_table_is_found_however_its_name_is_written(engine) -> None:
    assert engine.query("SELECT count(*) AS n FROM CALLS").to_pylist() == [{"n": 0}]
