"""Whose the labels of text exports are: the senders whom databases name for the same messages.

A label is what the exporting phone called somebody. It is tied to an account where nearly all of
its messages that a database has too were sent by that account, and else stays a name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clew.findings.union_find import Tie
from clew.records import LinkRule

_SHARE = 0.8
"""Part of a label's votes that must be for one person; decision 120 has what was wrong then."""


def label_ties(
    votes: Iterable[dict[str, Any]], person_of: Mapping[str, str], numbers: Mapping[str, str]
) -> Iterator[Tie]:
    """Ties of labels to the accounts that their messages vote for, each by its own votes alone.

    An account has one label in an export: of several that vote for it, the one with most votes is
    tied. ``numbers`` are the phone numbers of accounts: what is shown by one number is nobody who
    has another.
    """
    numbers_of: dict[str, set[str]] = defaultdict(set)
    for account, number in numbers.items():
        numbers_of[person_of[account]].add(number)
    of_account: dict[tuple[str, str], Tie] = {}
    for tie in _elected(votes, person_of):
        shown, own = numbers.get(tie.a), numbers_of[person_of[tie.b]]
        if shown and own and shown not in own:
            continue
        export = (tie.a.rpartition(":")[0], tie.b)
        rival = of_account.get(export)
        if rival is None or (tie.messages or 0) > (rival.messages or 0):
            of_account[export] = tie
    yield from of_account.values()


def _elected(votes: Iterable[dict[str, Any]], person_of: Mapping[str, str]) -> Iterator[Tie]:
    """Ties of the labels whose votes agree, each to the account that most of them are for."""
    of_label: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in votes:
        if row["account_id"] in person_of:
            of_label[row["label"]].append(row)
    for label, rows in sorted(of_label.items()):
        counted: Counter[str] = Counter()
        for row in rows:
            counted[person_of[row["account_id"]]] += row["votes"]
        ((person, most),) = counted.most_common(1)
        if most >= _SHARE * counted.total():
            best = max(
                (row for row in rows if person_of[row["account_id"]] == person),
                key=lambda row: row["votes"],
            )
            yield Tie(label, best["account_id"], LinkRule.EXPORT_LABEL, best["exhibit_id"],
                      best["locator"], most)  # fmt: skip
