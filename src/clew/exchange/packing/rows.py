"""Rows of each table that belong in a package, and how many of the others stay for which reason.

Every row of the case's facts is counted once: it goes, or it stays for one reason. So the parts
of a case and what their coverage says was withheld add up to the case.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.exchange.packing.naming import Naming, Why
from clew.relations import step_queries
from clew.schema import Home, Row, columns, tables


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which rows of a table go, as ``tables.toml`` says."""

    subjects: tuple[str, ...] = ()
    every: bool = False
    lists: tuple[str, ...] = ()
    at: str = ""
    group: str = ""
    bearer: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()


@cache
def specs() -> dict[str, Spec]:
    """Tables of a package, in the order in which their rows are chosen."""
    text = resources.files("clew.exchange.packing").joinpath("tables.toml").read_bytes()
    return {
        name: msgspec.convert(said, Spec) for name, said in tomllib.loads(text.decode()).items()
    }


class Chosen(msgspec.Struct, frozen=True):
    """Rows of one table that go, and how many stay, by why."""

    row: type[Row]
    rows: pa.Table
    total: int
    stay: dict[str, int]


class Selection:
    """Asks a case for the rows of those who are named."""

    def __init__(self, case: Case, naming: Naming) -> None:
        self._engine = case.engine
        self._naming = naming
        self.accounts: frozenset[str] = frozenset()
        """Accounts of whoever is named, without those that an inference alone ties."""

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Let queries know who is named, for as long as this lasts."""
        engine = self._engine
        with engine.with_tables(person_standings=self._naming.table()):
            standings = engine.query(step_queries()["account_standings"])
        chats = engine.query(step_queries()["investigated_chats"])
        with engine.with_tables(account_standing=standings, investigated_chat=chats):
            is_named = [
                account for account, why in zip(
                    standings["account_id"].to_pylist(), standings["standing"].to_pylist(),
                    strict=True,
                ) if why == Why.NAMED
            ]  # fmt: skip
            self.accounts = frozenset(is_named)
            yield

    def choose(self) -> Iterator[Chosen]:
        """Every table of a package, those first whose rows others refer to."""
        sent: list[pa.Table] = []
        for name, spec in specs().items():
            row = tables()[name]
            found = self._referred(row, spec, sent) if spec.refers else self._of_named(row, spec)
            sent.append(found.rows)
            yield found

    def not_sent(self) -> Iterator[tuple[str, int]]:
        """Tables of facts and evidence that no package has, with their rows."""
        for name, row in sorted(tables().items()):
            if row.home in (Home.FACTS, Home.EVIDENCE) and name not in specs():
                yield name, self._count(f'SELECT count(*) AS n FROM "{name}"')

    def _of_named(self, row: type[Row], spec: Spec) -> Chosen:
        """Rows of accounts that are named."""
        name, order = row.table_name, ", ".join(f't."{c}"' for c in _order(row))
        inner = _standing(name, spec)
        named = {"named": sorted(self.accounts)} if spec.lists else {}
        counted = self._engine.query(
            f"SELECT standing, count(*) AS n FROM ({inner}) AS t GROUP BY standing ORDER BY 1",
            **named,
        ).to_pylist()
        stay = {r["standing"]: r["n"] for r in counted}
        total = sum(stay.values())
        wanted = ", ".join(f't."{c.name}"' for c in columns(row))
        rows = self._engine.query(
            f"SELECT {wanted} FROM ({inner}) AS t WHERE t.standing = 'named' ORDER BY {order}",
            **named,
        )
        stay.pop(Why.NAMED, None)
        return Chosen(row, rows, total, stay)

    def _referred(self, row: type[Row], spec: Spec, sent: list[pa.Table]) -> Chosen:
        """Rows that those of other tables refer to."""
        keys = [part.select(list(spec.refers)) for part in sent
                if set(spec.refers) <= set(part.column_names)]  # fmt: skip
        referred = pa.concat_tables(keys).group_by(list(spec.refers)).aggregate([])
        on = " AND ".join(f't."{c}" = r."{c}"' for c in spec.refers)
        order = ", ".join(f't."{c}"' for c in _order(row))
        name = row.table_name
        with self._engine.with_tables(referred_rows=referred):
            rows = self._engine.query(
                f'SELECT t.* FROM "{name}" AS t JOIN referred_rows AS r ON {on} ORDER BY {order}'
            )
        total = self._count(f'SELECT count(*) AS n FROM "{name}"')
        left = total - rows.num_rows
        return Chosen(row, rows, total, {str(Why.NOT_REFERRED): left} if left else {})

    def _count(self, sql: str) -> int:
        return int(self._engine.query(sql)["n"][0].as_py())


def _order(row: type[Row]) -> list[str]:
    """Columns that put the rows of a table in one order."""
    names = [c.name for c in columns(row)]
    located = [n for n in ("exhibit_id", "source_id", "locator") if n in names]
    return list(
        dict.fromkeys(
            [
                *row.key,
                *located,
                *(c.name for c in columns(row) if not pa.types.is_list(c.arrow_type)),
            ]
        )
    )


def _standing(table: str, spec: Spec) -> str:
    """SQL: every row of a table with what becomes of it."""
    joins = "".join(
        f' LEFT JOIN account_standing AS s{n} ON s{n}.account_id = x."{column}" AND '
        + (f'coalesce(x."{spec.at}", s{n}.untimed)' if spec.at else f"s{n}.untimed")
        + f" BETWEEN s{n}.since AND s{n}.until"
        for n, column in enumerate(spec.subjects)
    )
    said = [f"coalesce(s{n}.standing, 'nobody')" for n in range(len(spec.subjects))]
    first = f"coalesce({', '.join(f's{n}.standing' for n in range(len(said)))}, 'nobody')"
    if spec.every:
        others = "".join(f" WHEN {one} <> 'named' THEN {one}" for one in said)
        standing = f"CASE{others} ELSE 'named' END"
    else:
        named = [f"{one} = 'named'" for one in said]
        named += [f'coalesce(list_has_any(x."{c}", $named), FALSE)' for c in spec.lists]
        standing = f"CASE WHEN {' OR '.join(named)} THEN 'named' ELSE {first} END"
    if spec.group:
        joins += f' LEFT JOIN investigated_chat AS g ON g.chat_id = x."{spec.group}"'
        standing = (
            f"CASE WHEN {standing} = 'named' AND g.chat_id IS NULL THEN 'not_investigated' "
            f"ELSE {standing} END"
        )
    return f'SELECT x.*, {standing} AS standing FROM "{table}" AS x{joins}'


def reasons(stay: Mapping[str, int]) -> dict[str, int]:
    """Reasons in order, without those of nobody."""
    return {why: n for why, n in sorted(stay.items()) if n}
