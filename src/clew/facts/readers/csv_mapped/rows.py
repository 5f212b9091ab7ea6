"""From a record to the rows that the mapping makes of it."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from clew import records
from clew.facts import exports
from clew.facts.mapping import TABLES, Cell, Mapping
from clew.facts.reader_api import Found
from clew.facts.readers.csv_mapped.delimited import Record, Records
from clew.facts.readers.csv_mapped.values import Odd, Times, account, plain
from clew.schema import Column, Id, Row, columns

_TIME = pa.timestamp("us", tz="UTC")


class _Made:
    """One column of a table, and where it comes from."""

    def __init__(self, column: Column, cell: Cell, ranks: dict[str, int]) -> None:
        self.column, self.cell = column, cell
        self.rank = None if cell.column is None else ranks[cell.column]

    def is_needed(self, table: type[Row]) -> bool:
        """Whether a row of the table can't be without this column."""
        optional = self.column.nullable or self.cell.split
        return not optional and self.column.name not in ("kind", *_DEFAULTS.get(table, {}))

    def named(self, table: type[Row]) -> str:
        """The column of the table."""
        return f"{table.table_name}.{self.column.name}"

    def text(self, record: Record) -> str:
        """What the cell holds; with the words and the prefix of the mapping."""
        found = self.cell.value if self.rank is None else record.cells[self.rank]
        found = self.cell.words.get(found or "", found or "")
        return f"{self.cell.prefix}{found}" if found else ""


