"""What a case has of persons, accounts, groups and files, for one of others' programs.

It is made of the lists that a person can see, as the reading shows them, masked or not, and written
by the renderings of packages. It is no package: no decision names anybody in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from clew.casefile.files import sha256_of
from clew.casefile.ledger import now
from clew.errors import UsageError
from clew.exchange import referral as r
from clew.exchange.markings import Grading, Marking, Scheme
from clew.exchange.moments import refuse_past
from clew.exchange.renderings import common, ftm, i2, misp, timesketch
from clew.reading import Reading
from clew.records import (
    ChatType,
    ExhibitKind,
    IdType,
    LinkRule,
    MemberState,
    NameKind,
    PersonCategory,
    Role,
    ShareCertainty,
)

E = TypeVar("E", bound=StrEnum)
Render = Callable[[r.Referral], Iterator[tuple[str, Iterable[bytes]]]]
FORMATS: dict[str, Render] = {
    "ftm": ftm.render,
    "misp": misp.render,
    "i2": i2.render,
    "timesketch": timesketch.render,
}
FOLDERS = ("i2",)
"""Formats of several files."""
_WITHHELD = "withheld"
_UNKNOWN = "??"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of an export by whoever makes it; UsageError where it says nothing."""

    to: str
    marking: Marking
    purpose: str
    keep_until: date

    def __post_init__(self) -> None:
        if not self.to.strip() or not self.purpose.strip():
            raise UsageError(
                "an export says whom it is for and what it may be used for; nothing was written",
                do='Say both: --to "analysis unit" --purpose "op-17"',
            )
        refuse_past(self.keep_until)


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    persons: int
    accounts: int
    groups: int
    contents: int
    left_out: int
    """Memberships of names that are nobody's account."""
    files: dict[str, str]
    """SHA-256 of each file, by its name."""


def hand_over(reading: Reading, out: Path, form: str, about: About) -> Written:
    """Write what the reading shows; ``out`` is a file, or a folder where there are several."""
    made, left_out = picture(reading, about)
    facts = made.facts
    return Written(persons=len(made.assessments.persons), accounts=len(facts.accounts),
                   groups=len(facts.groups), contents=len(facts.files), left_out=left_out,
                   files=write(made, out, form))  # fmt: skip


def picture(reading: Reading, about: About) -> tuple[r.Referral, int]:
    """What the reading shows, and how many memberships are of nobody's account."""
    return _Picture(reading, about).whole()


def write(made: r.Referral, out: Path, form: str) -> dict[str, str]:
    """Write it in one of ``FORMATS``; the SHA-256 of each file, by its name."""
    files = {}
    if form in FOLDERS:
        out.mkdir(exist_ok=True)
    for name, chunks in FORMATS[form](made):
        file = out / Path(name).name if form in FOLDERS else out
        with file.open("xb") as opened:
            opened.writelines(chunks)
        files[file.name] = sha256_of(file)
    return files


