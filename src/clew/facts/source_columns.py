"""What a reader gathers from one source: columns that hold what fits, and what did not."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from clew.facts.reader_api import Found, FromFile, Tally
from clew.facts.scan import written_out
from clew.records import Account, AccountName, IdType, NameKind, Unread
from clew.schema import Id

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_EXACT = 2**53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_000
_SECONDS_BELOW = 100_000_000_000
"""A time below this is in seconds, since in milliseconds it would lie before March 1973."""

Values = Sequence[Any]
Key = TypeVar("Key", bound=Hashable)
Meaning = TypeVar("Meaning")


class _Form(NamedTuple):
    """What the values of a column are, and how one that is none can be mended."""

    kind: str
    arrow: pa.DataType
    mend: Callable[[object], object]


class Address(msgspec.Struct, frozen=True):
    """An account as a messenger addresses it."""

    account_id: Id[Account]
    """Platform, type and identifier."""
    id_type: IdType
    identifier: str
    e164: str | None = None
    """Its number, where the identifier is one."""


class Readout(FromFile):
    """A source being read, with the account of its rows and of what did not fit."""

    platform: str
    """Messenger whose source it is, as it stands before its ids."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self.tally = Tally()
        self.owner: Id[Account] = Id(f"{self.platform}:owner:{found.item_id}")
        self._misfits: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}
        self._unread: list[Unread] = []
        self.accounts_met: set[str] = set()
        """Accounts whose rows were yielded."""

    def report(self, locator: str, code: str, **figures: Any) -> None:
        """Report, once, something that could not be read or was left out on purpose."""
        unread = self.found.unread(locator, code, **figures)
        if unread not in self._unread:
            self._unread.append(unread)

    def unread(self) -> Iterator[Unread]:
        """Everything that could not be read so far, and values that did not fit, with counts."""
        yield from self._unread
        for (column, kind), number in sorted(self._misfits.items()):
            first = self._first[column, kind]
            yield self.found.unread(first, f"misfit:{kind}", n=number, column=column)
        self._unread, self._misfits = [], Counter()

    def account_row(self, locator: str, named: Address, **known: Any) -> Account:
        """The row of an account by its id; ``known`` are further columns."""
        is_owner = named.account_id == self.owner or named.id_type == IdType.OWNER
        columns = {**msgspec.structs.asdict(named), "platform": self.platform, **known}
        return Account(**self.at(locator), is_owner=is_owner, **columns)

    def met(self, locator: str, named: Address | None, **known: Any) -> Iterator[Account]:
        """The row of an account, where it is met for the first time."""
        if named is not None and named.account_id not in self.accounts_met:
            self.accounts_met.add(named.account_id)
            yield self.account_row(locator, named, **known)

    def owner_row(self, locator: str) -> Account:
        """The row of the holder's account, where the source does not say which account that is."""
        named = Address(self.owner, IdType.OWNER, self.found.item_id)
        return self.account_row(locator, named)

    def named(
        self, locator: str, account: Id[Account] | None, name: object, kind: NameKind
    ) -> Iterator[AccountName]:
        """The name that someone gave an account, if there are both."""
        if account and (text := said(name)):
            yield AccountName(**self.at(locator), account_id=account, name=text, name_kind=kind)

    def ints(self, column: str, values: Values | None, at: Values) -> pa.Array:
        """Whole numbers; what is none is left empty and reported.

        Columns that the source does not have are None, and empty throughout.
        """
        return self._fitting(column, values, at, _Form("number", pa.int64(), whole))

    def texts(self, column: str, values: Values | None, at: Values) -> pa.Array:
        """Texts; what is none is written out, or reported."""
        return self._fitting(column, values, at, _Form("text", pa.string(), said))

    def times(self, column: str, values: Values | None, at: Values) -> pa.Array:
        """Times from milliseconds since 1970; zero and -1 stand for none."""
        numbers = self.ints(column, values, at)
        fits = pc.and_(pc.greater(numbers, 0), pc.less_equal(numbers, _LATEST_MS))
        odd = pc.and_(pc.invert(fits), pc.not_equal(numbers, 0))
        odd = pc.fill_null(pc.and_(odd, pc.not_equal(numbers, -1)), fill_value=False)
        if pc.any(odd).as_py():
            for position in pc.indices_nonzero(odd).to_pylist():
                self._misfit(column, "time", at[position])
        nulls = pa.scalar(None, pa.int64())
        kept = pc.if_else(pc.fill_null(fits, fill_value=False), numbers, nulls)
        return pc.multiply(kept, 1000).cast(pa.timestamp("us", "UTC"))

    def milliseconds(self, stored: float) -> int:
        """A time as this messenger stores it, in milliseconds since 1970."""
        return int(stored)

    def time(self, column: str, value: object, at: object) -> datetime | None:
        """One time, from milliseconds or, where it can only be that, from seconds."""
        number = whole(value)
        if number is None or number in (0, -1):
            if number is None and value is not None:
                self._misfit(column, "time", at)
            return None
        if 0 < number < _SECONDS_BELOW:
            number *= 1000
        if not 0 < number <= _LATEST_MS:
            self._misfit(column, "time", at)
            return None
        return _EPOCH + timedelta(milliseconds=number)

    def _fitting(self, column: str, values: Values | None, at: Values, form: _Form) -> pa.Array:
        if values is None:
            return pa.nulls(len(at), form.arrow)
        try:
            return pa.array(values, form.arrow)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError, TypeError):
            mended = []
            for value, row in zip(values, at, strict=True):
                fit = form.mend(value)
                if fit is None and value is not None:
                    self._misfit(column, form.kind, row)
                mended.append(fit)
            return pa.array(mended, form.arrow)

    def _misfit(self, column: str, kind: str, row: object) -> None:
        self._misfits[column, kind] += 1
        self._first.setdefault((column, kind), f"{column.partition('.')[0]}/{row}")


def once_each(meaning: Callable[[Key], Meaning], values: Iterable[Key]) -> list[Meaning]:
    """What each value means, found once for those that are alike."""
    listed = list(values)
    known = {value: meaning(value) for value in dict.fromkeys(listed)}
    return [known[value] for value in listed]


def whole(value: object) -> int | None:
    """A whole number, also where it is written as text; None for all else."""
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else None
    return value if isinstance(value, int) else None


def said(value: object) -> str | None:
    """A value as text; bytes that are no text are written out."""
    if isinstance(value, bytes):
        return written_out(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return None if value is None else str(value)
