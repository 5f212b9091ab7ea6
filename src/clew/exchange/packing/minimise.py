"""What of each column leaves the case: by the kind that it declares, never by its name.

Accounts and persons who are not named become tokens. Numbers, user names and names stand where they
are of somebody who is named. What people wrote is withheld unless it is asked for. An id, a key or
a locator that mentions anybody else becomes a token as a whole. Each change is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import accumulate, pairwise

import msgspec
import pyarrow as pa

from clew.exchange.packing.identifiers import Identifiers
from clew.exchange.packing.tokens import Tokens
from clew.records import Account, Person
from clew.schema import Column, Kind, Row, arrow_schema, columns

PEOPLE = frozenset((Account, Person))
TEXTS = frozenset((Kind.FREE_TEXT, Kind.GROUP_NAME, Kind.URL, Kind.PATH))
"""What people wrote, and ``--texts`` sends."""
WITHHELD = frozenset((Kind.RAW, Kind.UNDECLARED, Kind.PLACE, Kind.FIGURES, Kind.STAFF))
"""What no package has."""
AS_IS = frozenset((Kind.CHOICE, Kind.HASH, Kind.COUNTRY, Kind.QUANTITY, Kind.TIME, Kind.YES_NO,
                   Kind.REASON_CODE, Kind.TERM))  # fmt: skip
_CODE = re.compile(r"-?\d{1,6}|(?:image|video|audio|application|text)/[a-z0-9.+-]{1,60}")
"""A code of a messenger or a media type: no text of a person."""
_LOCAL = re.compile(r"[\d\sT:./,\-+apm]*", re.IGNORECASE)
Change = Callable[[str], str | None]


class Named(msgspec.Struct, frozen=True):
    """Who is named in a package, by what names them."""

    accounts: frozenset[str]
    values: frozenset[str]
    """Their identifiers and numbers."""


class Counts(msgspec.Struct):
    """What was withheld and what goes along, value by value."""

    withheld: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    """By table and column."""
    tokens: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    texts: int = 0
    """Texts that people wrote and that the package has."""
    mentions: int = 0
    """Texts, sent or withheld, that mention somebody who is not named."""
    texts_withheld: int = 0


class Minimiser:
    """Makes of rows what may leave."""

    def __init__(
        self, named: Named, known: Identifiers, tokens: Tokens, *, texts: bool = False
    ) -> None:
        self.named, self.known, self.tokens = named, known, tokens
        self.texts = texts
        self.counts = Counts()
        self._open = named.accounts | named.values

    def table(self, row: type[Row], rows: pa.Table, bearer: tuple[str, ...] = ()) -> pa.Table:
        """The rows as they leave; ``bearer`` are columns with names of whom the row is about."""
        arrays = [self._column(row.table_name, c, rows[c.name], bearer) for c in columns(row)]
        return pa.Table.from_arrays(arrays, schema=arrow_schema(row))

    def mentions_others(self, value: str) -> bool:
        """Whether an id, a key or a locator mentions anybody who is not named."""
        found = self.known.in_id(value)
        return bool(found) and not found <= self._open

    def text_mentions_others(self, value: str) -> bool:
        """Whether a text does."""
        found = self.known.in_text(value)
        return bool(found) and not found <= self.named.accounts

    def _column(
        self, table: str, column: Column, values: pa.ChunkedArray, bearer: tuple[str, ...]
    ) -> pa.Array:
        values = values.combine_chunks()
        change = self._change(column, bearer)
        if change is None or len(values) == values.null_count:
            return values
        if pa.types.is_list(column.arrow_type):
            new = self._mapped((table, column.name), values.flatten(), change).to_pylist()
            ends = [0, *accumulate(len(found or ()) for found in values.to_pylist())]
            kept = [[v for v in new[a:b] if v is not None] for a, b in pairwise(ends)]
            return pa.array(kept, column.arrow_type, mask=values.is_null())
        if not pa.types.is_string(column.arrow_type):
            return pa.nulls(len(values), column.arrow_type)
        found = self._mapped((table, column.name), values, change)
        return found if column.nullable else found.fill_null("")

    def _mapped(self, of: tuple[str, str], values: pa.Array, change: Change) -> pa.Array:
        """Each value as it leaves; each different one is changed once, and counted each time."""
        coded = values.dictionary_encode()
        old = coded.dictionary.to_pylist()
        new = [change(value) for value in old]
        often = Counter(coded.indices.drop_null().to_pylist())
        for n, (before, after) in enumerate(zip(old, new, strict=True)):
            if after is None:
                self.counts.withheld[of] += often[n]
            elif after != before:
                self.counts.tokens[of] += often[n]
            if change == self._text and not _CODE.fullmatch(before):
                self._count_text(before, often[n], sent=after == before)
        return pa.array(new, pa.string()).take(coded.indices)

    def _count_text(self, text: str, times: int, *, sent: bool) -> None:
        self.counts.mentions += times * self.text_mentions_others(text)
        if sent:
            self.counts.texts += times
        else:
            self.counts.texts_withheld += times

    def _change(self, column: Column, bearer: tuple[str, ...]) -> Change | None:
        """What becomes of each value of a column; None where all stay as they are."""
        kind = column.kind
        if kind in AS_IS:
            return None
        if kind in WITHHELD or (kind is Kind.PERSON_NAME and column.name not in bearer):
            return _nothing
        if kind in TEXTS:
            needed = not column.nullable and kind is not Kind.FREE_TEXT
            return self._opaque if needed and not self.texts else self._text
        if PEOPLE & {*column.points_at}:
            return self._account
        own = {Kind.PERSON_NAME: self._bearer, Kind.NUMBER: self._identifier,
               Kind.HANDLE: self._identifier, Kind.LOCAL_TIME: self._local}  # fmt: skip
        return own.get(kind, self._opaque)

    def _account(self, value: str) -> str:
        return value if value in self.named.accounts else self.tokens.of(value)

    def _opaque(self, value: str) -> str:
        return self.tokens.of(value) if self.mentions_others(value) else value

    def _identifier(self, value: str) -> str | None:
        return value if value in self.named.values else None

    def _bearer(self, value: str) -> str | None:
        """A name of somebody who is named; without it where it holds somebody else's number."""
        return None if self.known.numbers_in(value) - self.named.accounts else value

    def _text(self, value: str) -> str | None:
        return value if self.texts or _CODE.fullmatch(value) else None

    def _local(self, value: str) -> str | None:
        return self._opaque(value) if _LOCAL.fullmatch(value) else None


def _nothing(_: str) -> None:
    """Nothing leaves."""
