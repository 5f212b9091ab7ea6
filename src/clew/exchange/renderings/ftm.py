"""FollowTheMoney as JSON lines, one entity a line: what OpenAleph and its relatives take.

References:
    - followthemoney/schema/*.yaml (MIT): Person, Organization, UserAccount, Membership, Document
    - ``contentHash`` is the SHA-1; the other hashes stand in the notes

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from clew.exchange import referral as r
from clew.exchange.renderings import common

NAME = "ftm/entities.ftm.json"
_encode = msgspec.json.encode


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, (_encode(one) + b"\n" for one in _Entities(referral).entities())


class _Entities(common.Rendering):
    def __init__(self, referral: r.Referral) -> None:
        super().__init__(referral)
        self.owners = {
            tie.account_id: person.person_id
            for person in referral.assessments.persons
            for tie in person.accounts
        }

    def entity(self, schema: str, name: str, /, **properties: Any) -> dict[str, Any]:
        """An entity; every property is a list of texts, and what is empty is left out."""
        notes = [f"Handling: {self.handling}", *properties.pop("notes", ())]
        found = {
            key: [str(one) for one in (values if isinstance(values, list) else [values])]
            for key, values in properties.items()
            if values is not None and values != []
        }
        return {
            "id": self.id("ftm", f"{schema}\n{name}"),
            "schema": schema,
            "properties": {**found, "notes": notes},
        }

    def ref(self, schema: str, name: str) -> str:
        return self.id("ftm", f"{schema}\n{name}")

    def member(self, account: str) -> str:
        """The entity that an account or a token stands for."""
        owner = self.owners.get(account)
        return self.ref("Person", owner) if owner else self.ref("LegalEntity", account)

    def entities(self) -> Iterator[dict[str, Any]]:
        referral, facts = self.referral, self.referral.facts
        yield self.entity(
            "Organization", referral.sender.partner_id, name=referral.sender.name,
            country=_country(referral.sender.country), notes=common.header(referral),
        )  # fmt: skip
        yield from map(self.person, referral.assessments.persons)
        for token in facts.tokens:
            yield self.entity(
                "LegalEntity", token.token, name=token.token, country=_country(token.country),
                notes=["A person who is not named."],
            )  # fmt: skip
        yield from map(self.account, facts.accounts)
        for group in facts.groups:
            yield self.entity(
                "Organization", group.chat_id, name=group.subject or group.chat_id,
                alias=group.chat_id if group.subject else None,
                summary=f"Group of {group.platform}: {common.group_words(group)}",
            )  # fmt: skip
        for number, one in enumerate(facts.memberships):
            yield self.entity(
                "Membership", str(number), member=self.member(one.account_id),
                organization=self.ref("Organization", one.chat_id), role=one.role,
                status=one.state, startDate=_day(one.joined_at), endDate=_day(one.ended_at),
                summary=one.account_id, notes=common.readings(one.proof),
            )  # fmt: skip
        yield from map(self.file, facts.files)
        for share in facts.shares:
            yield self.share(share)

    def person(self, one: r.Person) -> dict[str, Any]:
        return self.entity(
            "Person", one.person_id, name=list(one.names) or [one.person_id],
            alias=one.person_id if one.names else None, phone=one.e164,
            country=_country(one.country), summary=common.WORDS[one.category],
            notes=[self.named_by(one), common.PRESUMPTION],
        )  # fmt: skip

    def account(self, one: r.Account) -> dict[str, Any]:
        return self.entity(
            "UserAccount", one.account_id, name=[n.name for n in one.names] or [one.account_id],
            username=one.account_id, service=one.platform, number=one.e164,
            owner=self.member(one.account_id), notes=common.readings(one.proof),
        )  # fmt: skip

    def file(self, one: r.File) -> dict[str, Any]:
        other = [f"SHA-256: {one.sha256}", *([f"MD5: {one.md5}"] if one.md5 else [])]
        first = [common.first_words(one.first)] if one.first else []
        return self.entity(
            "Document", one.sha256, name=one.sha256, contentHash=one.sha1, fileSize=one.size,
            mimeType=one.media_type, keywords=common.known_words(one) or [common.NEW],
            notes=[*other, *first],
        )  # fmt: skip

    def share(self, one: r.Share) -> dict[str, Any]:
        """A sending, as a link between who sent and what was sent."""
        return self.entity(
            "UnknownLink", f"{one.event_id}\n{one.ordinal}", subject=self.member(one.account_id),
            object=self.ref("Document", one.sha256), role="sent", startDate=_day(one.sent_at),
            recordId=one.event_id, summary=f"{one.account_id} in {one.chat_id}",
            notes=common.readings(one.proof),
        )  # fmt: skip


def _country(code: str | None) -> str | None:
    return code and code.lower()


def _day(at: datetime | None) -> str | None:
    """A time as FollowTheMoney writes it, to the second."""
    return common.moment(at)[:19] if at else None
