"""Masked relations: what a masked reader's own SQL runs on.

Each table that a query names is made anew with columns that are masked by their types, in an engine
that has nothing else, so that no expression of the query, no cast, no error, no statistics and no
filter ever meets a real value. Pseudonyms are made in SQL, as ``Masking`` makes them; of a column
of texts each different one is masked once, and only if the engine finds anything in it that could
have to be hidden; what came of that is kept for later queries of the same tables. Columns that the
query does not use are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import Any

import pyarrow as pa

from clew.casefile import Case
from clew.casefile.engine import Engine, EngineError
from clew.casefile.kept_texts import KeptTexts
from clew.casefile.masking import (
    DIGITS,
    MESSAGE_DIGITS,
    PERSONAL,
    PLAIN_LOCATOR,
    TEXTS,
    WITHHELD,
    WITHHOLDING,
    Masking,
)
from clew.casefile.received import everybodys_in_sql
from clew.casefile.text_masking import (
    DROPPED,
    FEW_DIGITS,
    FOLDERS,
    PLAIN,
    SUSPICIOUS,
    WORDS_TO_CALL,
)
from clew.errors import EvidenceError, MachineError
from clew.reading.plain import listed
from clew.reading.statement import Statement
from clew.records import Account, Chat, MergedMessage, Person
from clew.schema import RECEIVED, Column, Home, Kind, columns, table_of, tables

_PERSONS, _CHATS, _TEXTS, _WORDS = "known persons", "known chats", "texts of ", "known words"
_MANY = 20_000
"""Rows of a table whose texts are searched when a run ends, and not when somebody asks."""
_DISTINCT = """
SELECT DISTINCT "{name}" AS value FROM "{table}" WHERE "{name}" IS NOT NULL{more}
"""
_SUSPECT = r"""
WITH texts AS ({distinct}),
folded AS MATERIALIZED (
  SELECT value, fold, regexp_replace(fold, '\pN+', '0', 'g') AS shape, is_plain
  FROM (
    SELECT value, lower(strip_accents(regexp_replace({text}, $dropped, '', 'g'))) AS fold,
           regexp_full_match({text}, $plain) AS is_plain
    FROM texts
  )
),
shapes AS (SELECT DISTINCT shape FROM folded WHERE is_plain),
named AS (
  SELECT DISTINCT shape FROM (
    SELECT shape, unnest(string_split_regex(shape, '[^\pL\pN]+')) AS word FROM shapes
  ) WHERE word IN (SELECT word FROM "{words}")
)
SELECT value FROM folded
WHERE NOT is_plain OR shape IN (SELECT shape FROM named)
   OR regexp_matches(fold, '(?m)^[\w.-]+:') OR regexp_matches(fold, $suspicious)
   OR (regexp_matches(fold, $few) AND (contains(fold, '+')
       OR regexp_matches(regexp_replace(fold, $folders, '/', 'g'), $call)))
