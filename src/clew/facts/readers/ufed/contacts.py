"""Address books, accounts of the holder, and calls of a report."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from clew.facts.readers.ufed.model import (
    CODES,
    Fields,
    fields,
    is_live,
    is_true,
    locator,
    models,
    said,
    time_of,
)
from clew.facts.readers.ufed.people import platform_of
from clew.facts.readers.ufed.report import Report
from clew.records import Account, Call, CallParty, Contact, NameKind
from clew.schema import Id, Row

_DURATION = re.compile(r"(?:(\d+)\.)?(\d+):(\d{2}):(\d{2})(?:\.\d+)?")
_NOT_IDS = re.compile(r"name|url|picture|about", re.IGNORECASE)


class _Entries:
    """Numbers, addresses and ids of a contact or an account."""

    def __init__(self, told: Fields) -> None:
        self.phones: list[str] = []
        self.emails: list[str] = []
        self.ids: list[str] = []
        for entry in models(told.get("Entries")):
            found = fields(entry)
            value, category = said(found.get("Value")), said(found.get("Category")) or ""
            kind = entry.get("type")
            if not value:
                continue
            if kind == "PhoneNumber":
                self.phones.append(value)
            elif kind == "EmailAddress":
                self.emails.append(value)
            elif kind == "UserID" and not _NOT_IDS.search(category):
                self.ids.append(value)


def contact(report: Report, model: ET.Element, event: str | None = None) -> Iterator[Row]:
    """An entry of an address book, or a card sent in a message."""
    if not is_live(model):
        yield report.recovered(model)
        return
    told, at = fields(model), locator(model)
    entries, platform = _Entries(told), platform_of(said(told.get("Source")))
    name = said(told.get("Name"))
    account = None
    for identifier in entries.ids:
        found = report.people.account(platform, identifier, None, at)
        account = account or found
        if found and name:
            report.people.name(found, name, NameKind.ADDRESS_BOOK, at)
    owner = said(told.get("Account"))
    report.tally.emitted("Contact", Contact)
    yield Contact(
        **report.at(at),
        account_id=Id(account) if account else None,
        owner_account_id=_owner(report, platform, owner, at),
        entry=model.get("id"),
        display_name=name,
        phones=tuple(entries.phones),
        emails=tuple(entries.emails),
        event_id=Id(event) if event else None,
    )


def _owner(report: Report, platform: str, owner: str | None, at: str) -> Id[Account] | None:
    """Account whose address book it is; the tool names it by its id."""
    account = report.people.account(platform, owner, None, at) if owner else None
    return Id(account) if account else None


def user_account(report: Report, model: ET.Element) -> Iterator[Row]:
    """An account of the device's holder."""
    if not is_live(model):
        yield report.recovered(model)
        return
    told, at = fields(model), locator(model)
    platform, entries = platform_of(said(told.get("Source"))), _Entries(told)
    name, username = said(told.get("Name")), said(told.get("Username"))
    ids = entries.ids or ([username] if username else []) or entries.phones or entries.emails
    about = next(
        (said(f.get("Value")) for f in map(fields, models(told.get("AdditionalInfo")))
         if said(f.get("Key")) == "About"), None,
    )  # fmt: skip
    for identifier in (*ids,) or (None,):
        account = report.people.account(platform, identifier, name, at)
        account = report.people.owner(platform, account, at)
        if name:
            report.people.name(account, name, NameKind.PROFILE, at)
        if about:
            report.people.describe(account, about=about)
    report.tally.emitted("UserAccount", Account)
    yield from ()


def call(report: Report, model: ET.Element) -> Iterator[Row]:
    """A call and its parties."""
    if not is_live(model):
        yield report.recovered(model)
        return
    told, at = fields(model), locator(model)
    platform = platform_of(said(told.get("Source")))
    direction = said(told.get("Direction")) or said(told.get("Type")) or ""
    raw = said(told.get("Status")) or said(told.get("Type"))
    parties = [(fields(p), locator(p)) for p in models(told.get("Parties"))]
    accounts = [(report.party(platform, p, where), p) for p, where in parties]
    event = Id[Call](report.event(model))
    result = CODES["call"].get((raw or "").casefold(), "unknown")
    started = time_of(told.get("TimeStamp"))
    if started.text and started.at is None:
        yield from report.unread(at, "time", value=started.text)
    report.tally.emitted("Call", Call)
    yield Call(
        **report.at(at),
        call_id=event,
        call_key=said(told.get("CallId")) or None,
        caller=next((Id(a) for a, p in accounts if a and said(p.get("Role")) == "From"), None),
        from_owner={"outgoing": True, "incoming": False, "missed": False}.get(direction.casefold()),
        started_at=started.at,
        duration_s=_seconds(said(told.get("Duration"))),
        video=is_true(told.get("VideoCall")) if said(told.get("VideoCall")) else None,
        result=result,
        result_raw=raw,
    )
    for account in dict.fromkeys(a for a, _ in accounts if a):
        report.tally.emitted("Call (parties)", CallParty)
        yield CallParty(
            **report.at(at), call_id=event, account_id=Id(account), result=result, result_raw=raw
        )


def _seconds(text: str | None) -> int | None:
    found = _DURATION.fullmatch(text or "")
    if found is None:
        return None
    days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
