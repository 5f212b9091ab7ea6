"""Address books, accounts of the holder, and calls of a report."""

import re
from collections.abc import Iterator

from clew.facts.readers.ufed.model import CODES, Model
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.records import Account, Call, CallParty, Contact, NameKind
from clew.schema import Id, Row, replace

_DURATION = re.compile(r"(?:(\d+)\.)?(\d+):(\d{2}):(\d{2})(?:\.\d+)?")
_NOT_IDS = re.compile(r"name|url|picture|about", re.IGNORECASE)


class _Entries:
    """Numbers, addresses and ids of a contact or an account."""

    def __init__(self, model: Model) -> None:
        self.phones: list[str] = []
        self.emails: list[str] = []
        self.ids: list[str] = []
        for entry in model.models("Entries"):
            value = entry.text("Value")
            if not value:
                continue
            if entry.kind == "PhoneNumber":
                self.phones.append(value)
            elif entry.kind == "EmailAddress":
                self.emails.append(value)
            elif entry.kind == "UserID" and not _NOT_IDS.search(entry.text("Category") or ""):
                self.ids.append(value)


def contact(report: Report, model: Model, event: str | None = None) -> Iterator[Row]:
    """An entry of an address book, or a card sent in a message."""
    at, entries, platform = model.locator, _Entries(model), platform_of(model.text("Source"))
    name, owner = model.text("Name"), model.text("Account")
    account = None
    for identifier in entries.ids:
        found = report.person(platform, identifier, None, at)
        account = account or found
        if found:
            report.name(found, name, NameKind.ADDRESS_BOOK, at)
    report.tally.emitted("Contact", Contact)
    yield Contact(
        **report.at(at),
        account_id=account,
        owner_account_id=report.person(platform, owner, None, at),
        entry=model.element.get("id"),
        display_name=name,
        phones=tuple(entries.phones),
        emails=tuple(entries.emails),
        event_id=Id(event) if event else None,
    )


def user_account(report: Report, model: Model) -> Iterator[Row]:
    """An account of the device's holder; its row comes with those of all people."""
    at, entries, platform = model.locator, _Entries(model), platform_of(model.text("Source"))
    name, username = model.text("Name"), model.text("Username")
    ids = entries.ids or ([username] if username else []) or entries.phones or entries.emails
    more = (m for m in model.models("AdditionalInfo") if m.text("Key") == "About")
    about = next((m.text("Value") for m in more), None)
    for identifier in (*ids,) or (None,):
        account = report.holder(platform, report.person(platform, identifier, name, at), at)
        report.name(account, name, NameKind.PROFILE, at)
        if about:
            report.accounts[account] = replace(report.accounts[account], about=about)
    report.tally.emitted("UserAccount", Account)
    return iter(())


def call(report: Report, model: Model) -> Iterator[Row]:
    """A call and its parties."""
    at, platform = model.locator, platform_of(model.text("Source"))
    direction = model.text("Direction") or model.text("Type") or ""
    raw = model.text("Status") or model.text("Type")
    parties = [(report.party(platform, p, p.locator), p) for p in model.models("Parties")]
    event = report.event(model)
    result = CODES["call"].get((raw or "").casefold(), "unknown")
    started = model.time("TimeStamp")
    if started.text and started.at is None:
        yield from report.unread(at, "time", value=started.text)
    report.tally.emitted("Call", Call)
    yield Call(
        **report.at(at),
        call_id=event,
        call_key=model.text("CallId"),
        caller=next((a for a, p in parties if a and p.text("Role") == "From"), None),
        from_owner={"outgoing": True, "incoming": False, "missed": False}.get(direction.casefold()),
        started_at=started.at,
        duration_s=_seconds(model.text("Duration")),
        video=model.is_true("VideoCall") if model.text("VideoCall") else None,
        result=result,
        result_raw=raw,
    )
    for account in dict.fromkeys(a for a, _ in parties if a):
        report.tally.emitted("Call (parties)", CallParty)
        yield CallParty(
            **report.at(at), call_id=event, account_id=account, result=result, result_raw=raw
        )


def _seconds(text: str | None) -> int | None:
    found = _DURATION.fullmatch(text or "")
    if found is None:
        return None
    days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
