"""STIX 2.1, thin: what units that work with observables take.

There is no threat actor in it and no individual: the first asserts malice, and programs join the
second by name. A person stands in a report on the accounts: notes and groupings would say it
better, and the bundle's schema of OASIS knows neither.

References:
    - STIX 2.1, OASIS Standard, 2021: 2.9 (deterministic ids), 3 and 6 (objects), 7.2 (markings)
    - TLP 2.0 in STIX 2.1, OASIS, 2022: the five marking definitions

"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from clew.exchange import referral as r
from clew.exchange.markings import Tlp
from clew.exchange.renderings import common

NAME = "stix/bundle.json"
_OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Namespace of the ids of observables, STIX 2.1, 2.9."""
_TLP = {
    Tlp.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_encode = msgspec.json.encode
Stix = dict[str, Any]


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, _text(referral)


def _text(referral: r.Referral) -> Iterator[bytes]:
    bundle = common.ids(referral)("stix bundle", referral.package_id)
    begin = b'{"type":"bundle","id":"bundle--' + bundle.encode() + b'","objects":['
    return common.listed(begin, _Bundle(referral).objects(), b"\n]}\n")


class _Bundle(common.Rendering):
    def __init__(self, referral: r.Referral) -> None:
        super().__init__(referral)
        self.made = common.moment(referral.made_at)
        self.accounts = {a.account_id: a for a in referral.facts.accounts}
        self.refs: list[str] = []
        self.marking_refs = [f"marking-definition--{_TLP[referral.marking.tlp]}"] + [
            self.name("marking-definition", words) for words in self.statements()
        ]

    def name(self, kind: str, name: str) -> str:
        return f"{kind}--{self.id(f'stix {kind}', name)}"

    def statements(self) -> list[str]:
        return [*common.marking_words(self.referral.marking), common.PRESUMPTION]

    def objects(self) -> Iterator[Stix]:
        yield from self.markings()
        for party in (self.referral.sender, *self.referral.receivers):
            yield self.domain("identity", party.partner_id, name=party.name,
                              identity_class="organization")  # fmt: skip
        for one in self.content():
            self.refs.append(one["id"])
            yield one
        yield self.whole()

    def content(self) -> Iterator[Stix]:
        facts = self.referral.facts
        yield from map(self.account, facts.accounts)
        yield from map(self.file, facts.files)
        for person in self.referral.assessments.persons:
            yield self.person(person)

    def markings(self) -> Iterator[Stix]:
        light = self.referral.marking.tlp
        yield {
            "type": "marking-definition", "spec_version": "2.1",
            "id": f"marking-definition--{_TLP[light]}", "created": "2022-10-01T00:00:00.000Z",
            "name": light.value,
            "extensions": {_TLP_EXTENSION: {
                "extension_type": "property-extension",
                "tlp_2_0": light.value.removeprefix("TLP:").lower()}},
        }  # fmt: skip
        for words in self.statements():
            yield {
                "type": "marking-definition", "spec_version": "2.1",
                "id": self.name("marking-definition", words), "created": self.made,
                "definition_type": "statement", "definition": {"statement": words},
            }  # fmt: skip

    def domain(self, kind: str, name: str, /, **said: Any) -> Stix:
        sender = self.name("identity", self.referral.sender.partner_id)
        return {
            "type": kind, "spec_version": "2.1", "id": self.name(kind, name), "created": self.made,
            "modified": self.made, "created_by_ref": sender,
            "object_marking_refs": self.marking_refs, **said,
        }  # fmt: skip

    def observable(self, kind: str, contributing: Stix, **said: Any) -> Stix:
        """An observable, whose id follows from what identifies it wherever it is seen."""
        text = _encode(contributing, order="sorted").decode()
        return {
            "type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.uuid5(_OBSERVABLES, text)}",
            "object_marking_refs": self.marking_refs, **said,
        }  # fmt: skip

    def account(self, one: r.Account) -> Stix:
        identity = {"account_type": one.platform, "user_id": one.account_id}
        shown = {"display_name": one.names[0].name} if one.names else {}
        return self.observable("user-account", identity, **identity, **shown)

    def file(self, one: r.File) -> Stix:
        given = [("MD5", one.md5), ("SHA-1", one.sha1), ("SHA-256", one.sha256)]
        hashes = {method: value for method, value in given if value}
        first = next(iter(hashes))
        said = {"size": one.size, "mime_type": one.media_type}
        return self.observable(
            "file", {"hashes": {first: hashes[first]}}, hashes=hashes,
            **{name: value for name, value in said.items() if value is not None},
        )  # fmt: skip

    def person(self, one: r.Person) -> Stix:
        lines = [
            common.WORDS[one.category],
            self.named_by(one),
            *(f"account {tie.account_id}: {tie.rule}" + ", inferred" * tie.inferred
              for tie in one.accounts),
        ]  # fmt: skip
        refs = [self.account(self.accounts[tie.account_id])["id"] for tie in one.accounts]
        title = f"Person {one.person_id}"
        return self.report(one.person_id, title, "identity", lines, refs)

    def report(self, name: str, title: str, kind: str, lines: list[str], refs: list[str]) -> Stix:
        return self.domain("report", name, name=title, description="\n".join(lines),
                           report_types=[kind], published=self.made, object_refs=refs)  # fmt: skip

    def whole(self) -> Stix:
        """What applies to all of it, with everything that is in it."""
        title = f"Referral {self.referral.case_reference}"
        refs = self.refs or [self.name("identity", self.referral.sender.partner_id)]
        lines = common.header(self.referral)
        return self.report(self.referral.package_id, title, "observed-data", lines, refs)
