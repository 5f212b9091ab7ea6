"""CASE/UCO 1.5 as JSON-LD, packed with gzip.

Names of nodes follow from ids, so that the same referral gives the same file, and a later package
of the case the same names.

References:
    - CASE and UCO 1.5.0, and their shapes: ``caseuco.shapes``
    - what the ontology has no property for stands under ``clew:``, an own vocabulary

"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from clew.exchange import referral as r
from clew.exchange.renderings import common
from clew.records import PersonCategory

NAME = "case/referral.jsonld.gz"
_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_ROOMS = ("core", "identity", "marking", "observable", "role", "tool", "types", "victim")
CONTEXT = {
    "kb": "https://clew.invalid/kb/",
    "clew": "https://clew.invalid/ns/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    **{f"uco-{room}": f"{_UCO}{room}/" for room in _ROOMS},
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ROLES = {
    PersonCategory.SUSPECT: "case-investigation:Subject",
    PersonCategory.VICTIM: "uco-victim:Victim",
    PersonCategory.POSSIBLE_VICTIM: "uco-victim:Victim",
}
Node = dict[str, Any]


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The one member."""
    yield NAME, packed(_text(referral))


def packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip makes of the pieces, without a time or a name in it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for chunk in chunks:
        if made := packer.compress(chunk):
            yield made
    yield packer.flush()


def _text(referral: r.Referral) -> Iterator[bytes]:
    begin = b'{"@context":' + msgspec.json.encode(CONTEXT) + b',"@graph":['
    return common.listed(begin, _Graph(referral).nodes(), b"\n]}\n")


