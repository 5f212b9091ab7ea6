"""WhatsApp's text exports: ``_chat.txt`` of iPhones, ``WhatsApp Chat with ….txt`` of Android.

An export has no time zone, no ids and no members: times stay local, people are labels as the
exporting phone showed them, and whose phone that was is not said. The order of day and month is a
property of the whole file; where nothing in it decides, both readings stay open.

References:
    - docs/formats/whatsapp-text.md

"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import dropwhile, islice
from typing import Any

import msgspec

from clew import records
from clew.facts import exports
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.whatsapp_text.blocks import Block, blocks
from clew.facts.readers.whatsapp_text.chat import Chat, Chunk
from clew.facts.readers.whatsapp_text.clock import time_of_day
from clew.facts.readers.whatsapp_text.first_pass import Orders, lines_of, odd_labels, orders_of
from clew.facts.readers.whatsapp_text.grammar import Grammar, Messages, flavour_of, grammar
from clew.facts.readers.whatsapp_text.order import Reading
from clew.schema import Batch, Row

KIND = "whatsapp.export.text"
_NAMED = re.compile(r"whatsapp|_chat\.txt$", re.IGNORECASE)
SIGNAL = "signal.export.text"
_SIGNAL_LINE = re.compile(r"\[\d{4}-\d\d-\d\d,? \d\d:\d\d\] ")
"""Head of a message of Signal as signal-export writes it; iPhones write seconds."""
_SAMPLE = 64 << 10
_LOOKED_AT = 40
_FARTHEST = 4 << 20
"""Characters of a preamble behind which messages are looked for."""
_MOST_TRIED = 4000
"""Lines of a preamble that look a little like a message, and are looked at closely."""
_MAY_BEGIN = re.compile(r"[^\w\[]{0,3}(?:\[|\d|[^\W\d]{1,24}[^\n]{0,24}?\d)")
_OF_LOG = re.compile(r"\d{4}-\d\d-\d\d[ T]\d")
_LEVELS = frozenset({"DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "TRACE"})
_LIMITS = ((40_000, "without media"), (10_000, "with media"))
"""Numbers of messages at which WhatsApp ends an export."""
_NEAR = 0.005
_LONGEST_BODY = 16 << 20
_TITLES = re.compile(
    r"(?:WhatsApp[- ]Chat (?:with|mit) |Chat de WhatsApp con |Conversa do WhatsApp com "
    r"|Chat WhatsApp con |Discussion WhatsApp avec |WhatsApp-chat met |Chat WhatsApp s uživatelem "
    r"|Чат WhatsApp с контактом |WhatsApp Chat - )(?P<title>.+?)(?:\.txt|\.zip)?$"
)


def probe(found: Found) -> Probe | None:
    """Take a text in which, among the first lines, messages begin; or behind a long preamble."""
    named = _NAMED.search(found.name) is not None
    if not named and _is_of_signal(found):
        return Probe(SIGNAL, 0.6)
    heads, lines = _heads(found.head("text").split("\n"))
    if heads and (named or heads * 4 >= lines):
        is_expected = named or READER.wants(found.path, None)
        return Probe(KIND, 0.9 if named else 0.6) if is_expected or _is_chat(found) else None
    heads, lines = _heads(_from_first(found))
    return Probe(KIND, 0.5) if heads > 1 and heads * 2 >= lines and _is_chat(found) else None


def _heads(lines: Iterable[str]) -> tuple[int, int]:
    """Of the first lines that hold something, those that begin messages, and how many they are."""
    looked_at = list(islice((line for line in lines if line.strip()), _LOOKED_AT))
    return sum(flavour_of(line[:400]) is not None for line in looked_at), len(looked_at)


def _from_first(found: Found) -> Iterator[str]:
    """Lines from the first that begins a message, looked for in what may be a long preamble."""
    if found.begins.form != "text":
        return
    looked_at, tried, has_begun = 0, 0, False
    for block in blocks(found.open(), _SAMPLE):
        looked_at += len(block.text)
        if looked_at > _FARTHEST or tried > _MOST_TRIED:
            return
        for line in block.text.split("\n"):
            if not has_begun and _MAY_BEGIN.match(line):
                tried += 1
                has_begun = flavour_of(line[:400]) is not None
            if has_begun:
                yield line


def _is_chat(found: Found) -> bool:
    """Whether lines that begin as messages do have authors, and are none of a program's log."""
    known = grammar(_samples(found))
    if known is None:
        return False
    read = known.read_slowly("\n" + "\n".join(islice(_from_first(found), _LOOKED_AT)))
    authors = [name for name in read.names if name]
    machine = sum(_OF_LOG.search(stamp) is not None for stamp in read.stamps)
    levels = sum(name.strip().upper() in _LEVELS for name in authors)
    return bool(authors) and not machine and levels * 4 < len(authors)


