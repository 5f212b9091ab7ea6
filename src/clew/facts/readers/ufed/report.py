"""What is known of a report while it is read, and rows that every part of it needs."""

import json
from collections import Counter
from typing import Any

from clew.facts.reader_api import Found
from clew.facts.readers.ufed.files import Files
from clew.facts.readers.ufed.model import Model
from clew.facts.readers.ufed.people import People
from clew.facts.readers.ufed.stream import local
from clew.records import RecoveredFrom, RecoveredRow, Unread
from clew.schema import Id

_DEEPEST = 16
_REPORTED = 200
"""Rows of one kind of trouble that are reported one by one; the rest are counted."""


class Report(People):
    """One report: its people, its files, and the account of its models."""

    def __init__(self, found: Found, files: Files) -> None:
        super().__init__(found)
        self.files = files
        self.chats: set[str] = set()
        self._events: set[int] = set()
        self._reported: Counter[str] = Counter()

    def event(self, model: Model) -> Id[Any]:
        """Id of the event of a model; of a second one with the same id, with its rank."""
        name, number = model.name, len(self._events)
        while (digest := hash(name)) in self._events:
            name, number = f"{model.name}~{number}", number + 1
        self._events.add(digest)
        return self.found.event(name)

    def recovered(self, model: Model) -> RecoveredRow:
        """A model that the tool found among what was deleted, field by field."""
        self.tally.emitted(model.kind, RecoveredRow)
        return RecoveredRow(
            **self.at(model.locator),
            source_table=model.kind,
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


def plain(model: Model, depth: int = 0) -> dict[str, Any]:
    """A model as names and values; models within as lists, down to some depth."""
    if depth > _DEEPEST:
        return {"...": "more models within"}
    values: dict[str, Any] = {}
    for name in model.fields:
        inner = model.models(name)
        value: list[Any] = [plain(m, depth + 1) for m in inner if local(m.element) == "model"]
        value = value or [m.element.text for m in inner if m.element.text]
        if value and name != "Messages":
            values[name] = value[0] if len(value) == 1 else value
    return values