class Rows(exports.Export):
    """The rows of a file, with the accounts and chats that they name."""

    def __init__(self, found: Found, mapping: Mapping, ranks: dict[str, int]) -> None:
        super().__init__(found, mapping.platform)
        self._mapping = mapping
        self._times = Times(mapping)
        self._known: dict[tuple[str | None, str], Id[records.Account]] = {}
        self._chats: dict[str, str] = {}
        self._keys: set[tuple[str, str]] = set()
        self._makers = []
        for name, table in mapping.tables.items():
            known = {c.name: c for c in columns(TABLES[name])}
            made = [_Made(known[n], cell, ranks) for n, cell in table.columns.items()]
            when = None if table.when is None else ranks[table.when]
            self._makers.append((TABLES[name], made, when))

    def of(self, record: Record) -> Iterator[Row]:
        """Every row of a record; a record that becomes none is reported."""
        where, became = f"line/{record.line}", False
        empty: list[str] = []
        for table, made, when in self._makers:
            if when is not None and not record.cells[when].strip():
                continue
            values, odd = self._values(table, made, record, where)
            for one, problem in odd:
                of, named = one.cell.column or "constant", one.named(table)
                code = f"cell:{problem.code}"
                yield self.found.unread(where, code, column=named, of=of, **problem.values)
            lacking = [m for m in made if m.is_needed(table) and m.column.name not in values]
            empty += [m.named(table) for m in lacking]
            if not lacking:
                became = True
                yield from self._row(table, values)
        if became:
            self.tally.emitted("record", TABLES[next(iter(self._mapping.tables))])
        else:
            self.tally.skipped("record", "no_row")
            yield self.found.unread(where, "no_row", empty=empty or "-")

    def named(self) -> Iterator[Row]:
        """Accounts and chats that rows name and no table of the mapping describes."""
        if "accounts" not in self._mapping.tables:
            yield from self.accounts.values()
        if "chats" not in self._mapping.tables:
            for chat, where in self._chats.items():
                yield self.chat_row(where, Id(chat), records.ChatType.UNKNOWN)

    def end(self, parsed: Records) -> Iterator[Row]:
        """What was odd about the file as a whole, its row, and the account of its records."""
        if parsed.damaged:
            yield self.found.unread("file", "encoding", n=parsed.damaged)
        if parsed.open_quote:
            yield self.found.unread("file", "open_quote")
        if parsed.broken is not None:
            yield self.found.unread(f"line/{parsed.line}", "broken", cause=parsed.broken)
        mapping = self._mapping
        basis = records.TimeBasis.UTC if mapping.time_zone else records.TimeBasis.EXPORT_LOCAL
        yield from self.source(
            "record",
            kind=f"csv.{mapping.name}",
            generation=mapping.platform,
            tz_basis=basis,
            truncated_suspect=parsed.broken is not None,
        )

    def _values(
        self, table: type[Row], made: list[_Made], record: Record, where: str
    ) -> tuple[dict[str, Any], list[tuple[_Made, Odd]]]:
        """Columns of a row, and what could not be one."""
        values: dict[str, Any] = self.at(where)
        odd: list[tuple[_Made, Odd]] = []
        for one in made:
            text = one.text(record)
            if not text:
                continue
            try:
                self._put(table, values, one, text)
            except Odd as problem:
                odd.append((one, problem))
                if table is records.Message and one.column.arrow_type == _TIME:
                    values["sent_text"] = text
                if table is records.Message and one.column.name == "kind":
                    values |= {"kind": records.MessageKind.UNKNOWN, "type_raw": text}
        return values, odd

    def _put(self, table: type[Row], values: dict[str, Any], one: _Made, text: str) -> None:
        name, column, where = one.column.name, one.column, values["locator"]
        if column.arrow_type == _TIME:
            moment = self._times.read(text.strip())
            values[name] = moment.at
            if moment.local is not None:
                self._local(table, values, name, moment.local)
        elif column.names(records.Account):
            key = (one.cell.id_type, text)
            if key not in self._known:
                named = account(self._mapping, one.cell.id_type, text, self.found.source_id[:16])
                self._known[key] = self.account(named, where)
            values[name] = self._known[key]
        elif column.names(records.Chat):
            values[name] = f"{self.platform}:{text}"
            self._chats.setdefault(values[name], where)
        else:
            values[name] = plain(column, one.cell, text)

    def _local(self, table: type[Row], values: dict[str, Any], name: str, local: str) -> None:
        """A time without a zone stays local, where the table has a column for it."""
        if name != "sent_at" or table not in (records.Message, records.Share):
            raise Odd("time_zone", value=local)
        values["sent_local"] = local
        if table is records.Message:
            values["tz_basis"] = records.TimeBasis.EXPORT_LOCAL

    def _row(self, table: type[Row], values: dict[str, Any]) -> Iterator[Row]:
        """The row, with what the reader adds to it; a second row with the same key is counted."""
        values = {**_DEFAULTS.get(table, {}), **values}
        event = self.found.event(values["locator"])
        if table is records.Call:
            values["call_id"] = event
        elif table is records.Share:
            is_hashed = any(values.get(name) for name in ("sha256", "md5", "sha1"))
            basis = records.HashBasis.TOOL_REPORT if is_hashed else None
            values |= {"event_id": event, "hash_basis": basis}
        elif table in (records.Account, records.Chat):
            values["platform"] = self.platform
            name = "account_id" if table is records.Account else "chat_id"
            if table is records.Account:
                known = self.accounts[values[name]]
                values = {"identifier": known.identifier, "id_type": known.id_type,
                          "e164": known.e164, **values}  # fmt: skip
            if (table.table_name, values[name]) in self._keys:
                self.tally.skipped(table.table_name, "repeated")
                return
            self._keys.add((table.table_name, values[name]))
        elif table is records.Message:
            yield from self._message({**values, "event_id": event})
            return
        yield table(**values)

    def _message(self, values: dict[str, Any]) -> Iterator[Row]:
        self.seen_at(values.get("sent_at"))
        kind = records.MessageKind.TEXT if values.get("text") else records.MessageKind.UNKNOWN
        message = records.Message(**{"kind": kind, **values, **exports.texts(values.get("text"))})
        yield from exports.invites(message)
        yield message


_DEFAULTS: dict[type[Row], dict[str, Any]] = {
    records.Message: {"tz_basis": records.TimeBasis.UTC},
    records.Share: {"state": records.ShareState.ABSENT},
    records.Chat: {"chat_type": records.ChatType.UNKNOWN},
    records.Call: {"result": "unknown"},
}
