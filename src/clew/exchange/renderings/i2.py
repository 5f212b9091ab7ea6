"""Entities and links as two CSV files, with the columns that an import specification of i2 maps.

References:
    - i2 Analyst's Notebook 9, user help, "Import specifications": one row an entity or a link, with
      columns for type, identity, label, attributes, date and time, grading and source reference

"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clew.exchange import referral as r
from clew.exchange.renderings import common

ENTITIES, LINKS = "i2/entities.csv", "i2/links.csv"
_ENTITY = ("type", "id", "label", "description", "country", "source_grade", "information_grade",
           "grading_scheme", "handling", "source_reference")  # fmt: skip
_LINK = ("type", "from", "to", "label", "date", "time", "until", "handling", "source_reference")
Row = tuple[object, ...]


def render(referral: r.Referral) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Both members."""
    yield ENTITIES, common.rows(_ENTITY, _entities(referral))
    yield LINKS, common.rows(_LINK, _links(referral))


class _Sheet(common.Rendering):
    """Rows of one referral."""

    def entity(self, kind: str, name: str, label: object, said: str, **of: Any) -> Row:
        """An entity; ``of`` says its country, its proof, or the person whose grading it has."""
        person: r.Person | None = of.get("person")
        grading = (person and person.grading) or self.referral.grading
        marking = person and person.marking
        handling = common.marking_short(marking) if marking else self.handling
        where = "; ".join(common.readings(of.get("proof", ())))
        return (kind, name, label, said, of.get("country"), grading.source, grading.information,
                grading.scheme, handling, where)  # fmt: skip

    def link(self, kind: str, ends: tuple[str, str], label: str, **of: Any) -> Row:
        """A link; ``of`` says since and until when, and its proof."""
        text = common.moment(of["at"]) if of.get("at") else ""
        until = common.moment(of["until"]) if of.get("until") else ""
        where = "; ".join(common.readings(of["proof"]))
        return (kind, *ends, label, text[:10], text[11:19], until, self.handling, where)


def _entities(referral: r.Referral) -> Iterator[Row]:
    facts, made, named_by = referral.facts, _Sheet(referral).entity, common.namer(referral)
    said = "\n".join(common.header(referral))
    yield made("Referral", referral.package_id, referral.case_reference, said)
    for person in referral.assessments.persons:
        said = f"{common.WORDS[person.category]}; {named_by(person)}"
        names = "; ".join(person.names) or person.person_id
        yield made("Person", person.person_id, names, said, country=person.country, person=person)
    for token in facts.tokens:
        yield made("Person not named", token.token, token.token, "", country=token.country)
    for one in facts.accounts:
        shown = one.names[0].name if one.names else one.identifier
        yield made("Account", one.account_id, shown, one.platform, proof=one.proof)
    for group in facts.groups:
        title = group.subject or group.chat_id
        yield made("Group", group.chat_id, title, common.group_words(group), proof=group.proof)
    for file in facts.files:
        yield made("File", file.sha256, file.md5 or file.sha256, common.file_words(file))


def _links(referral: r.Referral) -> Iterator[Row]:
    facts, made = referral.facts, _Sheet(referral).link
    for person in referral.assessments.persons:
        for tie in person.accounts:
            label = f"{tie.rule}, inferred" if tie.inferred else tie.rule
            yield made("Account of", (person.person_id, tie.account_id), label, proof=tie.proof)
    for one in facts.memberships:
        yield made("Member of", (one.account_id, one.chat_id), f"{one.role}, {one.state}",
                   at=one.joined_at, until=one.ended_at, proof=one.proof)  # fmt: skip
    for share in facts.shares:
        label = f"in {share.chat_id}, {share.event_id}"
        yield made("Sent", (share.account_id, share.sha256), label, at=share.sent_at,
                   proof=share.proof)  # fmt: skip
