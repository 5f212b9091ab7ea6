"""What is known of a report while it is read, and rows that every part of it needs."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from typing import Any

from clew.facts.reader_api import Found, FromFile, Tally
from clew.facts.readers.ufed.files import Files
from clew.facts.readers.ufed.model import Fields, fields, is_true, locator, models, name_of, said
from clew.facts.readers.ufed.people import People
from clew.facts.readers.ufed.stream import local
from clew.records import RecoveredFrom, RecoveredRow, Unread

_DEEPEST = 16
_REPORTED = 200
"""Rows of one kind of trouble that are reported one by one; the rest are counted."""


class Report(FromFile):
    """One report: its people, its files, and the account of its models."""

    def __init__(self, found: Found, files: Files) -> None:
        super().__init__(found)
        self.files = files
        self.tally = Tally()
        self.people = People(found)
        self.chats: set[str] = set()
        self.members: set[tuple[str, str | None]] = set()
        self.span: list[Any] = [None, None]
        self._events: set[int] = set()
        self._reported: Counter[str] = Counter()

    def event(self, model: ET.Element) -> str:
        """Name of the event of a model; of a second one with the same id, with its place."""
        name = name_of(model)
        digest = hash(name)
        if digest in self._events:
            number = len(self._events)
            while hash(f"{name}~{number}") in self._events:
                number += 1
            name = f"{name}~{number}"
            digest = hash(name)
        self._events.add(digest)
        return str(self.found.event(name))

    def party(self, platform: str, told: Fields, at: str) -> str | None:
        """Account of a party, by its fields."""
        name = said(told.get("Name"))
        account = self.people.account(platform, said(told.get("Identifier")), name, at)
        if is_true(told.get("IsPhoneOwner")):
            account = self.people.owner(platform, account, at)
        return account

    def recovered(self, model: ET.Element) -> RecoveredRow:
        """A model that the tool found among what was deleted, field by field."""
        kind = model.get("type") or "model"
        self.tally.emitted(kind, RecoveredRow)
        return RecoveredRow(
            **self.at(locator(model)),
            source_table=kind,
            found_in=RecoveredFrom.TOOL_REPORT,
            part="report",
            complete=True,
            values=json.dumps(plain(model), ensure_ascii=False),
        )

    def unread(self, where: str, code: str, **figures: Any) -> list[Unread]:
        """Report what could not be read, one by one up to a number of rows, then only count."""
        self._reported[code] += 1
        if self._reported[code] > _REPORTED:
            return []
        return [self.found.unread(where, code, **figures)]

    def counted(self) -> list[Unread]:
        """How many rows of each kind of trouble were only counted."""
        return [
            self.found.unread("file", "more", n=count - _REPORTED, of=code)
            for code, count in sorted(self._reported.items())
            if count > _REPORTED
        ]


def plain(model: ET.Element, depth: int = 0) -> dict[str, Any]:
    """A model as names and values; models within as lists, down to some depth."""
    if depth > _DEEPEST:
        return {"...": "more models within"}
    told: dict[str, Any] = {}
    for name, field in fields(model).items():
        within = models(field)
        value: list[Any] = [plain(m, depth + 1) for m in within if local(m) == "model"]
        value = value or [v.text for v in within if v.text]
        if value and name != "Messages":
            told[name] = value[0] if len(value) == 1 else value
    return told
