"""What is known of a report while it is read, and rows that every part of it needs."""

import json
from collections import Counter
from typing import Any

from clew.facts import exports
from clew.facts.reader_api import Found
from clew.facts.readers.ufed.files import Files
from clew.facts.readers.ufed.model import Model
from clew.facts.readers.ufed.people import address
from clew.facts.readers.ufed.stream import local
from clew.facts.source_columns import Address
from clew.records import Account, IdType, NameKind, RecoveredFrom, RecoveredRow, Unread
from clew.schema import Id, replace

_NOBODY = frozenset({"system message", "system"})
"""What the tool puts instead of a sender where the application itself speaks."""
_DEEPEST = 16
_REPORTED = 200
"""Rows of one kind of trouble that are reported one by one; the rest are counted."""


class Report(exports.Export):
    """One report: its people, its files, and the account of its models."""

    def __init__(self, found: Found, files: Files) -> None:
        super().__init__(found, "")
        self.files = files
        self.chats: set[str] = set()
        self.owners: dict[Id[Account], None] = {}
        """Accounts of the device's holder."""
        self._known: dict[tuple[str, str], Address | None] = {}
        self._events: set[int] = set()
        self._reported: Counter[str] = Counter()

    def person(
        self, platform: str, identifier: str | None, name: str | None, at: str
    ) -> Id[Account] | None:
        """Account of a party; a party without an identifier is a label within this report."""
        found = None
        if identifier and identifier.casefold() not in _NOBODY:
            key = (platform, identifier)
            if key not in self._known:
                self._known[key] = address(platform, identifier)
            found = self._known[key]
        elif name and not identifier:
            label = f"{platform}:label:{self.found.source_id[:16]}:{name}"
            found = Address(Id(label), IdType.LABEL, name)
        if found is None:
            return None
        if found.account_id not in self.accounts:
            self.account(found, at, platform=platform)
        if name != identifier:
            self.name(found.account_id, name, NameKind.EXPORT_LABEL, at)
        return found.account_id

    def holder(self, platform: str, account: Id[Account] | None, at: str) -> Id[Account]:
        """Mark the account of the device's holder; without one, make the holder one."""
        if account is None:
            item = self.found.item_id
            unnamed = Address(Id(f"{platform}:owner:{item}"), IdType.OWNER, item)
            account = self.account(unnamed, at, platform=platform)
        if account not in self.owners:
            self.owners[account] = None
            self.accounts[account] = replace(self.accounts[account], is_owner=True)
        return account

    def party(self, platform: str, model: Model, at: str) -> Id[Account] | None:
        """Account of a party, by its fields."""
        account = self.person(platform, model.text("Identifier"), model.text("Name"), at)
        return self.holder(platform, account, at) if model.is_true("IsPhoneOwner") else account

    def name(self, account_id: str, name: str | None, kind: NameKind, where: str) -> None:
        """Enter a name of an account, once of each kind."""
        if name:
            self._names.setdefault((account_id, name, kind), (where, kind))

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
