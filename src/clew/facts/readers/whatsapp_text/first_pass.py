"""The first pass over a file: in which order its dates are written, platform by platform."""

from collections.abc import Iterator
from itertools import accumulate, islice

import msgspec

from clew.facts.reader_api import Found
from clew.facts.readers.whatsapp_text.blocks import blocks
from clew.facts.readers.whatsapp_text.clock import MARKS, time_of_day
from clew.facts.readers.whatsapp_text.grammar import Grammar, Messages
from clew.facts.readers.whatsapp_text.marks import languages_of_mark
from clew.facts.readers.whatsapp_text.order import Line, OrderEvidence, Reading, reading
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

    def votes(self, found: Found) -> Iterator[DateVote]:
        """A row for each kind of sign, of each platform that the file has lines of."""
        for flavour, evidence in self.evidence.items():
            for sign, locator in evidence.placed():
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
            for flavour, line, languages in _looked_at(known, known.read_whole(block.text), feeds):
                evidence[flavour].look(line, languages)
            feeds += block.text.count("\n")
    return Orders(evidence, DateOrder(found.date_order) if found.date_order else None)


def _looked_at(
    known: Grammar, read: Messages, feeds: int
) -> Iterator[tuple[str, Line, frozenset[str]]]:
    """Messages with their platform, and the languages that would write their notices so."""
    flavours = read.flavours or [known.flavour] * len(read.texts)
    for n, number in enumerate(lines_of(read, feeds)):
        text, name = read.texts[n], read.names[n]
        is_notice = name is None or MARKS.match(text) is not None
        languages = languages_of(text) if is_notice else frozenset()
        time = time_of_day(read.times[n])[0]
        line = Line(f"line/{number}", read.stamps[n], read.dates[n], time, text)
        yield flavours[n], line, languages or languages_of_mark(text)


def lines_of(read: Messages, feeds: int) -> list[int]:
    """Numbers of the lines on which messages begin, after so many line feeds."""
    first = feeds + read.before.count("\n") + 1
    return list(islice(accumulate((t.count("\n") + 1 for t in read.texts), initial=first),
                       len(read.texts)))  # fmt: skip