UNION
SELECT value FROM (
  SELECT value, unnest(regexp_extract_all(fold, '\pL*\pN[\pL\pN]*')) AS word
  FROM folded WHERE is_plain
) WHERE word IN (SELECT word FROM "{words}")
"""
"""Texts of a column that may have to be hidden; all others ``TextMasking`` shows as they are."""
_PATTERNS = {
    "plain": PLAIN, "dropped": f"[{DROPPED}]", "suspicious": SUSPICIOUS, "few": FEW_DIGITS,
    "folders": FOLDERS, "call": WORDS_TO_CALL,
}  # fmt: skip


def suspect(engine: Engine, distinct: str, words: Iterable[str], *, is_list: bool) -> list[Any]:
    """Values of a query that may hold a number, an address, a handle or one of these words."""
    text = "array_to_string(value, chr(10))" if is_list else "value"
    with engine.with_tables(**{_WORDS: pa.table({"word": pa.array(sorted(words), pa.string())})}):
        sql = _SUSPECT.format(distinct=distinct, text=text, words=_WORDS)
        return engine.query(sql, **_PATTERNS)["value"].to_pylist()  # type: ignore[no-any-return]


def look_ahead(case: Case) -> None:
    """Find what is hidden in the texts of large tables before anybody asks for it.

    Where it can't be found nothing is kept, and whoever asks is given the reason.
    """
    rows = {name: sum(file.rows for file in files) for name, files in case.complete().items()}
    large = [name for name, count in rows.items() if name in tables() and count >= _MANY]
    with suppress(EvidenceError, MachineError, EngineError):
        if large:
            with closing(MaskedRelations(case, case.masking(), places=False)) as relations:
                relations.look_ahead(large)


class MaskedRelations:
    """The tables and relations of a case as one masked reading sees them, made when asked for."""

    def __init__(self, case: Case, masking: Masking, *, places: bool) -> None:
        self._case, self._masking, self._places = case, masking, places
        self._open = ExitStack()
        self._real = self._open.enter_context(closing(case.open_engine()))
        self._engine = self._open.enter_context(closing(Engine(case.scratch)))
        self._tables: dict[str, _Masked] = {}

    def close(self) -> None:
        """Let go of the tables."""
        self._open.close()

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Answer a query."""
        asked = Statement(sql)
        self._see(asked.tables)
        if len(asked.tables) == 1:
            (one,) = (self._tables[name] for name in asked.tables)
            if not one.says_names and (page := listed(asked.tree, one.columns)):
                return self._page(sql, page)
        for name in sorted(asked.tables):
            self._make(self._tables[name], asked)
        return self._engine.query(sql).to_pylist()  # type: ignore[no-any-return]

    def look_ahead(self, names: Iterable[str]) -> None:
        """Find what is hidden in the texts of tables, which is kept for whoever asks."""
        self._see(names)
        for table in map(self._tables.__getitem__, names):
            for column in filter(table.is_searched, table.columns):
                table.texts(column)

    def _see(self, names: Iterable[str]) -> None:
        """Learn what the columns of tables and relations are that were not asked for before."""
        new = sorted(set(names) - set(self._tables))
        rows = [tables()[name] for name in new if name in tables()]
        self._case.show_tables(self._real, rows, places=self._places)
        for name in new:
            self._tables[name] = _Masked(
                self._case, self._masking, self._real, name, places=self._places
            )

    def _page(self, sql: str, page: list[Column]) -> list[dict[str, Any]]:
        """A page of real rows, masked afterwards: nothing of the query has met their values."""
        found, mask = self._real.query(sql), self._masking.value
        shown = [
            [mask(column, value, places=self._places) for value in found.column(n).to_pylist()]
            for n, column in enumerate(page)
        ]
        return [dict(zip(found.column_names, row, strict=True)) for row in zip(*shown, strict=True)]

    def _make(self, table: _Masked, asked: Statement) -> None:
        """Make what a query uses of a table, with what earlier ones did."""
        used = {c.name for c in table.columns if asked.uses(c.name)} or {table.columns[0].name}
        if not used <= table.made:
            table.made |= used
            self._engine.show_table(table.name, table.rows())


