"""When a text is a dated log, and its entries.

A text is a log where lines begin with dates: three at least and one in ten, or one at least and
every second. An entry begins with a dated line and ends before the next. A line that is only a
year, or a month and a year, is a heading: what stands below it and lacks them inherits them, and
says so. Where every dated line carries a time to the second, a program wrote the log and not a
person; it is reported and not taken apart.
"""

import re
from collections.abc import Iterator

from clew.facts.reader_api import Found
from clew.facts.readers.documents.dates import Heading, Orders, Written, dated, read
from clew.facts.readers.documents.parts import Part
from clew.facts.readers.documents.words import common_words, leading, places_and_names
from clew.records import Entry

SAMPLE = 2000
"""Lines with text that decide what the whole file is."""
_LEAST_DATED, _ONE_IN = 3, 10
_LONGEST = 16 << 10
_CELL = " | "
_SECONDS = re.compile(r"[T ,]{1,3}\d{1,2}:\d\d:\d\d")


class Notes:
    """A log while it is read: the order of its dates, its language, its headings."""

    def __init__(self, found: Found, sample: list[Part]) -> None:
        self._found = found
        self._orders = Orders()
        self._heading: Heading | None = None
        self._lines: list[str] = []
        self._open: tuple[Part, Written, Heading | None] | None = None
        self._size = 0
        self.use: str | None = None
        """What the line taken last was: it ``began`` or ``continued`` an entry, or None."""
        texts = [part.text for part in sample if part.text.strip() and not part.is_link]
        begun = [w for text in texts if (w := of_part(text)) and _has_month(w)]
        machine = sum(bool(_SECONDS.match(text, w.end)) for text in texts if (w := of_part(text)))
        self.lines, self.dated = len(texts), len(begun)
        enough = self.dated >= _LEAST_DATED and self.dated * _ONE_IN >= self.lines
        self.is_log = enough or (self.dated > 0 and self.dated * 2 >= self.lines)
        self.by_machine = self.is_log and machine == self.dated >= _LEAST_DATED
        self._votes = common_words("\n".join(texts))
        for written in begun:
            self._orders.add(written)

    def take(self, part: Part) -> Iterator[Entry]:
        """Read the next line; yield the entry that ends before it."""
        self.use = None
        written = of_part(part.text)
        if written and not _has_month(written) and not written.heading:
            known = self._heading and self._heading.month
            written = written if known else None
        if written is None:
            if self._open and self._size < _LONGEST:
                self._lines.append(part.text)
                self._size += len(part.text)
                self.use = "continued"
            return
        yield from self.last()
        if written.heading and written.first and written.first.year:
            self._heading = Heading(written.first.year, written.first.month, part.locator)
            return
        self.use = "began"
        self._open = (part, written, self._heading)
        self._lines, self._size = [part.text], len(part.text)

    def last(self) -> Iterator[Entry]:
        """Yield the entry that is open."""
        if self._open is None:
            return
        part, written, heading = self._open
        self._open = None
        yield self._entry(part, written, heading)

    def _entry(self, part: Part, written: Written, heading: Heading | None) -> Entry:
        text = "\n".join(self._lines).rstrip()[:_LONGEST]
        reading = read(written, self._orders, heading)
        one = reading.readings[0] if len(reading.readings) == 1 else ""
        first, _, last = one.partition("/")
        language, basis = self._spoken(written)
        places, names = places_and_names(text.replace(written.words, "", 1), language)
        return Entry(
            **self._found.at(part.locator),
            item_id=self._found.item_id,
            written=written.words,
            first_day=first or None,
            last_day=last or None,
            precision=reading.precision,
            readings=reading.readings,
            date_order=reading.order,
            year_basis=reading.basis,
            inherited_from=heading.locator if heading and reading.inherited else None,
            language=language,
            language_basis=basis,
            places=places,
            names=names,
            text=text,
        )

    def _spoken(self, written: Written) -> tuple[str | None, str | None]:
        """The language of the date's words; where several have them, by the words of the file."""
        asked = written.languages or self._votes.keys()
        code = leading({language: self._votes[language] for language in asked})
        if code is None:
            return None, None
        return code, "date words" if len(asked) == 1 else "words of the file"


def of_part(text: str) -> Written | None:
    """The date that a line, or one of the first cells of a row, begins with."""
    for cell in text.split(_CELL)[:3]:
        if written := dated(cell):
            return written
    return None


def _has_month(written: Written) -> bool:
    """It is a date by itself, not a mere day of the week or a year above others."""
    return bool(written.by_order) or bool(written.first and written.first.month)