def _samples(found: Found) -> Iterator[str]:
    """Some blocks of a text, from the one in which messages begin."""
    texts = (block.text for block in blocks(found.open(), _SAMPLE))
    return islice(dropwhile(lambda text: not _begins(text), texts), 6)


def _begins(text: str) -> bool:
    """Whether a message begins in a block."""
    return any(_MAY_BEGIN.match(line) and flavour_of(line[:400]) for line in text.split("\n"))


def _is_of_signal(found: Found) -> bool:
    """Whether a text is Signal's, as tools export it: brackets, the year first and no seconds."""
    lines = [line for line in found.head("text").split("\n") if flavour_of(line[:400])]
    return bool(lines) and all(map(_SIGNAL_LINE.match, lines))


def read(found: Found) -> Iterator[Row | Batch]:
    """Read an export in two passes: the order of its dates first, then its messages."""
    if _NAMED.search(found.name) is None and _is_of_signal(found):
        yield found.unread("file", "signal_text")
        return
    known = grammar(_samples(found))
    if known is None:
        yield found.unread("file", "not_an_export")
        return
    orders = orders_of(found, known)
    counted = cache(lambda: odd_labels(found, known))
    passing = _Passing(Chat(found, known.flavour, counted), known, orders)
    for block in blocks(found.open()):
        yield from passing.take(block)
    yield from passing.last()
    yield from _conclusion(passing, orders)