class _Graph(common.Rendering):
    """The nodes of a referral, each made once and in one order."""

    def __init__(self, referral: r.Referral) -> None:
        super().__init__(referral)
        self.members: list[Node] = []

    def ref(self, kind: str, name: str, /) -> Node:
        return {"@id": f"kb:{kind}-{self.id(kind, name)}"}

    def node(self, kind: str, name: str, of: str | list[str], /, **said: Any) -> Node:
        """A node with its values; what is empty is left out. ``_`` stands for a colon."""
        found: Node = {**self.ref(kind, name), "@type": of}
        return found | {_PROPERTIES[k]: v for k, v in said.items() if v not in (None, [], ())}

    def facet(self, kind: str, name: str, /, **said: Any) -> Node:
        return self.node(f"{kind}-facet", name, f"uco-observable:{_FACETS[kind]}", **said)

    def relation(self, kind: str, source: Node, target: Node, /, *key: str, **said: Any) -> Node:
        of = "uco-core:Relationship"
        return self.node(
            "relationship", "\n".join((kind, source["@id"], target["@id"], *key)), of,
            source=source, target=target, kind=kind, directional=True, **said,
        )  # fmt: skip

    def nodes(self) -> Iterator[Node]:
        """Every node; the investigation, which lists the others, comes last."""
        for part in (self.frame, self.exhibits, self.accounts, self.groups, self.files,
                     self.shares, self.persons, self.judgements):  # fmt: skip
            for node in part():
                self.members.append({"@id": node["@id"]})
                yield node
        yield self.investigation()

    def frame(self) -> Iterator[Node]:
        """Authorities, markings, the legal basis, and the applications."""
        for party in (self.referral.sender, *self.referral.receivers):
            yield self.node("organization", party.partner_id, "uco-identity:Organization",
                            name=party.name, clew_id=party.partner_id)  # fmt: skip
        markings = {w: None for m in self._markings() for w in common.marking_words(m)}
        for words in [*markings, common.PRESUMPTION]:
            yield self.marking(words)
        yield self.node("authorization", self.referral.legal_basis,
                        "case-investigation:Authorization", authorization="legal basis",
                        authorization_id=[self.referral.legal_basis])  # fmt: skip
        facts = self.referral.facts
        platforms = {a.platform for a in facts.accounts} | {g.platform for g in facts.groups}
        for platform in sorted(platforms):
            facet = self.node("application-facet", platform, "uco-observable:ApplicationFacet",
                              application_id=platform)  # fmt: skip
            yield self.node("application", platform, "uco-observable:Application", name=platform,
                            facets=[facet])  # fmt: skip

    def _markings(self) -> Iterator[Any]:
        yield self.referral.marking
        for person in self.referral.assessments.persons:
            if person.marking:
                yield person.marking

    def marking(self, words: str) -> Node:
        model = self.node("marking-model", words, "uco-marking:StatementMarking",
                          definition_type="statement", marking_statement=words)  # fmt: skip
        return self.node("marking", words, "uco-marking:MarkingDefinition",
                         definition_type="statement", definition=[model])  # fmt: skip

    def marked(self, marking: Any) -> list[Node]:
        words = [*common.marking_words(marking), common.PRESUMPTION]
        return [self.ref("marking", one) for one in words]

    def exhibits(self) -> Iterator[Node]:
        facts = self.referral.facts
        for one in facts.exhibits:
            device = self.node("device", one.exhibit_id, "uco-observable:Device",
                               description=[one.kind.value])  # fmt: skip
            yield device
            yield self.node(
                "provenance", one.exhibit_id, "case-investigation:ProvenanceRecord",
                exhibit=one.exhibit_id, object=[{"@id": device["@id"]}],
                description=[t for t in (one.label, one.authority) if t],
                clew_country=one.country, clew_sha256=one.content_sha256,
            )  # fmt: skip
        for source in facts.sources:
            name = f"{source.exhibit_id}\n{source.source_id}"
            content = self.content(name, [("SHA256", source.source_id)])
            file = self.node("source", name, "uco-observable:File", facets=[content],
                             description=[f"{source.kind}, read by {source.reader}"])  # fmt: skip
            yield file
            yield self.observed("Contained_Within", file, self.ref("device", source.exhibit_id))

    def observed(self, kind: str, source: Node, target: Node, *key: str) -> Node:
        made = self.relation(kind, {"@id": source["@id"]}, {"@id": target["@id"]}, *key)
        return made | {"@type": "uco-observable:ObservableRelationship"}

    def content(self, name: str, hashes: list[tuple[str, str]], **said: Any) -> Node:
        made = [
            self.node("hash", f"{name}\n{method}", "uco-types:Hash", hash_method=method,
                      hash_value=_typed("hexBinary", value))
            for method, value in hashes
        ]  # fmt: skip
        return self.facet("content", name, hash=made, **said)

    def accounts(self) -> Iterator[Node]:
        for one in self.referral.facts.accounts:
            name = one.account_id
            facets = [
                self.facet("account", name, account_id=one.identifier),
                self.facet("application-account", name,
                           application=self.ref("application", one.platform)),
            ]  # fmt: skip
            if one.names:
                facets.append(self.facet("digital", name, display=one.names[0].name))
            if one.e164:
                facets.append(self.facet("phone", name, phone=one.e164))
            of = ["uco-observable:ApplicationAccount"]
            yield self.node(
                "account", name, of + ["uco-observable:PhoneAccount"] * bool(one.e164),
                facets=facets, clew_id=name, clew_read=common.readings(one.proof),
                clew_name=[f"{n.kind}: {n.name}" for n in one.names],
            )  # fmt: skip
        for token in self.referral.facts.tokens:
            facet = self.facet("account", token.token, account_id=token.token)
            yield self.node("account", token.token, "uco-observable:DigitalAccount",
                            facets=[facet], clew_token=token.token, clew_country=token.country,
                            description=["A person who is not named."])  # fmt: skip

    def groups(self) -> Iterator[Node]:
        facts = self.referral.facts
        inside: dict[str, list[Node]] = {}
        for member in facts.memberships:
            refs = inside.setdefault(member.chat_id, [])
            refs.append(self.ref("account", member.account_id))
        for one in facts.groups:
            facet = self.facet("thread", one.chat_id, participant=inside.get(one.chat_id))
            yield self.node(
                "thread", one.chat_id, "uco-observable:MessageThread", name=one.subject,
                facets=[facet], clew_id=one.chat_id, clew_members=one.members,
                clew_shares=one.shares, clew_known=one.known_shares,
                clew_counted=common.counted(one.counts), clew_read=common.readings(one.proof),
            )  # fmt: skip
        for number, member in enumerate(facts.memberships):
            group, account = (
                self.ref("thread", member.chat_id),
                self.ref("account", member.account_id),
            )
            yield self.relation(
                "Member_Of", account, group, str(number), start=_time(member.joined_at),
                end=_time(member.ended_at), clew_role=member.role, clew_state=member.state,
                clew_read=common.readings(member.proof),
            )  # fmt: skip

    def files(self) -> Iterator[Node]:
        for one in self.referral.facts.files:
            given = [("MD5", one.md5), ("SHA1", one.sha1), ("SHA256", one.sha256)]
            content = self.content(
                one.sha256, [(method, value) for method, value in given if value],
                mime=one.media_type,
                size=None if one.size is None else _typed("integer", str(one.size)),
            )  # fmt: skip
            first = one.first
            yield self.node(
                "file", one.sha256, "uco-observable:File", facets=[content],
                tag=common.known_words(one) or [common.NEW],
                clew_first=first and common.first_words(first),
                clew_read=common.readings(first.proof) if first else None,
            )  # fmt: skip

    def shares(self) -> Iterator[Node]:
        platforms = {g.chat_id: g.platform for g in self.referral.facts.groups}
        for one in self.referral.facts.shares:
            name = f"{one.event_id}\n{one.ordinal}"
            facet = self.facet(
                "message", name, account_from=self.ref("account", one.account_id),
                application=self.ref("application", platforms[one.chat_id]),
                message_id=one.event_id, session=one.chat_id, sent=_time(one.sent_at),
            )  # fmt: skip
            message = self.node(
                "message", name, "uco-observable:Message", facets=[facet],
                clew_state=one.state, clew_forwarded=one.forwarded,
                clew_ordinal=one.ordinal or None,
                clew_read=common.readings(one.proof),
            )  # fmt: skip
            yield message
            yield self.observed("Attachment_Of", self.ref("file", one.sha256), message)

    def persons(self) -> Iterator[Node]:
        for one in self.referral.assessments.persons:
            name, own = one.person_id, self.ref("person", one.person_id)
            yield self.node(
                "person", name, "uco-identity:Person", name=one.names[0] if one.names else None,
                description=[common.WORDS[one.category], self.named_by(one)],
                clew_id=name, clew_category=one.category, clew_name=list(one.names),
                clew_phone=one.e164, clew_country=one.country,
                clew_grading=common.grading_words(one.grading or self.referral.grading),
                clew_indications=[f"{i.country}: {i.basis}, {i.confidence}; {common.reading(p)}"
                                  for i in one.indications for p in i.proof],
                markings=self.marked(one.marking or self.referral.marking),
            )  # fmt: skip
            role = self.node("role", name, _ROLES.get(one.category, "uco-role:Role"),
                             name=common.WORDS[one.category])  # fmt: skip
            yield role
            yield self.relation("Has_Role", own, {"@id": role["@id"]})
            for tie in one.accounts:
                yield self.relation(
                    "Has_Account", own, self.ref("account", tie.account_id), clew_rule=tie.rule,
                    clew_inferred=tie.inferred, clew_read=common.readings(tie.proof),
                )  # fmt: skip

    def judgements(self) -> Iterator[Node]:
        refs = {f.sha256: "file" for f in self.referral.facts.files}
        refs |= {a.account_id: "account" for a in self.referral.facts.accounts}
        refs |= {t.token: "account" for t in self.referral.facts.tokens}
        refs |= {g.chat_id: "thread" for g in self.referral.facts.groups}
        for one in self.referral.assessments.judgements:
            yield self.node(
                "annotation", f"{one.table}\n{one.number}", "uco-core:Annotation",
                object=[self.ref(refs.get(about, "person"), about) for about in one.about],
                statement=[f"{one.by} judged {common.moment(one.at)}: {one.says}"],
                description=[one.reason] if one.reason else None,
            )  # fmt: skip

    def investigation(self) -> Node:
        referral = self.referral
        return self.node(
            "investigation", referral.case_reference, "case-investigation:Investigation",
            name=referral.case_reference, form="case", focus=[referral.purpose],
            authorizations=[self.ref("authorization", referral.legal_basis)],
            markings=self.marked(referral.marking), description=common.header(referral),
            by=self.ref("organization", referral.sender.partner_id), object=self.members,
            clew_counted=common.counted(referral.facts.counts), clew_package=referral.package_id,
            clew_totals=[f"{what}: {n}" for what, n in common.totals(referral).items()],
        )  # fmt: skip


