"""What may be asked of a case in SQL, and what the log keeps of it."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.reading.statement import Statement, logged


def test_a_statement_names_its_tables_and_uses_the_columns_that_it_names() -> None:
    assert Statement("WITH w AS (SELECT text FROM Messages) FROM w").tables == {"messages"}
    asked = Statement("SELECT m.text FROM messages AS m JOIN chats USING (chat_id)")
    assert asked.tables == {"messages", "chats"}
    assert asked.uses("TEXT")
    assert asked.uses("chat_id")
    assert not asked.uses("caption")


def test_a_sample_of_rows_is_answered() -> None:
    assert Statement("SELECT kind FROM messages USING SAMPLE 3").tables == {"messages"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM accounts a",
        "FROM accounts",
        "SELECT #1 FROM accounts",
        "SELECT x FROM accounts AS a(x)",
        "SELECT 1 FROM accounts NATURAL JOIN chats",
    ],
)
def test_a_whole_row_is_every_column(sql) -> None:
    assert Statement(sql).uses("e164")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; SELECT 2",
        "DROP TABLE calls",
        "FROM 'facts/messages/x.parquet'",
        "FROM (SHOW TABLES)",
        "SUMMARIZE accounts",
        "FROM read_parquet('x')",
        "SELECT * FROM main.messages",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM nothing",
        'SELECT * FROM "known persons"',
        "SELECT * FROM duckdb_views()",
    ],
)
def test_whatever_is_no_select_from_tables_of_the_case_is_refused(sql) -> None:
    with pytest.raises(UsageError):
        Statement(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS \"Ana\" FROM chats WHERE subject = 'Ana' AND x > 34612345678",
        "SELECT 1 AS ana FROM chats -- 612345678",
        "SELECT 34_612_345_678 FROM chats /* Ana */",
        "WITH ana AS (FROM Chats) FROM ana, ana_612345678",
    ],
)
def test_the_log_names_the_tables_of_a_query_and_nothing_else_of_it(sql) -> None:
    assert logged(sql) == "query of chats"


@pytest.mark.parametrize("sql", ["DROP TABLE ana", "SELECT 'Ana", "SELECT 1 -- Ana", "\udcff"])
def test_of_whatever_else_is_asked_the_log_says_nothing(sql) -> None:
    assert logged(sql) == "query of no table"