class _Masked:
    """A table or relation as a masked reader sees it."""

    def __init__(
        self, case: Case, masking: Masking, engine: Engine, name: str, *, places: bool
    ) -> None:
        self._masking, self._engine = masking, engine
        self.name, self._places = name, places
        self._kept: KeptTexts | None = None
        self.made: set[str] = set()
        """Columns that are made."""
        if row := table_of(name):
            self.columns = columns(row)
            if case.reads_snapshot and row.home is not Home.JUDGEMENTS:
                self._kept = KeptTexts(case.folder, case.generation, masking.key, case.is_in_force)
        else:
            found = case.sql(f'SELECT * FROM "{name}"')  # noqa: S608 - declared names only
            engine.show_table(name, found)
            self.columns = tuple(_column_of(field) for field in found.schema)

    @property
    def says_names(self) -> bool:
        """Its rows say which words of their texts may be names: so no text is shown."""
        kinds = {column.name: column.kind for column in self.columns}
        return kinds.get("names") is Kind.PERSON_NAME and "text" in kinds

    def is_searched(self, column: Column) -> bool:
        """Its values are shown, but for what names somebody."""
        withheld = column.kind is Kind.FREE_TEXT and self.says_names
        return column.kind in TEXTS and not withheld

    def rows(self) -> pa.Table:
        """Its rows with the columns that are made."""
        used = [c for c in self.columns if c.name in self.made]
        every = {c.name: self.texts(c) for c in used if self.is_searched(c)}
        texts = {name: table for name, table in every.items() if table.num_rows}
        shown = ", ".join(
            f'{self._expression(c, hidden=c.name in texts)} AS "{c.name}"' for c in used
        )
        joins = "".join(
            f' LEFT JOIN "{_TEXTS}{name}" AS "{name}" ON "{name}".value = r."{name}"'
            for name in texts
        )
        with self._engine.with_tables(**{_TEXTS + name: table for name, table in texts.items()}):
            return self._engine.query(
                f'SELECT {shown} FROM "{self.name}" AS r{joins}'  # noqa: S608
            )

    def texts(self, column: Column) -> pa.Table:
        """What is shown instead of each text of a column that can't be shown as it is."""
        find = partial(self._find, column)
        return self._kept.of(self.name, column.name, find) if self._kept else find()

    def _find(self, column: Column) -> pa.Table:
        plain = f""" AND NOT regexp_full_match("{column.name}", '{PLAIN_LOCATOR}')"""
        more = plain if column.kind is Kind.LOCATOR else ""
        distinct = _DISTINCT.format(name=column.name, table=self.name, more=more)
        is_list = pa.types.is_list(column.arrow_type)
        values = suspect(self._engine, distinct, self._masking.texts.words, is_list=is_list)
        mask = self._masking.value
        changed = [(v, shown) for v in values if (shown := mask(column, v)) != v]
        parts = zip(*changed, strict=True) if changed else ((), ())
        return pa.table([pa.array(p, column.arrow_type) for p in parts], ["value", "shown"])

    def _expression(self, column: Column, *, hidden: bool) -> str:
        """SQL for a whole column; of texts, whether some are hidden."""
        real = f'r."{column.name}"'
        if self.is_searched(column):
            return f'coalesce("{column.name}".shown, {real})' if hidden else real
        if column.arrow_type == pa.float64():
            return "CAST(NULL AS DOUBLE)" if self._hides_place(column) else real
        if pa.types.is_list(column.arrow_type):
            one = self._masked(column, "x")
            return real if one == "x" else f"list_transform({real}, lambda x: {one})"
        return self._masked(column, real)

    def _hides_place(self, column: Column) -> bool:
        return column.kind is Kind.PLACE and not self._places

    def _masked(self, column: Column, x: str) -> str:
        """SQL for one value that is masked by the type of its column."""
        if column.kind in WITHHOLDING | TEXTS or self._hides_place(column):
            return f"CASE WHEN {x} IS NOT NULL THEN '{WITHHELD}' END"
        if column.kind is Kind.NUMBER:
            return self._number(x)
        if column.kind is Kind.HANDLE:
            plain = f"regexp_replace(lower({x}), '^@', '')"
            return (
                f"CASE WHEN regexp_full_match({x}, '[+].*|[0-9]+') THEN {self._number(x)} "
                f"ELSE {self._pseudonym('handle', plain)} END"
            )
        if self.name.startswith(RECEIVED) and PERSONAL & {*column.points_at}:
            x = everybodys_in_sql(x)
        if column.kind is Kind.MESSAGE_KEY or MergedMessage in column.points_at:
            hidden = self._pseudonym("message", x, MESSAGE_DIGITS)
            return f"CASE WHEN regexp_matches({x}, '^[0-9a-f]{{20}}#') THEN {x} ELSE {hidden} END"
        return self._identifier(column, x)

    def _identifier(self, column: Column, x: str) -> str:
        """SQL for an identifier of a person, an account or a group; others name nobody and stay."""
        known = [(Chat, "group", _CHATS), (Person, "person", _PERSONS), (Account, "account", "")]
        named = [(kind, ids) for row, kind, ids in known if row in column.points_at]
        if not named:
            return x
        shown = self._pseudonym(named.pop()[0], x)
        if named:
            self._engine.show_table(_PERSONS, _ids(self._masking.known.persons))
            self._engine.show_table(_CHATS, _ids(self._masking.known.chats))
        for kind, ids in reversed(named):
            among = f'{x} IN (SELECT id FROM "{ids}")'  # noqa: S608
            shown = f"CASE WHEN {among} THEN {self._pseudonym(kind, x)} ELSE {shown} END"
        return shown

    def _pseudonym(self, kind: str, x: str, digits: int = DIGITS) -> str:
        return f"'{kind}-' || left(sha256('{self._masking.key}' || {x}), {digits})"

    def _number(self, x: str) -> str:
        return self._pseudonym("number", f"regexp_replace({x}, '[^0-9]', '', 'g')")


def _ids(values: Iterable[str]) -> pa.Table:
    return pa.table({"id": pa.array(sorted(values), pa.string())})


def _column_of(field: pa.Field) -> Column:
    """What a relation's column is: as the tables declare one of its name, if all do alike."""
    declared = [
        column
        for row in tables().values()
        for column in columns(row)
        if column.name == field.name and column.arrow_type == field.type
    ]
    if declared and len({(c.kind, c.points_at) for c in declared}) == 1:
        return declared[0]
    is_text = pa.types.is_string(field.type) or pa.types.is_list(field.type)
    kind = Kind.UNDECLARED if is_text else Kind.QUANTITY
    return Column(
        name=field.name, arrow_type=field.type, nullable=True, kind=kind, points_at=(),
        pattern=None, allowed=(),
    )  # fmt: skip
