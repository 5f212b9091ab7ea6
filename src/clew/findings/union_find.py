"""What pairs join: accounts into persons, with the ties that hold them together, and numbers."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

import msgspec
import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


class Tie(msgspec.Struct, frozen=True):
    """Something that makes two accounts one person's."""

    a: str
    b: str
    rule: str
    exhibit_id: str | None = None
    locator: str | None = None
    messages: int | None = None
    judgement: int | None = None
    score: float = 1.0
    bits: float | None = None
    """Weight of an inference; none for what is stated or judged."""

    def other(self, account: str) -> str:
        """The account that it ties this one to."""
        return self.b if account == self.a else self.a


class UnionFind:
    """Persons as trees of ties. A tie that would join accounts judged to be apart is refused."""

    def __init__(self, accounts: Iterable[str], apart: Iterable[tuple[str, str]] = ()) -> None:
        self._person = {account: account for account in accounts}
        self._members = {account: [account] for account in self._person}
        self._ties: dict[str, list[Tie]] = defaultdict(list)
        self._apart: dict[str, set[str]] = defaultdict(set)
        for a, b in apart:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def join(self, tie: Tie) -> bool:
        """Join two accounts' persons; False where a judgement or being no account bars it."""
        if tie.a not in self._person or tie.b not in self._person:
            return False
        one, other = self._person[tie.a], self._person[tie.b]
        if one == other:
            return True
        if len(self._members[one]) < len(self._members[other]):
            one, other = other, one
        if self._bars(one, other):
            return False
        for account in self._members[other]:
            self._person[account] = one
        self._members[one] += self._members.pop(other)
        self._ties[tie.a].append(tie)
        self._ties[tie.b].append(tie)
        return True

    def persons(self) -> Mapping[str, str]:
        """Of every account, the account that stands for its person."""
        first = {one: min(members, key=rank) for one, members in self._members.items()}
        return {account: first[one] for account, one in self._person.items()}

    def members_of(self, person: str) -> Iterator[tuple[str, Tie | None]]:
        """A person's accounts, each with the tie that leads towards the one that stands for it."""
        met, waiting = {person}, deque([(person, None)])
        while waiting:
            account, tie = waiting.popleft()
            yield account, tie
            for onward in sorted(self._ties[account], key=lambda t: (t.a, t.b)):
                other = onward.other(account)
                if other not in met:
                    met.add(other)
                    waiting.append((other, onward))  # type: ignore[arg-type]

    def _bars(self, one: str, other: str) -> bool:
        members = self._members[other]
        return any(
            self._person[against] == one
            for account in members
            if account in self._apart
            for against in self._apart[account]
            if against in self._person
        )


def rank(account_id: str) -> tuple[bool, bool, str]:
    """Phone numbers before all else, what an export calls somebody after all else, then by name."""
    return (":pn:" not in account_id, ":label:" in account_id, account_id)


def lowest_labels(label: Indices, pairs: list[tuple[Indices, Indices]]) -> Indices:
    """For each the lowest number among those that pairs join it to.

    Every round gives each the lowest label among those it is joined to, and labels that lead to
    lower ones are followed to their end: a few rounds suffice, whatever the length of a chain.
    """
    if not pairs:
        return label
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    while True:
        before = label.copy()
        lower = np.minimum(label[left], label[right])
        np.minimum.at(label, label[left], lower)
        np.minimum.at(label, label[right], lower)
        while not np.array_equal(label[label], label):
            label = label[label]
        if np.array_equal(before, label):
            return label
