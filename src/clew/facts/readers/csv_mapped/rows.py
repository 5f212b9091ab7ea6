"""From a record to the rows that the mapping makes of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from clew import records
from clew.facts import text as texts
from clew.facts.mapping import TABLES, Cell, Mapping
from clew.facts.reader_api import Found, FromFile, Tally
from clew.facts.readers.csv_mapped.delimited import Record
from clew.facts.readers.csv_mapped.values import Odd, Times, account, e164, plain
from clew.schema import Column, Id, Row, columns

_TIME = pa.timestamp("us", tz="UTC")


class _Made:
    """One column of a table, and where it comes from."""

    def __init__(self, column: Column, cell: Cell, places: dict[str, int]) -> None:
        self.column, self.cell = column, cell
        self.place = None if cell.column is None else places[cell.column]

    def named(self, table: type[Row]) -> str:
        """The column of the table."""
        return f"{table.table_name}.{self.column.name}"

    def text(self, record: Record) -> str:
        """What the cell holds; with the words and the prefix of the mapping."""
        found = self.cell.value if self.place is None else record.cells[self.place]
        found = self.cell.words.get(found or "", found or "")
        return f"{self.cell.prefix}{found}" if found else ""


class Rows(FromFile):
    """The rows of a file, with the accounts and chats that they name."""

    def __init__(self, found: Found, mapping: Mapping, places: dict[str, int]) -> None:
        super().__init__(found)
        self.tally = Tally()
        self.times = Times(mapping)
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._mapping, self._places = mapping, places
        self._accounts: dict[str, records.Account] = {}
        self._known: dict[tuple[str | None, str], str] = {}
        self._chats: dict[str, str] = {}
        self._keys: set[tuple[str, str]] = set()
        self._makers = []
        for name, table in mapping.tables.items():
            known = {c.name: c for c in columns(TABLES[name])}
            made = [_Made(known[n], cell, places) for n, cell in table.columns.items()]
            when = None if table.when is None else places[table.when]
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
                yield self.found.unread(
                    where,
                    f"cell:{problem.code}",
                    column=one.named(table),
                    of=one.cell.column or "constant",
                    **problem.values,
                )
            if lacking := [
                m for m in made if self._needs(table, m) and m.column.name not in values
            ]:
                empty += [m.named(table) for m in lacking]
                continue
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
            yield from self._accounts.values()
        if "chats" not in self._mapping.tables:
            for chat, where in self._chats.items():
                yield records.Chat(
                    **self.at(where), chat_id=Id(chat),
                    platform=self._mapping.platform, chat_type=records.ChatType.UNKNOWN,
                )  # fmt: skip

    def _values(
        self, table: type[Row], made: list[_Made], record: Record, where: str
    ) -> tuple[dict[str, Any], list[tuple[_Made, Odd]]]:
        """Columns of a row, and what could not be one."""
        values: dict[str, Any] = self.at(where)
        odd: list[tuple[_Made, Odd]] = []
        for one in made:
            text, name = one.text(record), one.column.name
            if not text:
                continue
            try:
                self._put(table, values, one, text)
            except Odd as problem:
                odd.append((one, problem))
                if table is records.Message and one.column.arrow_type == _TIME:
                    values["sent_text"] = text
                if table is records.Message and name == "kind":
                    values |= {"kind": records.MessageKind.UNKNOWN, "type_raw": text}
        return values, odd

    @staticmethod
    def _needs(table: type[Row], one: _Made) -> bool:
        """Whether a row of the table can't be without this column."""
        optional = one.column.nullable or one.cell.split
        return not optional and one.column.name not in _DEFAULTS.get(table, {})

    def _put(self, table: type[Row], values: dict[str, Any], one: _Made, text: str) -> None:
        name, column = one.column.name, one.column
        where = values["locator"]
        if column.arrow_type == _TIME:
            moment = self.times.read(text.strip())
            values[name] = moment.at
            if moment.local is not None:
                self._local(table, values, name, moment.local)
        elif column.names(records.Account):
            values[name] = self._account(one.cell, text, where)
        elif column.names(records.Chat):
            values[name] = f"{self._mapping.platform}:{text}"
            self._chats.setdefault(values[name], where)
        else:
            values[name] = plain(column, one.cell, text)

    def _local(self, table: type[Row], values: dict[str, Any], name: str, local: str) -> None:
        """A time without a zone stays local, where the table has a place for it."""
        if name != "sent_at" or table not in (records.Message, records.Share):
            raise Odd("time_zone", value=local)
        values["sent_local"] = local
        if table is records.Message:
            values["tz_basis"] = records.TimeBasis.EXPORT_LOCAL

    def _account(self, cell: Cell, text: str, where: str) -> str:
        key = (cell.id_type, text)
        if key in self._known:
            return self._known[key]
        kind = records.IdType(cell.id_type or records.IdType.LABEL)
        found = account(self._mapping, kind, text, self.found.source_id[:16])
        self._known[key] = found
        if found not in self._accounts:
            self._accounts[found] = records.Account(
                **self.at(where), account_id=Id(found), platform=self._mapping.platform,
                id_type=kind, identifier=text,
                e164=e164(text) if kind is records.IdType.PHONE else None,
            )  # fmt: skip
        return found

    def _row(self, table: type[Row], values: dict[str, Any]) -> Iterator[Row]:
        """The row, with what the reader adds to it; a second row with the same key is counted."""
        event = self.found.event(values["locator"])
        if table in (records.Message, records.Share):
            values["event_id"] = event
        if table is records.Call:
            values["call_id"] = event
        if table is records.Account:
            known = self._accounts[values["account_id"]]
            values = {"identifier": known.identifier, "id_type": known.id_type,
                      "e164": known.e164, **values}  # fmt: skip
        if table in (records.Account, records.Chat):
            values["platform"] = self._mapping.platform
            name = "account_id" if table is records.Account else "chat_id"
            if (table.table_name, values[name]) in self._keys:
                self.tally.skipped(table.table_name, "repeated")
                return
            self._keys.add((table.table_name, values[name]))
        if table is records.Message:
            yield from self._message(values)
            return
        if table is records.Share and ("sha256" in values or "md5" in values or "sha1" in values):
            values["hash_basis"] = records.HashBasis.TOOL_REPORT
        yield table(**{**_DEFAULTS.get(table, {}), **values})

    def _message(self, values: dict[str, Any]) -> Iterator[Row]:
        body, at = values.get("text"), values.get("sent_at")
        if at is not None:
            self.first = min(self.first or at, at)
            self.last = max(self.last or at, at)
        if body:
            values["text_normal"] = texts.normal(body)
            if "/" in body or "www." in body.casefold():
                values["urls"] = texts.links(body) or None
                yield from self._invites(values, body)
        else:
            values.setdefault("kind", records.MessageKind.UNKNOWN)
        yield records.Message(**{**_DEFAULTS[records.Message], **values})

    def _invites(self, values: dict[str, Any], body: str) -> Iterator[records.Invite]:
        for link in texts.invite_links(body):
            yield records.Invite(
                **self.at(values["locator"]), code=link.code, platform=link.platform,
                url=link.url, event_id=values["event_id"], seen_chat_id=values["chat_id"],
                seen_account_id=values.get("sender_account_id"), seen_at=values.get("sent_at"),
                found_in=records.InviteSource.URL_IN_TEXT,
            )  # fmt: skip


_DEFAULTS: dict[type[Row], dict[str, Any]] = {
    records.Message: {"kind": records.MessageKind.TEXT, "tz_basis": records.TimeBasis.UTC},
    records.Share: {"state": records.ShareState.ABSENT},
    records.Chat: {"chat_type": records.ChatType.UNKNOWN},
    records.Call: {"result": "unknown"},
}
