"""Which accounts are one person's: as devices prove it, as analysts judge, and as may be inferred.

Devices prove: the phone number behind a hidden id, a change of number that the messenger announced,
one number or one device behind two accounts, and, where a device does not say whose it is, the
sender that other devices give to the messages sent from it. Databases prove whose the labels of
text exports are. An analyst's judgement outranks all else. What is left is inferred from what
accounts have in common, and said to be an inference; nothing is ever tied by a name alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Self

from clew import records
from clew.casefile import Context
from clew.findings.exports import label_ties
from clew.findings.linkage import Inferred, Link, infer, links_between
from clew.findings.linkage.errors import MOSTLY_WRONG, TAKEN, error_of, observed, strength_of
from clew.findings.numbers import country_of
from clew.findings.union_find import Tie, UnionFind
from clew.judgements.rulings import Judged
from clew.schema import Id, table_part

_AGREEING = 3
"""Messages that must agree on the holder of a device."""


def resolve(context: Context) -> None:
    """Tie accounts to persons: as devices prove, as analysts judge, and as is inferred."""
    accounts = context.rows("accounts_seen")
    judged = Judged.of(context.case)
    forest = UnionFind((a["account_id"] for a in accounts), judged.apart())
    for a, b, ruling in judged.together():
        forest.join(Tie(a, b, "judgement", judgement=ruling.number))
    proved = proved_ties(context, accounts)
    for tie in proved:
        forest.join(tie)
    recycled = context.query("recycled_numbers")
    two_owners = set(recycled.column("account_id").to_pylist())
    inferred = infer(context, [(tie.a, tie.b) for tie in proved], two_owners)
    links = list(_take(forest, inferred, judged, Origins.of(context)))
    persons = list(_persons(forest, accounts))
    context.publish(
        table_part(records.Person, [person for person, _ in persons]),
        table_part(records.PersonAccount, [tied for _, ties in persons for tied in ties]),
        table_part(records.PersonLink, links),
        table_part(records.LinkEvidence, [e for link in inferred.links for e in link.evidence]),
        table_part(records.LinkageWeight, inferred.weights),
        table_part(records.LinkageError, observed() if inferred.weights else ()),
        context.derived(records.RecycledNumber, "recycled_numbers"),
    )


def proved_ties(context: Context, accounts: list[dict[str, Any]]) -> list[Tie]:
    """Ties between accounts of persons that the devices and the records of the searches state.

    A device may state a tie to what is nobody's account, such as the messenger's own service.
    """
    known = UnionFind(account["account_id"] for account in accounts)
    ties = [_stated(row) for row in context.rows("ties")]
    for tie in ties:
        known.join(tie)
    person_of = known.persons()
    sent = [row for row in context.rows("sent_here") if row["sender"] in person_of]
    ties += [_stated(row) for row in _holders(dict(person_of), sent)]
    for tie in ties:
        known.join(tie)
    numbers = {a["account_id"]: a["e164"] for a in accounts if a["e164"]}
    ties += label_ties(context.rows("label_votes"), known.persons(), numbers)
    return [tie for tie in ties if tie.a in person_of and tie.b in person_of]


def _stated(row: dict[str, Any]) -> Tie:
    return Tie(
        row["a"], row["b"], row["relation"], row["exhibit_id"], row["locator"], row.get("messages")
    )


class Origins:
    """Cases whose exhibits show each account, of which nothing is inferred across two."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._of: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._of[row["account_id"]].add(row["origin"])

    @classmethod
    def of(cls, context: Context) -> Self:
        """Those of a case; where nothing was received, there is one."""
        return cls(context.rows("account_origins") if context.case.deliveries else ())

    def apart(self, a: str, b: str) -> bool:
        """Whether no case shows both accounts: names and handles then offer, and never join."""
        return bool(self._of) and self._of[a].isdisjoint(self._of[b])


def _take(
    forest: UnionFind, inferred: Inferred, judged: Judged, origins: Origins | None = None
) -> Iterator[records.PersonLink]:
    """Join what the links sure enough tie, the likeliest first; say what became of each."""
    for link in inferred.links:
        error = error_of(link.odds)
        decided = judged.on(link.a, link.b)
        if decided:
            state = records.LinkState.ACCEPTED if decided.together else records.LinkState.REJECTED
        elif error > TAKEN:
            offered = error <= MOSTLY_WRONG
            state = records.LinkState.OFFERED if offered else records.LinkState.UNLIKELY
        elif origins and origins.apart(link.a, link.b):
            state = records.LinkState.OFFERED
        else:
            tie = Tie(link.a, link.b, "linkage", score=1 - error, bits=link.bits)
            state = records.LinkState.TAKEN if forest.join(tie) else records.LinkState.BARRED
        yield records.PersonLink(
            account_a=Id(link.a),
            account_b=Id(link.b),
            state=state,
            bits=link.bits,
            odds=link.odds,
            error=error,
            strength=strength_of(error),
            lines=sum(e.bits > 0 for e in link.evidence if e.line != "rarity"),
            judgement=decided.number if decided else None,
            evidence=link.figures,
        )