class _Passing:
    """The second pass: messages are complete when the next one begins, block after block."""

    def __init__(self, chat: Chat, known: Grammar, orders: Orders) -> None:
        self.chat = chat
        self.unread: list[records.Unread] = []
        self.begun = 0
        self.other_platform = 0
        self.line_feeds = 0
        self._grammar = known
        self._open: Chunk | None = None
        self._day = cache(orders.read)
        self._own_day = cache(partial(orders.read, known.flavour))
        self._proved = orders.is_proved
        self._clock = cache(time_of_day)
        self._preamble = 0

    def take(self, block: Block) -> Iterator[Row | Batch]:
        """Read a block, and yield what is complete."""
        if block.damaged:
            self._report("encoding", n=block.damaged)
        read = self._grammar.read_whole(block.text)
        self.other_platform += read.flavours.count(self._grammar.other) if read.flavours else 0
        lines = lines_of(read, self.line_feeds)
        self.line_feeds += block.text.count("\n")
        self._continue(read.before)
        if read.texts:
            yield from self._close()
            self.begun += len(read.texts)
            self._open = self._chunk(read, lines)
            yield from self._complete()

    def last(self) -> Iterator[Row | Batch]:
        """Yield the last message."""
        yield from self._close()
        tally, folded = self.chat.tally, self.line_feeds - self.begun - self._preamble
        tally.emitted("line", records.Message, self.begun)
        tally.emitted("line (continuing a message)", records.Message, max(folded, 0))
        if self._preamble:
            tally.skipped("line", "preamble", self._preamble)

    def _continue(self, before: str) -> None:
        """Add what stands before the first message of a block to the message before it."""
        if self._open is None:
            self._preamble += before.count("\n")
            if before.strip():
                self._report("preamble")
            return
        if len(self._open.texts[-1]) + len(before) > _LONGEST_BODY:
            self._report("too_long", mib=_LONGEST_BODY >> 20)
            before = ""
        self._open.texts[-1] += before

    def _chunk(self, read: Messages, lines: list[int]) -> Chunk:
        clocks = [self._clock(time) for time in read.times]
        if read.flavours:
            days = [self._day(*found) for found in zip(read.flavours, read.dates, strict=True)]
        else:
            days = list(map(self._own_day, read.dates))
        timed = list(zip(days, clocks, strict=True))
        return Chunk(
            lines=lines,
            stamps=read.stamps,
            locals=[f"{day}T{at}" if day and at else None for (day, _, _), (at, _) in timed],
            precisions=[precision for _, precision in clocks],
            orders=[order for _, order, _ in days],
            readings=[] if self._proved else [_both(read, at) for read, (at, _) in timed],
            names=read.names,
            texts=read.texts,
        )

    def _complete(self) -> Iterator[Row | Batch]:
        """Yield all but the last message, which may go on in the next block."""
        whole = self._open
        assert whole is not None
        taken = msgspec.structs.asdict(whole)
        self._open = Chunk(**{name: values[-1:] for name, values in taken.items()})
        if len(whole.lines) > 1:
            yield from self.chat.rows(Chunk(**{n: values[:-1] for n, values in taken.items()}))

    def _close(self) -> Iterator[Row | Batch]:
        if self._open is not None:
            self._open.texts[-1] = self._open.texts[-1].rstrip("\n")
            yield from self.chat.rows(self._open)
            self._open = None

    def _report(self, code: str, **figures: Any) -> None:
        where = f"line/{self.line_feeds + 1}"
        if all(u.code != code for u in self.unread):
            self.unread.append(self.chat.found.unread(where, code, **figures))


def _both(read: Reading, clock: str | None) -> tuple[str, str] | None:
    return (f"{read.both[0]}T{clock}", f"{read.both[1]}T{clock}") if read.both and clock else None


def _conclusion(passing: _Passing, orders: Orders) -> Iterator[Row]:
    """What the export as a whole says."""
    chat, found = passing.chat, passing.chat.found
    titles = (m["title"] for part in reversed(found.path.split("/")[-2:])
              if (m := _TITLES.search(part)))  # fmt: skip
    limit = _LIMITS[1][0] if chat.files else _LIMITS[0][0]
    yield from chat.late()
    chat.settle()
    yield from chat.people()
    title = chat.subject or next(titles, None)
    yield chat.chat_row("file", chat.chat_id, chat.chat_type(), subject=title)
    if passing.other_platform:
        yield found.unread("file", "mixed_platforms", n=passing.other_platform)
    if chat.unknown:
        yield found.unread(chat.first_unknown, "unknown_system", n=chat.unknown)
    yield from passing.unread
    yield from orders.votes(found)
    yield from chat.source(
        "message",
        kind=KIND,
        generation=chat.flavour,
        tz_basis=records.TimeBasis.EXPORT_LOCAL,
        date_order=orders.order(chat.flavour),
        truncated_suspect=abs(passing.begun - limit) <= limit * _NEAR,
    )


READER = Reader(
    name="whatsapp-text",
    version="5",
    files=("*.txt",),
    forms=("text",),
    knows=(
        "iPhone exports (_chat.txt: date and time in brackets)",
        "Android exports (date and time before a dash)",
        "wordings of notices and of omitted files in more than fifty languages",
    ),
    cannot=(
        "time zone, ids of messages and roster of members: an export has none",
        "whose phone it was, where no wording says it",
        "order of day and month where neither the file nor anything beside it decides",
    ),
    probe=probe,
    rows_of=read,
    yields=(*exports.TABLES, records.DateVote, records.DateReading, records.Unread),
)  # fmt: skip
