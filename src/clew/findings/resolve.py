"""Which accounts are one person's, as far as the devices themselves prove it.

Only what devices state ties accounts here: the phone number behind a hidden id, a change of number
that the messenger announced, and, where a device does not say whose it is, the sender that other
devices give to the messages sent from it. Nothing is ever tied by a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import phonenumbers

from clew.casefile import Case
from clew.casefile.done import Done
from clew.findings.queries import query
from clew.records.findings import Person, PersonAccount
from clew.schema import Id, to_arrow

_WORDS = {
    "lid_of": "the device maps this hidden id to that phone number",
    "number_changed": "the messenger announced a change of number",
    "same_row": "both stand in one row of the source",
    "sent_here": "other devices name this sender for messages sent from this device",
}
_AGREEING = 3
"""Messages that must agree on the holder of a device."""


def resolve(case: Case, done: Done) -> Done:
    """Tie accounts that devices prove to be one person's."""
    accounts = case.rows(query("accounts_seen"))
    ties = case.rows(query("ties"))
    names = [account["account_id"] for account in accounts]
    ties += _holders(_components(names, ties), case.rows(query("sent_here")))
    person_of = _components(names, ties)
    reasons = _reasons(ties)
    members: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for account in accounts:
        members[person_of[account["account_id"]]].append(account)
    persons = [_person(person, held) for person, held in sorted(members.items())]
    tied = [
        _tied(account["account_id"], person_of[account["account_id"]], reasons)
        for account in accounts
    ]
    return case.publish(
        done,
        [
            (Person, lambda: iter(to_arrow(Person, persons).to_batches())),
            (PersonAccount, lambda: iter(to_arrow(PersonAccount, tied).to_batches())),
        ],
    )


def _components(accounts: Iterable[str], ties: list[dict[str, Any]]) -> dict[str, str]:
    """The person of every account: of all accounts tied together, the first phone number's."""
    above: dict[str, str] = {account: account for account in accounts}

    def top(account: str) -> str:
        while above[account] != account:
            above[account] = above[above[account]]
            account = above[account]
        return account

    for tie in ties:
        one, other = sorted((top(tie["a"]), top(tie["b"])), key=_rank)
        above[other] = one
    return {account: top(account) for account in above}


def _holders(person_of: dict[str, str], sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ties of devices' holders to the senders that others give to their messages.

    Several messages must agree. A holder whom the device does not name is tied to one sender only,
    and to none where two are given; one whom it names may well have had other numbers, or be shown
    under a hidden id.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    exhibits: dict[str, str] = {}
    for row in sent:
        votes[row["holder"]][person_of[row["sender"]]] += row["messages"]
        exhibits.setdefault(row["holder"], row["exhibit_id"])
    ties = []
    for holder, persons in sorted(votes.items()):
        if ":owner:" in holder and len(persons) > 1:
            continue
        ties += [
            {
                "a": holder,
                "b": person,
                "relation": "sent_here",
                "exhibit_id": exhibits[holder],
                "locator": f"{messages} messages",
            }
            for person, messages in sorted(persons.items())
            if messages >= _AGREEING
        ]
    return ties


def _rank(account_id: str) -> tuple[bool, str]:
    """Phone numbers before all else, then by name."""
    return (":pn:" not in account_id, account_id)


def _person(person_id: str, held: list[dict[str, Any]]) -> Person:
    numbers = sorted({a["e164"] for a in held if a["e164"]})
    e164 = next((a["e164"] for a in held if a["account_id"] == person_id), None)
    e164 = e164 or (numbers[0] if numbers else None)
    return Person(
        person_id=person_id,
        accounts=len(held),
        e164=e164,
        country=country_of(e164),
        names=tuple(sorted({n for a in held for n in a["names"] or ()})),
        is_owner_of=tuple(sorted({e for a in held for e in a["owner_of"] or ()})),
    )


def _reasons(ties: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Rule and words for each account that a source ties to another; the first tie counts."""
    found: dict[str, tuple[str, str]] = {}
    for tie in ties:
        told = f"{_WORDS[tie['relation']]} ({tie['exhibit_id']}, {tie['locator']})"
        for account in (tie["a"], tie["b"]):
            found.setdefault(account, (tie["relation"], told))
    return found


def _tied(account_id: str, person_id: str, reasons: dict[str, tuple[str, str]]) -> PersonAccount:
    rule, reason = "itself", "the account that stands for the person"
    if account_id != person_id:
        rule, reason = reasons[account_id]
    return PersonAccount(
        person_id=person_id, account_id=Id(account_id), rule=rule, score=1.0, reason=reason
    )


def country_of(e164: str | None) -> str | None:
    """Country of a number in E.164 form; None where the numbering plans do not tell.

    A number that no plan assigns still tells the country of its prefix, where one country has it
    (or, as Italy with the Vatican, nearly all of it).
    """
    if not e164:
        return None
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
    code = phonenumbers.region_code_for_number(number)
    if code is None and number.country_code not in _SHARED:
        code = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return code if code and code.isalpha() and code != "ZZ" else None


_SHARED = (1, 7)
"""Prefixes that large countries share."""
