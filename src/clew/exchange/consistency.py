"""What a referral must keep to beyond its fields: ids that meet, persons whom a decision names.

``problems`` says each breach in words for a technician; sealing and receiving both refuse a
referral that has one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from clew.exchange import referral as r
from clew.exchange.markings import strictest
from clew.exchange.referral import Facts, Provenance, Referral

Statement = (
    r.Account | r.AccountName | r.Group | r.Membership | r.Share | r.FirstShare
    | r.CountryIndication | r.Attribution
)  # fmt: skip


def problems(referral: Referral) -> Iterator[str]:
    """Every breach, each as a phrase; none for a referral that may be sealed."""
    yield from _repeats(referral)
    yield from _naming(referral)
    yield from _dangling(referral)
    yield from _provenance(referral)
    yield from _marking(referral)


def proofs(referral: Referral) -> Iterator[Provenance]:
    """The provenance of every statement."""
    for statement in _stated(referral):
        yield from statement.proof


def _stated(referral: Referral) -> Iterator[Statement]:
    """Everything that says where it stands."""
    facts, persons = referral.facts, referral.assessments.persons
    yield from facts.accounts
    yield from (name for account in facts.accounts for name in account.names)
    yield from facts.groups
    yield from facts.memberships
    yield from facts.shares
    yield from (file.first for file in facts.files if file.first)
    yield from (indication for person in persons for indication in person.indications)
    yield from (attribution for person in persons for attribution in person.accounts)


def _repeats(referral: Referral) -> Iterator[str]:
    facts, said = referral.facts, referral.assessments
    for what, ids in (
        ("receiver", (p.partner_id for p in referral.receivers)),
        ("exhibit", (e.exhibit_id for e in facts.exhibits)),
        ("source", (f"{s.exhibit_id} {s.source_id}" for s in facts.sources)),
        ("account", (a.account_id for a in facts.accounts)),
        ("token", (t.token for t in facts.tokens)),
        ("group", (g.chat_id for g in facts.groups)),
        ("file", (f.sha256 for f in facts.files)),
        ("share", (f"{s.event_id}/{s.ordinal}" for s in facts.shares)),
        ("person", (p.person_id for p in said.persons)),
        ("decision", (str(d.number) for d in said.decisions)),
        ("judgement", (f"{j.table} {j.number}" for j in said.judgements)),
    ):
        for one, times in Counter(ids).items():
            if times > 1:
                yield f"{what} {one} stands {times} times"


def _naming(referral: Referral) -> Iterator[str]:
    """Nobody is named without a decision, and no account without a person who is named."""
    said = referral.assessments
    decided = {d.number: d.person_id for d in said.decisions}
    accounts = {a.account_id: a for a in referral.facts.accounts}
    attributed: set[str] = set()
    for person in said.persons:
        if decided.get(person.decision or 0) != person.person_id:
            yield f"no decision names person {person.person_id}"
        own = [accounts[a.account_id] for a in person.accounts if a.account_id in accounts]
        attributed |= {a.account_id for a in person.accounts}
        if person.e164 and person.e164 not in {a.e164 for a in own}:
            yield f"person {person.person_id} has a number that none of the accounts has"
        if {*person.names} - {n.name for a in own for n in a.names}:
            yield f"person {person.person_id} has a name that none of the accounts has"
    for person_id in {*decided.values()} - {p.person_id for p in said.persons}:
        yield f"a decision names person {person_id}, who is not there"
    yield from (f"account {a} is of nobody who is named" for a in accounts.keys() - attributed)
    yield from (f"account {a} is not there" for a in attributed - accounts.keys())


def _dangling(referral: Referral) -> Iterator[str]:
    """What points at nothing."""
    facts = referral.facts
    who = {a.account_id for a in facts.accounts} | {t.token for t in facts.tokens}
    groups = {g.chat_id for g in facts.groups}
    files = {f.sha256 for f in facts.files}
    firsts = [f.first for f in facts.files if f.first]
    sent: list[r.Membership | r.Share | r.FirstShare] = [*facts.memberships, *facts.shares, *firsts]
    for part in sent:
        if part.account_id is not None and part.account_id not in who:
            yield f"{part.account_id} is neither an account nor a token"
        if part.chat_id not in groups:
            yield f"group {part.chat_id} is not there"
    yield from (f"file {s.sha256} is not there" for s in facts.shares if s.sha256 not in files)
    known = who | groups | files | {p.person_id for p in referral.assessments.persons}
    for judgement in referral.assessments.judgements:
        for about in {*judgement.about} - known:
            yield f"a judgement is about {about}, which is not there"


def _provenance(referral: Referral) -> Iterator[str]:
    exhibits, sources = _origins(referral.facts)
    for exhibit, source in sorted({(p.exhibit_id, p.source_id or "") for p in proofs(referral)}):
        if exhibit not in exhibits:
            yield f"exhibit {exhibit} is not there"
        elif source and (exhibit, source) not in sources:
            yield f"source {source} of exhibit {exhibit} is not there"
    yield from (f"exhibit {e} is not there" for e, _ in sources if e not in exhibits)


def _origins(facts: Facts) -> tuple[set[str], set[tuple[str, str]]]:
    return (
        {e.exhibit_id for e in facts.exhibits},
        {(s.exhibit_id, s.source_id) for s in facts.sources},
    )


def _marking(referral: Referral) -> Iterator[str]:
    """The whole is marked as strictly as each of its parts."""
    for person in referral.assessments.persons:
        both = strictest([referral.marking, person.marking or referral.marking])
        if (both.handling, both.tlp) != (referral.marking.handling, referral.marking.tlp):
            yield f"person {person.person_id} is marked more strictly than the package"
