"""``clew query``: ask the tables in SQL."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    masked,
    say,
    unmask_options,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    from clew.casefile import Case


_MAKE_ROWS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree", "repeat"})
"""Functions that stand for a table and read no file."""
_NAME = re.compile(r"\w+")


@click.command(no_args_is_help=True)
@case_argument
@click.argument("sql", metavar="SQL")
@unmask_options
@json_option
def query(case: Path, sql: str, unmask: bool, reason: str | None, as_json: bool) -> None:
    r"""Ask the tables in SQL; see docs/tables.md for what is in them.

    Conditions work on the real values; what is shown has people masked, unless --unmask. Where
    pictures were taken is withheld altogether, unless --unmask.

    \b
    clew query cases/op-17 "select kind, count(*) from messages group by kind order by 2 desc"
    """
    import duckdb

    from clew.casefile import open_case
    from clew.errors import UsageError

    with open_case(case) as opened:
        if unmask:
            allow_unmasking(opened, reason, f"query {_named(opened, sql)}")
        log_reading(opened, f"query {_named(opened, sql)}", unmasked=unmask, reason=reason)
        try:
            rows = opened.rows(_only_tables(opened, _only_select(sql)))
        except duckdb.Error as error:
            raise UsageError(
                f"the query can't be answered: {str(error).splitlines()[0]}",
                do="See the tables with: clew steps, and their columns in docs/tables.md.",
            ) from error
        if not unmask:
            rows = masked(rows, opened.masking())
    write_json(rows) if as_json else write_table(rows)
    if not unmask:
        say("People are masked; --unmask --reason REASON shows who they are, and is logged.")


def _named(case: Case, sql: str) -> str:
    """A query as the log keeps it: by its hash, with the people in its text masked."""
    return f"{hashlib.sha256(sql.encode()).hexdigest()[:16]}: {case.masking().text(sql)}"


def _only_tables(case: Case, sql: str) -> str:
    """The statement, if it reads tables and no files: what is withheld stands in files too."""
    from clew.errors import UsageError

    ((parsed,),) = case.db.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()
    for node in _nodes(msgspec.json.decode(parsed)):
        kind, name = node.get("type"), node.get("table_name")
        if kind == "TABLE_FUNCTION":
            name = node["function"]["function_name"]
        is_file = kind == "BASE_TABLE" and not _NAME.fullmatch(str(name))
        if is_file or (kind == "TABLE_FUNCTION" and name not in _MAKE_ROWS):
            raise UsageError(
                f"{name!r} is not one of the case's tables",
                do="See the tables with: clew steps; files of the case can't be asked directly.",
            )
    return sql


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in a parsed query."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(part)


def _only_select(sql: str) -> str:
    """The one statement, if it only reads."""
    import duckdb

    from clew.errors import UsageError

    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError(
            "only a single SELECT is answered: the tables can't be changed here",
            do='Ask as in: clew query CASE "select count(*) from messages"',
        )
    return sql
