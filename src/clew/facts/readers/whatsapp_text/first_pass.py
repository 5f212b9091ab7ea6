"""The first pass over a file: in which order its dates are written, platform by platform."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice

import msgspec

from clew.facts.reader_api import Found
from clew.facts.readers.whatsapp_text.blocks import blocks
from clew.facts.readers.whatsapp_text.clock import MARKS, time_of_day
from clew.facts.readers.whatsapp_text.cut_notices import beginning_of_notice
from clew.facts.readers.whatsapp_text.grammar import Grammar, Messages
from clew.facts.readers.whatsapp_text.marks import languages_of_mark
from clew.facts.readers.whatsapp_text.order import (
    Line,
    OrderEvidence,
    Reading,
    may_name_a_day,
    reading,
)
from clew.facts.readers.whatsapp_text.system import languages_of
from clew.records import DateOrder, DateVote


class Orders(msgspec.Struct, frozen=True):
    """The order of the dates of each platform in the file, and what speaks for it."""

    evidence: dict[str, OrderEvidence]
    given: DateOrder | None
    """What the case knows beyond the file: its neighbours, or a judgement."""

    def order(self, flavour: str) -> DateOrder:
        """Order of one platform's dates."""
        return self._given(flavour) or self.evidence[flavour].order()

    def read(self, flavour: str, found: str) -> Reading:
        """Read a date of one platform."""
        given = self._given(flavour) is not None
        return reading(found, self.evidence[flavour], self.order(flavour), given=given)

    def _given(self, flavour: str) -> DateOrder | None:
        """Order that the case knows, where the dates of this platform prove none."""
        evidence = self.evidence[flavour]
        return self.given if evidence.contradictory or not evidence.is_proved else None

    @property
    def is_proved(self) -> bool:
        """The dates of every platform in the file prove their order."""
        return not any(one.is_open or one.contradictory for one in self.evidence.values())

    def votes(self, found: Found) -> Iterator[DateVote]:
        """A row for each kind of sign, of each platform that the file has lines of."""
        for flavour, evidence in self.evidence.items():
            for sign, locator in evidence.located():
                columns = {**found.at(locator), **msgspec.structs.asdict(sign)}
                yield DateVote(**columns, item_id=found.item_id, generation=flavour)


def orders_of(found: Found, known: Grammar) -> Orders:
    """What the whole file says; its texts are looked at only where its dates prove no order."""
    evidence = {flavour: OrderEvidence(flavour) for flavour in (known.flavour, known.other)}
    for block in blocks(found.open()):
        for flavour, dates in known.dates(block.text).items():
            evidence[flavour].add(dates)
    if any(one.is_open for one in evidence.values()):
        feeds = 0
        for block in blocks(found.open()):
            read = known.read_whole(block.text)
            flavours = read.flavours or [known.flavour] * len(read.texts)
            for flavour, time in set(zip(flavours, read.times, strict=True)):
                evidence[flavour].clocks([time])
            for index, line, languages in _telling(read, feeds):
                evidence[flavours[index]].look(line, languages)
            feeds += block.text.count("\n")
    return Orders(evidence, DateOrder(found.date_order) if found.date_order else None)


def odd_labels(found: Found, known: Grammar) -> Counter[str]:
    """How often each label that may be no name stands in the whole file."""
    read = (known.read_whole(block.text) for block in blocks(found.open()))
    return Counter(n for one in read for n in one.names if n and beginning_of_notice(n))


def _telling(read: Messages, feeds: int) -> Iterator[tuple[int, Line, frozenset[str]]]:
    """Messages that may say something, by their index, with the languages that write them so."""
    for n, number in enumerate(lines_of(read, feeds)):
        text = read.texts[n]
        is_notice = read.names[n] is None or MARKS.match(text) is not None
        languages = (languages_of(text) if is_notice else None) or languages_of_mark(text)
        if languages or may_name_a_day(text):
            time = time_of_day(read.times[n])[0]
            yield n, Line(f"line/{number}", read.dates[n], time, text), languages


def lines_of(read: Messages, feeds: int) -> list[int]:
    """Numbers of the lines on which messages begin, after so many line feeds."""
    first = feeds + read.before.count("\n") + 1
    return list(islice(accumulate((t.count("\n") + 1 for t in read.texts), initial=first),
                       len(read.texts)))  # fmt: skip
