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
from clew.exchange.packing.tokens import PREFIX, Tokens
from clew.records import Account, Item, Message, Person
from clew.schema import Column, Kind, Row, arrow_schema, columns

PEOPLE = frozenset((Account, Person))
BY_PATH = frozenset((Item, Message))
"""Whose ids begin with a digest of a path on the exhibit, which can be guessed: a number or a name
in the name of a file."""
TEXTS = frozenset((Kind.FREE_TEXT, Kind.GROUP_NAME, Kind.URL, Kind.PATH))
"""What people wrote, and ``--texts`` sends."""
WITHHELD = frozenset((Kind.RAW, Kind.UNDECLARED, Kind.PLACE, Kind.FIGURES, Kind.STAFF))
"""What no package has."""
AS_IS = frozenset((Kind.CHOICE, Kind.HASH, Kind.COUNTRY, Kind.QUANTITY, Kind.TIME, Kind.YES_NO,
                   Kind.REASON_CODE))  # fmt: skip
_CODE = re.compile(r"-?\d{1,6}|(?:image|video|audio|application|text)/[a-z0-9.+-]{1,60}")
"""A code of a messenger or a media type: no text of a person."""
_TERM = re.compile(r"[a-z0-9_.+-]{1,40}|[A-Z][a-z]+/[A-Z][A-Za-z_]+")
"""A term of a program, or a time zone; whatever else stands as one was written by somebody."""
_BY_PATH = re.compile(r"([0-9a-f]{20})(#.*)?", re.DOTALL)
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

    def table(
        self, row: type[Row], rows: pa.Table, bearer: tuple[str, ...] = (),
        codes: tuple[str, ...] = (),
    ) -> pa.Table:  # fmt: skip
        """The rows as they leave.

        ``bearer`` are columns with names of whom the row is about, ``codes`` those with texts of
        which a code of the messenger goes along.
        """
        arrays = [
            self._column(row.table_name, c, rows[c.name], self._change(c, bearer, codes))
            for c in columns(row)
        ]
        return pa.Table.from_arrays(arrays, schema=arrow_schema(row))

    def mentions_others(self, value: str) -> bool:
        """Whether an id, a key or a locator mentions anybody who is not named."""
        found = self.known.in_id(value)
        return bool(found) and not found <= self._open

    def text_mentions_others(self, value: str) -> bool:
        """Whether a text does."""
        found = self.known.in_text(value)
        return bool(found) and not found <= self.named.accounts

    def by_path(self, value: str) -> str:
        """An id that begins with the digest of a path, under a key: the same in every package."""
        found = _BY_PATH.fullmatch(value)
        if found and not self.mentions_others(found[2] or ""):
            return self.tokens.of_path(found[1]) + (found[2] or "")
        return self._opaque(value)

    def _column(
        self, table: str, column: Column, values: pa.ChunkedArray, change: Change | None
    ) -> pa.Array:
        values = values.combine_chunks()
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
            elif after != before and after.startswith(PREFIX):
                self.counts.tokens[of] += often[n]
            if change == self._text or (change == self._code and not _CODE.fullmatch(before)):
                self._count_text(before, often[n], sent=after == before)
        return pa.array(new, pa.string()).take(coded.indices)

    def _count_text(self, text: str, times: int, *, sent: bool) -> None:
        self.counts.mentions += times * self.text_mentions_others(text)
        if sent:
            self.counts.texts += times
        else:
            self.counts.texts_withheld += times

    def _change(
        self, column: Column, bearer: tuple[str, ...], codes: tuple[str, ...]
    ) -> Change | None:
        """What becomes of each value of a column; None where all stay as they are."""
        kind = column.kind
        if kind in AS_IS:
            return None
        if kind in WITHHELD or (kind is Kind.PERSON_NAME and column.name not in bearer):
            return _nothing
        if kind in TEXTS:
            needed = not column.nullable and kind is not Kind.FREE_TEXT
            text = self._code if column.name in codes else self._text
            return self._opaque if needed and not self.texts else text
        if PEOPLE & {*column.points_at}:
            return self._account
        if BY_PATH & {*column.points_at}:
            return self.by_path
        own = {Kind.TERM: self._term, Kind.PERSON_NAME: self._bearer, Kind.NUMBER: self._identifier,
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
        return value if self.texts else None

    def _code(self, value: str) -> str | None:
        return value if _CODE.fullmatch(value) else self._text(value)

    def _term(self, value: str) -> str | None:
        return value if _TERM.fullmatch(value) or not self.text_mentions_others(value) else None

    def _local(self, value: str) -> str | None:
        return self._opaque(value) if _LOCAL.fullmatch(value) else None


def _nothing(_: str) -> None:
    """Nothing leaves."""