def _holders(person_of: dict[str, str], sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ties of devices' holders to the senders that others give to their messages.

    Several messages must agree. A holder whom the device does not name is tied to one sender only,
    and to none where two are given; one whom it names may well have had other numbers, or be shown
    under a hidden id.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    exhibits: dict[str, str] = {}
    nameless = {row["holder"] for row in sent if row["nameless"]}
    for row in sent:
        votes[row["holder"]][person_of[row["sender"]]] += row["messages"]
        exhibits.setdefault(row["holder"], row["exhibit_id"])
    ties = []
    for holder, persons in sorted(votes.items()):
        if holder in nameless and len(persons) > 1:
            continue
        ties += [
            {"a": holder, "b": person, "relation": "sent_here", "locator": None,
             "exhibit_id": exhibits[holder], "messages": messages}
            for person, messages in sorted(persons.items())
            if messages >= _AGREEING
        ]  # fmt: skip
    return ties


def _persons(
    forest: UnionFind, accounts: Iterable[dict[str, Any]]
) -> Iterator[tuple[records.Person, list[records.PersonAccount]]]:
    """Every person, with its accounts and what ties each."""
    known = {account["account_id"]: account for account in accounts}
    for person in sorted(set(forest.persons().values())):
        members = list(forest.members_of(person))
        inferred = _beyond_inference(members)
        ties = [
            _tied(person, account, tie, inferred=account in inferred) for account, tie in members
        ]
        yield (
            _person(
                person, [known[account] for account, _ in members], [t for _, t in members if t]
            ),
            sorted(ties, key=lambda t: t.account_id),
        )


def _beyond_inference(members: list[tuple[str, Tie | None]]) -> set[str]:
    """Accounts that an inference stands between and the one that stands for the person."""
    found: set[str] = set()
    for account, tie in members:  # an account comes after the one that it is tied to
        if tie and (tie.bits is not None or tie.other(account) in found):
            found.add(account)
    return found


def _person(person_id: str, members: list[dict[str, Any]], ties: list[Tie]) -> records.Person:
    numbers = sorted({a["e164"] for a in members if a["e164"]})
    e164 = next((a["e164"] for a in members if a["account_id"] == person_id), None)
    e164 = e164 or (numbers[0] if numbers else None)
    inferred = [tie for tie in ties if tie.bits is not None]
    weakest = min(inferred, key=lambda t: (t.score, t.bits or 0.0, t.a, t.b), default=None)
    return records.Person(
        person_id=Id(person_id),
        accounts=len(members),
        inferred=len(inferred),
        weakest_bits=weakest.bits if weakest else None,
        weakest_error=round(1 - weakest.score, 3) if weakest else None,
        weakest_a=Id(weakest.a) if weakest else None,
        weakest_b=Id(weakest.b) if weakest else None,
        e164=e164,
        country=country_of(e164),
        names=tuple(sorted({n for a in members for n in a["names"] or ()})),
        is_owner_of=tuple(sorted({e for a in members for e in a["owner_of"] or ()})),
        named_only=all(a["named_only"] and not a["owner_of"] for a in members),
    )


def _tied(
    person_id: str, account_id: str, tie: Tie | None, *, inferred: bool
) -> records.PersonAccount:
    by = tie or Tie(account_id, account_id, records.LinkRule.ITSELF)  # stands for itself
    return records.PersonAccount(
        person_id=Id(person_id),
        account_id=Id(account_id),
        rule=records.LinkRule(by.rule),
        score=round(by.score, 3),
        inferred=inferred,
        tied_to=Id(tie.other(account_id)) if tie else None,
        exhibit_id=Id(by.exhibit_id) if by.exhibit_id else None,
        locator=by.locator,
        messages=by.messages,
        judgement=by.judgement,
        bits=by.bits,
    )


def links_of_country(context: Context, country: str) -> tuple[Link, ...]:
    """Links between accounts that only one country's exhibits show, and those of all the others."""
    accounts = context.rows("accounts_seen")
    proved = [(tie.a, tie.b) for tie in proved_ties(context, accounts)]
    here = {row["account_id"] for row in context.rows("accounts_of", country=country)}
    two_owners = {row["account_id"] for row in context.rows("recycled_numbers")}
    return links_between(context, proved, here, two_owners)