class _Picture:
    def __init__(self, reading: Reading, about: About) -> None:
        self.reading, self.about = reading, about
        self.of_person: dict[str, list[dict[str, Any]]] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        for row in reading.view("accounts").rows:
            self.of_person.setdefault(row["person_id"], []).append(row)
            self.accounts[row["account_id"]] = row

    def whole(self) -> tuple[r.Referral, int]:
        """The referral, and how many memberships are of nobody's account."""
        case = self.reading.case
        made_at = now()
        persons = tuple(map(self.person, self.reading.view("persons").rows))
        named = {tie.account_id for person in persons for tie in person.accounts}
        rows = self.reading.view("members").rows
        memberships = [self.member(row) for row in rows if row["person_id"] in self.of_person]
        inside = [one for one in memberships if one.account_id in named]
        facts = r.Facts(
            exhibits=tuple(map(_exhibit, self.reading.view("exhibits").rows)),
            accounts=tuple(self.account(row) for a, row in self.accounts.items() if a in named),
            groups=tuple(map(_group, self.reading.view("groups").rows)),
            memberships=tuple(inside), files=tuple(self.files(named)),
        )  # fmt: skip
        name = f"{case.config.title}\n{self.about.to}\n{made_at}"
        return r.Referral(
            package_id=f"urn:uuid:{uuid.uuid5(common.NAMESPACE, name)}", made_at=made_at,
            sender=r.Party(partner_id="case", name=case.config.title),
            receivers=(r.Party(partner_id="to", name=self.about.to),),
            case_reference=case.config.title, purpose=self.about.purpose,
            legal_basis=case.config.authority, marking=self.about.marking,
            grading=Grading(scheme=Scheme.EUROPOL, source="X", information="4"),
            keep_until=self.about.keep_until, facts=facts,
            assessments=r.Assessments(persons=persons),
        ), len(rows) - len(inside)  # fmt: skip

    def person(self, row: dict[str, Any]) -> r.Person:
        """A person without a category: what was judged of whom goes in packages alone."""
        own = self.of_person.get(row["person_id"], [])
        return r.Person(
            person_id=row["person_id"], category=PersonCategory.UNCLASSIFIED,
            names=_names(row["names"]), country=_country(row["country"]),
            accounts=tuple(
                r.Attribution(
                    account_id=one["account_id"], rule=_among(one["rule"], LinkRule.ITSELF),
                    inferred=one["bits"] is not None, judgement=one["judgement"],
                    proof=_proof([one["exhibit_id"]], one["locator"]),
                )
                for one in own
            ),
        )  # fmt: skip

    def account(self, row: dict[str, Any]) -> r.Account:
        name, proof = row["account_id"], _proof([row["exhibit_id"]], row["locator"])
        platform = name.partition(":")[0] if not self.reading.masked else _WITHHELD
        return r.Account(
            account_id=name, platform=platform, id_type=IdType.LABEL, identifier=name, proof=proof,
            names=tuple(r.AccountName(name=n, kind=NameKind.PROFILE, proof=proof)
                        for n in _names(row["names"])),
        )  # fmt: skip

    def member(self, row: dict[str, Any]) -> r.Membership:
        return r.Membership(
            chat_id=row["chat_id"], account_id=self.of_person[row["person_id"]][0]["account_id"],
            role=_among(row["role"], Role.MEMBER),
            state=_among(row["state"], MemberState.UNKNOWN_PAST), joined_at=row["joined_at"],
            ended_at=row["ended_at"], proof=_proof(row["exhibits"]),
        )  # fmt: skip

    def files(self, named: set[str]) -> Iterator[r.File]:
        """Files that were shared, with the sets that know them and their first known sending."""
        known: dict[str, list[r.Known]] = {}
        for row in self.reading.view("matched-files").rows:
            if row["kind"] == "known" and row["sha256"]:
                one = r.Known(set=row["set"], version=row["version"], tier=row["tier"],
                              category=row["category"])  # fmt: skip
                known.setdefault(row["sha256"], []).append(one)
        for row in self.reading.view("first-shares").rows:
            sender = row["account_id"] if row["account_id"] in named else None
            first = r.FirstShare(
                event_id=row["event_id"], chat_id=row["chat_id"], account_id=sender,
                sent_at=row["sent_at"], proof=_proof(row["witnesses"]),
                certainty=_certainty(row["certainty"]),
            )  # fmt: skip
            yield r.File(sha256=row["sha256"], size=row["size"], media_type=row["media_type"],
                         known=tuple(known.get(row["sha256"], ())), first=first)  # fmt: skip


def _exhibit(row: dict[str, Any]) -> r.Exhibit:
    return r.Exhibit(exhibit_id=row["exhibit_id"], kind=_among(row["kind"], ExhibitKind.REPORT),
                     country=row["country"], content_sha256=row["content_sha256"])  # fmt: skip


def _group(row: dict[str, Any]) -> r.Group:
    counts = [text.rpartition(" ") for text in row["countries"] or ()]
    kind = _among(row["chat_type"], ChatType.UNKNOWN)
    return r.Group(
        chat_id=row["chat_id"], platform=row["platform"], chat_type=kind,
        subject=row["subject"], members=row["members"], shares=row["shares"],
        known_shares=row["known_shares"], proof=_proof(row["exhibits"]),
        counts=tuple(r.CountryCount(country=_country(c), persons=int(n)) for c, _, n in counts),
    )  # fmt: skip


def _names(given: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in given or () if name and name != _WITHHELD))


def _country(code: str | None) -> str | None:
    return None if code == _UNKNOWN else code


def _proof(exhibits: Iterable[str] | None, locator: str | None = None) -> tuple[r.Provenance, ...]:
    return tuple(r.Provenance(exhibit_id=e, locator=locator) for e in exhibits or () if e)


def _among(value: str, otherwise: E) -> E:
    """A word of an enumeration; ``otherwise`` for one that a later version may have."""
    kind = type(otherwise)
    return kind(value) if value in set(kind) else otherwise


def _certainty(value: str | None) -> ShareCertainty | None:
    return ShareCertainty(value) if value in set(ShareCertainty) else None
