"""Cellebrite's UFED reports: ``report.xml``, alone or in a ``.ufdr`` with the files it lists.

A report is what a tool made of a device: each row carries what the tool says of it (its id, state,
confidence, index and extraction) in its locator. What the tool found among deleted data goes into
the tables of recovered rows, and into no other. A ``.ufdr`` is a ZIP, which intake opens; that of
version 8 holds a PostgreSQL dump instead of a report, which is recognised and not read.

References:
    - docs/formats/ufed.md

"""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator

from clew import records
from clew.facts import exports
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.ufed import contacts
from clew.facts.readers.ufed.chats import OpenChat
from clew.facts.readers.ufed.files import listed
from clew.facts.readers.ufed.messages import message
from clew.facts.readers.ufed.model import Model
from clew.facts.readers.ufed.report import Report
from clew.facts.readers.ufed.stream import Refused, Text, Unit, units
from clew.schema import Batch, Row

KIND = "ufed.report"
NAMESPACE = "http://pa.cellebrite.com/report/2.0"
_MAGIC = b"PGDMP"
_DUMP = "application/x-postgresql-dump"
_ROOT = re.compile(r"<(?:\w+:)?project\b[^>]{0,4000}?\breportVersion\s*=\s*[\"']([^\"']{1,40})")
_NAMESPACE = re.compile(r"xmlns(?::\w+)?\s*=\s*[\"'](http://pa\.cellebrite\.com[^\"']*)")
_FRAGMENT = re.compile(r"<(?:\w+:)?model\b[^>]{0,2000}?\b(?:deleted_state|decoding_confidence)\s*=")
_READ: dict[str, Callable[[Report, Model], Iterator[Row]]] = {
    "Contact": contacts.contact,
    "UserAccount": contacts.user_account,
    "Call": contacts.call,
}


def probe(found: Found) -> Probe | None:
    """Take what begins as a report or as a part of one, and the dump of a later version."""
    if found.media_type == _DUMP:
        return Probe("ufed.postgresql", 0.9)
    text = found.head("xml")
    if _ROOT.search(text) or _NAMESPACE.search(text):
        return Probe(KIND, 0.95)
    return Probe(KIND, 0.8) if _FRAGMENT.search(text) else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a report from its first to its last element, and give account of it."""
    with found.open() as file:
        is_dump = file.read(len(_MAGIC)) == _MAGIC
    if is_dump:
        yield found.unread("file", "postgresql_dump")
        return
    with listed() as files, found.open() as file:
        report = Report(found, files)
        reading = _Reading(report)
        source = Text(file)
        try:
            for unit in units(source):
                yield from reading.take(unit)
        except Refused as refused:
            reading.stopped = True
            yield found.unread("file", refused.code, **refused.values)
        for share, came in report.files.waited():
            if not came:
                yield from report.unread(share.locator, "no_file_entry")
            yield share
        yield from _conclusion(reading, source, found.head("xml"))


class _Reading:
    """A report as it passes, unit by unit."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.not_read: Counter[str] = Counter()
        self.stopped = False
        self._chat: OpenChat | None = None

    def take(self, unit: Unit) -> Iterator[Row]:
        """Read one complete element."""
        if unit.cut_off:
            yield from self._cut_off(unit)
        elif unit.chat is not None:
            chat, model = self._open(unit.chat), Model(unit.element)
            if model.kind == "InstantMessage":
                yield from message(self.report, chat, model)
            else:
                self.not_read[model.kind] += 1
        elif unit.element.get("type") is not None and unit.element.tag.endswith("model"):
            yield from self._model(Model(unit.element))
        elif unit.element.tag.endswith("file"):
            self.report.files.add(unit.element)

    def _open(self, element: ET.Element) -> OpenChat:
        if self._chat is None or self._chat.element is not element:
            self._chat = OpenChat(self.report, Model(element))
        return self._chat

    def _model(self, model: Model) -> Iterator[Row]:
        if model.kind == "Chat":
            yield from self._open(model.element).rows()
            self._chat = None
        elif model.kind == "InstantMessage":
            alone = OpenChat(self.report, model)
            yield from message(self.report, alone, model)
            yield from alone.rows()
        elif model.kind in _READ:
            is_live, read_as = model.is_live, _READ[model.kind]
            yield from read_as(self.report, model) if is_live else [self.report.recovered(model)]
        else:
            self.not_read[model.kind] += 1

    def _cut_off(self, unit: Unit) -> Iterator[Row]:
        model = Model(unit.element)
        self.report.tally.skipped(model.kind, "cut_off")
        yield from self.report.unread(model.locator, "cut_off", model=model.kind)
        if unit.chat is None and model.kind == "Chat" and self._chat is not None:
            yield from self._chat.rows()


def _conclusion(reading: _Reading, source: Text, head: str) -> Iterator[Row]:
    """People, what was not read, and the account of it all."""
    report = reading.report
    found, tally = report.found, report.tally
    yield from report.people()
    yield from report.counted()
    if source.mended:
        yield found.unread("file", "encoding", n=source.mended)
    space = _NAMESPACE.search(head)
    if space and space[1] != NAMESPACE:
        yield found.unread("file", "unknown_version", value=space[1], read_as=NAMESPACE)
    for kind, rows in sorted(reading.not_read.items()):
        tally.not_read(kind, "other_model", rows)
        yield found.unread(f"modelType:{kind}", "not_read", n=rows, model=kind)
    if report.files.count:
        tally.not_read("file", "listed", report.files.count)
    version = _ROOT.search(head)
    yield from report.source(
        "InstantMessage",
        kind=KIND,
        generation=f"report {version[1]}" if version else "part of a report",
        owner_account_id=next(iter(report.owners), None),
        tz_basis=records.TimeBasis.UTC,
        truncated_suspect=reading.stopped,
    )


READER = Reader(
    name="ufed",
    version="2",
    media_types=(_DUMP,),
    files=("*.xml",),
    forms=("xml",),
    probe=probe,
    rows_of=read,
    yields=(
        *exports.TABLES, records.Invite, records.Contact, records.Call, records.CallParty,
        records.MessagePlace, records.RecoveredRow, records.RecoveredMessage,
        records.RecoveredShare, records.Unread,
    ),
    knows=("report.xml with namespace report/2.0, and without one", "parts of a report",
           ".ufdr up to Physical Analyzer 7"),
    cannot=("the PostgreSQL dump of Physical Analyzer 8", "protected .ufdr",
            "models other than Chat, InstantMessage, Contact, UserAccount and Call"),
)  # fmt: skip
