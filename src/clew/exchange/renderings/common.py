"""What all renderings say alike, in the words of others' programs: English, as their fields are."""

from __future__ import annotations

import csv
import hashlib
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from clew.exchange.markings import Grading, Marking
from clew.exchange.referral import (
    CountryCount,
    File,
    FirstShare,
    Group,
    Person,
    Provenance,
    Referral,
)
from clew.records import PersonCategory
from clew.words.characters import no_formula

PRESUMPTION = (
    "A person called a suspect here is only suspected, and presumed innocent unless convicted."
)
WORDS = {
    PersonCategory.SUSPECT: "suspect (only suspected; presumed innocent)",
    PersonCategory.CONVICTED: "convicted",
    PersonCategory.VICTIM: "victim",
    PersonCategory.POSSIBLE_VICTIM: "possible victim",
    PersonCategory.WITNESS: "witness",
    PersonCategory.INFORMATION_PROVIDER: "person who can provide information",
    PersonCategory.CONTACT_OR_ASSOCIATE: "contact or associate",
    PersonCategory.UNCLASSIFIED: "not classified; no suspicion is stated",
}
NAMESPACE = uuid.UUID("6f5a3c52-1d0b-5b7e-9a57-6f2b6f0c5e11")
"""Of ids that renderings make of ids of the referral (UUID, version 5)."""
NOT_DECIDED = "exported out of the case: no decision names anybody"
NEW = "new material: no set of the sender knows it"
_ROWS, _PIECE = 500, 1 << 16
_MET_AGAIN = 1 << 16
"""Ids that are kept, since others refer to them."""
_encode = msgspec.json.Encoder().encode

Ids = Callable[[str, str], str]


class Rendering:
    """What every rendering of a referral is made of."""

    def __init__(self, referral: Referral) -> None:
        self.referral = referral
        self.id = ids(referral)
        self.named_by = namer(referral)
        self.handling = marking_short(referral.marking)


def listed(begin: bytes, items: Iterable[object], end: bytes) -> Iterator[bytes]:
    """JSON in pieces: what stands before a list, its items on lines of their own, and the rest."""
    waiting, size = [begin], 0
    for number, one in enumerate(items):
        text = _encode(one)
        waiting += (b",\n"[number == 0 :], text)
        size += len(text)
        if size > _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join([*waiting, end])


def ids(referral: Referral) -> Ids:
    """Gives a UUID for a kind of thing and its id: the same in every package of a case.

    They are those of ``uuid.uuid5``, which takes five times as long for each of a million.
    """
    inside = uuid.uuid5(NAMESPACE, f"{referral.sender.partner_id}\n{referral.case_reference}")
    begun = hashlib.sha1(inside.bytes, usedforsecurity=False)

    @lru_cache(maxsize=_MET_AGAIN)
    def named(kind: str, name: str) -> str:
        hashing = begun.copy()
        hashing.update(f"{kind}\n{name}".encode())
        digits = hashing.hexdigest()
        variant = "89ab"[int(digits[16], 16) & 3]
        return (
            f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
        )

    return named


def marking_words(marking: Marking) -> list[str]:
    """Each handling code, the traffic light, and what is restricted."""
    said = [f"Europol handling code {code}" for code in marking.handling]
    restricted = [f"Restrictions (H3): {marking.restrictions}"] if marking.restrictions else []
    return [*said, marking.tlp.value, *restricted]


def marking_short(marking: Marking) -> str:
    """The same on one short line, without the restrictions' text."""
    return " ".join([*marking.handling, marking.tlp])


def grading_words(grading: Grading) -> str:
    """A grading with its scheme; never converted."""
    return f"{grading.scheme} {grading.source}{grading.information}"


def reading(where: Provenance) -> str:
    """Exhibit, file and row on one line."""
    return " ".join(part for part in (where.exhibit_id, where.source_id, where.locator) if part)


def readings(proof: Sequence[Provenance]) -> list[str]:
    """Where a statement was read, one line each."""
    return [reading(one) for one in proof]


def counted(counts: Iterable[CountryCount]) -> list[str]:
    """Persons who are counted, by country; ``unknown`` where none is known."""
    return [f"{one.country or 'unknown'}: {one.persons}" for one in counts]


def known_words(file: File) -> list[str]:
    """Sets that know a file, and how far the match carries."""
    return [
        f"{one.tier} match with {one.set} {one.version}"
        + (f", {one.category}" if one.category else "")
        for one in file.known
    ]


def first_words(first: FirstShare) -> str:
    """The first known sending on one line."""
    who = first.account_id or "a sender whom no device kept"
    when = moment(first.sent_at) if first.sent_at else "at an unknown time"
    return f"first known sending: {first.event_id} by {who} in {first.chat_id}, {when}"


def file_words(file: File) -> str:
    """What is known of a file, on one line."""
    first = [first_words(file.first)] if file.first else []
    return "; ".join([*(known_words(file) or [NEW]), *first])


def group_words(group: Group) -> str:
    """What is counted of a group, on one line."""
    counts = (
        f"{group.members} members, {group.shares} files shared, {group.known_shares} of them known"
    )
    return "; ".join([counts, *counted(group.counts)])


def namer(referral: Referral) -> Callable[[Person], str]:
    """Gives in words the decision that names a person."""
    decisions = {one.number: one for one in referral.assessments.decisions}

    def named_by(person: Person) -> str:
        if person.decision is None:
            return NOT_DECIDED
        one = decisions[person.decision]
        both = f" and {one.second_by}" if one.second_by else ""
        return f"named by decision {one.number} of {one.by}{both}, rule {one.rule}: {one.reason}"

    return named_by


def totals(referral: Referral) -> dict[str, int]:
    """How many of each kind the referral has; every rendering carries them."""
    facts = referral.facts
    return {
        "persons": len(referral.assessments.persons),
        "accounts": len(facts.accounts),
        "not named": len(facts.tokens),
        "groups": len(facts.groups),
        "memberships": len(facts.memberships),
        "files": len(facts.files),
        "shares": len(facts.shares),
    }


def header(referral: Referral) -> list[str]:
    """What every reader of a rendering must know, each on one line."""
    to = ", ".join(party.name for party in referral.receivers)
    return [
        f"From {referral.sender.name} to {to}; case {referral.case_reference}",
        f"Package {referral.package_id}",
        *marking_words(referral.marking),
        f"Grading: {grading_words(referral.grading)}",
        f"Purpose: {referral.purpose}",
        f"Legal basis: {referral.legal_basis}",
        f"Keep until {referral.keep_until.isoformat()}",
        *(f"Counted and not named, {one}" for one in counted(referral.facts.counts)),
        "Totals: " + ", ".join(f"{n} {what}" for what, n in totals(referral).items()),
        PRESUMPTION,
    ]


def moment(at: datetime) -> str:
    """A time in UTC to the millisecond, as STIX and others write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def rows(header_row: Sequence[str], content: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8) in pieces, in which no spreadsheet runs a cell."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(header_row)
    for number, row in enumerate(content, 1):
        write([no_formula("" if one is None else str(one)) for one in row])
        if number % _ROWS == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
