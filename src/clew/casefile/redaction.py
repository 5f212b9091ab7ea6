"""Taking the erased out of tables, whenever a table is written.

Whom was erased is known by keyed digests alone. A value that is an identifier of an erased person
becomes a stand-in, alone or within a text; rows about the person stay and lose names
and texts.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import phonenumbers
import pyarrow as pa

from clew.casefile.received import parted, qualified
from clew.records import Account, Person
from clew.schema import Column, Home, Kind, Row, arrow_schema, columns

_ABOUT = (Account, Person)
"""Rows whose identifiers make a row one about a person."""
_BLANKED = frozenset(
    {Kind.PERSON_NAME, Kind.FREE_TEXT, Kind.NUMBER, Kind.HANDLE, Kind.PLACE, Kind.RAW, Kind.URL}
)
"""Kinds of columns that a row about an erased person loses."""
_SEARCHED = _BLANKED | {
    Kind.ID, Kind.MESSAGE_KEY, Kind.GROUP_NAME, Kind.PATH, Kind.LOCATOR, Kind.FIGURES,
    Kind.UNDECLARED,
}  # fmt: skip
"""Kinds of columns in which an identifier may stand."""
_REDACTED_HOMES = (Home.FACTS, Home.FINDINGS, Home.JUDGEMENTS, Home.RECEIVED)
_SPACED = re.compile(r"\+?\d[\d\s().\u00a0\u202f\u2010-\u2015-]{4,}\d")
_TOKEN = re.compile(r"\d{6,}|[\w.+-]+@[\w.-]+\w|@[\w.]{3,}")
_SHORTEST = 6
ERASED = "[erased]"
"""What stands where a text of an erased person stood."""


class Redactor:
    """Finds what was erased by its keyed digest."""

    def __init__(self, key: bytes, suppressed: Mapping[str, str]) -> None:
        self._key = key
        self._suppressed = suppressed
        self.text = lru_cache(maxsize=100_000)(self._text)

    def digest(self, identifier: str) -> str:
        """Keyed digest of an identifier, however its letters are written."""
        said = b"erased\0" + identifier.strip().casefold().encode("utf-8", "surrogatepass")
        return hmac.new(self._key, said, "sha256").hexdigest()

    def stand_in(self, identifier: str) -> str | None:
        """What stands for an identifier that was erased; None of any other."""
        origin, own = parted(identifier)
        stand_in = self._suppressed.get(self.digest(own))
        return qualified(origin, stand_in) if stand_in and origin else stand_in

    def _text(self, text: str) -> str:
        """A text in which each identifier of an erased person is its stand-in."""
        if whole := self.stand_in(text):
            return whole
        text = _SPACED.sub(lambda f: self._digits(f.group()), text)
        return _TOKEN.sub(lambda f: self.stand_in(f.group().lstrip("@")) or f.group(), text)

    def _digits(self, found: str) -> str:
        digits = re.sub(r"\D", "", found)
        return (self.stand_in(digits) if len(digits) >= _SHORTEST else None) or found

    def table(self, row: type[Row], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of a table as they may be written."""
        if row.home not in _REDACTED_HOMES or not self._suppressed:
            yield from batches
            return
        for one in batches:
            about = self._about(row, one)
            arrays = [self._column(row, c, one.column(c.name), about) for c in columns(row)]
            yield pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(row))

    def _about(self, row: type[Row], rows: pa.RecordBatch) -> list[bool]:
        """Of each row, whether it is about somebody who was erased."""
        about = [False] * rows.num_rows
        for column in columns(row):
            if column.kind is Kind.ID and any(column.names(one) for one in _ABOUT):
                for number, value in enumerate(rows.column(column.name).to_pylist()):
                    about[number] |= value is not None and self._is_erased(value)
        return about

    def _is_erased(self, value: str) -> bool:
        return parted(value)[1].startswith("erased:") or self.stand_in(value) is not None

    def _column(self, row: type[Row], column: Column, values: Any, about: list[bool]) -> pa.Array:
        if column.kind not in _SEARCHED or not _is_text(column.arrow_type):
            return values
        listed = values.to_pylist()
        if column.kind in _BLANKED and any(about):
            listed = [
                self._blank(row, column, value) if gone else value
                for value, gone in zip(listed, about, strict=True)
            ]
        return pa.array([self._value(column, value) for value in listed], column.arrow_type)

    def _value(self, column: Column, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(column, one) for one in value]
        if not isinstance(value, str):
            return value
        shown = self.text(value)
        return None if shown != value and column.pattern and column.nullable else shown

    def _blank(self, row: type[Row], column: Column, value: Any) -> Any:
        """Nothing, where nothing may stand; in a key something that differs as the value did."""
        if value is None or column.nullable:
            return None
        if isinstance(value, list):
            return []
        if isinstance(value, str) and column.name in row.key:
            return f"{ERASED} {self.digest(value)[:8]}"
        return ERASED


def forms_of(identifier: str) -> set[str]:
    """The ways in which an identifier stands in tables and texts."""
    forms = {identifier, identifier.lstrip("@+")}
    digits = re.sub(r"\D", "", identifier)
    if len(digits) >= _SHORTEST and identifier.strip("+0123456789 ()-.") == "":
        forms.add(digits)
        try:
            parsed = phonenumbers.parse(f"+{digits}", None)
        except phonenumbers.NumberParseException:
            return forms
        forms.add(str(parsed.national_number))
    return {form for form in forms if len(form) >= _SHORTEST or not form.isdigit()}


def _is_text(kind: pa.DataType) -> bool:
    of = kind.value_type if pa.types.is_list(kind) else kind
    return bool(pa.types.is_string(of))