def _typed(datatype: str, text: str) -> Node:
    return {"@type": f"xsd:{datatype}", "@value": text}


def _time(at: datetime | None) -> Node | None:
    return None if at is None else _typed("dateTime", common.moment(at))


_FACETS = {
    "account": "AccountFacet", "application-account": "ApplicationAccountFacet",
    "digital": "DigitalAccountFacet", "phone": "PhoneAccountFacet", "thread": "MessageThreadFacet",
    "content": "ContentDataFacet", "message": "MessageFacet",
}  # fmt: skip
_PROPERTIES = {
    **{k: f"uco-core:{v}" for k, v in {
        "name": "name", "description": "description", "tag": "tag", "facets": "hasFacet",
        "source": "source", "target": "target", "kind": "kindOfRelationship",
        "directional": "isDirectional", "start": "startTime", "end": "endTime", "object": "object",
        "statement": "statement", "by": "createdBy", "markings": "objectMarking"}.items()},
    **{k: f"uco-observable:{v}" for k, v in {
        "application": "application", "application_id": "applicationIdentifier",
        "account_id": "accountIdentifier", "display": "displayName", "phone": "phoneNumber",
        "participant": "participant", "hash": "hash", "mime": "mimeType", "size": "sizeInBytes",
        "account_from": "from", "message_id": "messageID", "session": "sessionID",
        "sent": "sentTime"}.items()},
    **{k: f"uco-marking:{v}" for k, v in {
        "definition_type": "definitionType", "definition": "definition",
        "marking_statement": "statement"}.items()},
    **{k: f"case-investigation:{v}" for k, v in {
        "authorization": "authorizationType", "authorization_id": "authorizationIdentifier",
        "exhibit": "exhibitNumber", "form": "investigationForm", "focus": "focus",
        "authorizations": "relevantAuthorization"}.items()},
    "hash_method": "uco-types:hashMethod", "hash_value": "uco-types:hashValue",
    **{f"clew_{k}": f"clew:{v}" for k, v in {
        "id": "id", "read": "readFrom", "name": "name", "token": "token", "country": "country",
        "sha256": "contentSha256", "members": "members", "shares": "shares",
        "known": "knownShares", "counted": "counted", "role": "role", "state": "state",
        "first": "firstKnownSending", "forwarded": "forwarded", "ordinal": "ordinal",
        "category": "category", "phone": "phoneNumber", "grading": "grading",
        "indications": "countryIndication", "rule": "rule", "inferred": "inferred",
        "package": "package", "totals": "total"}.items()},
}  # fmt: skip
"""Names that the nodes above use, and the properties that they stand for."""
