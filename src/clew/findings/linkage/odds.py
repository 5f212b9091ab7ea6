"""The odds that a link is right, with what the sum of its weights leaves out.

Lines of evidence hang together, so that the same sum is right more often where an address book
names both accounts than where only a common name does; a name that three accounts have speaks for
less than one that two have; where an account has several rivals, most of them are wrong, and the
more so the heavier they are; and links between other accounts of the same two persons support a
link. What each of these signs is worth was counted on generated operations (``odds.toml``).
"""

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Protocol

import msgspec

from clew.findings.linkage.traits import Traits
from clew.findings.union_find import Tie, UnionFind
from clew.records import LinkRule

_BITS = 4.0
_WORDS = 8.0
_MOST_WORDS = 3
_GROUPED = {
    "full_name_rare_word": "full_and_rare", "rare_full_name": "rare_full", "two_words": "words",
    "middling_word": "words", "common_word": "common", "alike_word": "common",
    "entry_in_two_books": "entry", "entry_in_one_book": "entry", "near_handle": "other",
    "other_handles": "other", "other_names": "other", "other_entries": "other",
    "other_pictures": "other", "together_in_two": "together", "together_in_one": "together",
    "apart_in_three": "apart", "apart_in_two": "apart", "apart_in_one": "apart",
}  # fmt: skip
"""Degrees of agreement that are counted together: there are too few links of each."""
_LEAST, _MOST_AHEAD = -4.0, 8.0
"""Bits of a rival where there is none, and from which on a lead says no more."""
_LINES = ("handle", "name", "address_book", "picture", "groups", "files", "spans", "hours")


class _Line(Protocol):
    @property
    def line(self) -> str: ...
    @property
    def agreement(self) -> str: ...


class _Pair(Protocol):
    @property
    def a(self) -> str: ...
    @property
    def b(self) -> str: ...
    @property
    def bits(self) -> float: ...
    @property
    def evidence(self) -> Sequence[_Line]: ...


class Declared(msgspec.Struct, frozen=True):
    """Of each sign, by how much it changes the log-odds that a link is right."""

    counted_on: str
    start: float
    signs: dict[str, float]


@cache
def declared() -> Declared:
    """The declared coefficients."""
    file = resources.files("clew.findings.linkage").joinpath("odds.toml")
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Declared)


class Signs:
    """What is known of all accounts together, and so of each pair of them."""

    def __init__(
        self, found: Iterable[Traits], proved: Iterable[tuple[str, str]], pairs: Sequence[_Pair]
    ) -> None:
        self._known = {one.unique_id: one for one in found}
        self._counts = {
            kind: Counter(text for one in self._known.values() for text in getattr(one, kind))
            for kind in ("words", "full_names", "handles")
        }
        forest = UnionFind(self._known)
        for a, b in proved:
            if a in self._known and b in self._known:
                forest.join(Tie(a, b, LinkRule.SAME_DEVICE))
        self._person = forest.persons()
        rivals: dict[str, set[str]] = defaultdict(set)
        self._between: dict[tuple[str, str], list[float]] = defaultdict(list)
        for pair in filter(self.apart, pairs):
            for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
                rivals[one].add(self._person[other])
                self._between[self._person[one], self._person[other]].append(pair.bits)
        self._rivals = {account: len(persons) for account, persons in rivals.items()}
        self._heaviest: dict[str, dict[str, float]] = defaultdict(dict)
        """Of each person, the most bits that tie it to each other one."""
        for (person, other), bits in self._between.items():
            self._heaviest[person][other] = max(bits)

    def apart(self, pair: _Pair) -> bool:
        """Nothing that is proved makes the two one person's."""
        return self._person[pair.a] != self._person[pair.b]

    def odds(self, pair: _Pair) -> float:
        """Logarithm to base 2 of the odds that the two accounts are one person's."""
        known = declared()
        score = known.start + sum(known.signs.get(n, 0.0) * v for n, v in self.of(pair))
        return round(score / math.log(2), 2) + 0.0

    def of(self, pair: _Pair) -> Iterator[tuple[str, float]]:
        """The signs of a pair: names and figures; what is not named is 0."""
        one, other = self._known[pair.a], self._known[pair.b]
        yield "bits", pair.bits / _BITS
        yield "bits_over_even", max(pair.bits, 0.0) / _BITS
        agreed = {line.line: line.agreement for line in pair.evidence}
        yield agreed["country"], 1.0
        for line in _LINES:
            degree = agreed.get(line)
            yield f"{line}_{_GROUPED.get(degree, degree) if degree else 'unknown'}", 1.0
        yield "_".join(sorted((_kind(pair.a), _kind(pair.b)))), 1.0
        yield "namesakes", self._sharing("full_names", one, other)
        yield "same_handles", self._sharing("handles", one, other)
        common = set(one.words) & set(other.words)
        every, counts = len(self._known), self._counts["words"]
        yield "rarity_of_words", sum(math.log(every / counts[w]) for w in sorted(common)) / _WORDS
        yield "words_shared", min(len(common), _MOST_WORDS) / _MOST_WORDS
        rivals = (self._rivals.get(account, 1) for account in (pair.a, pair.b))
        yield "rivals", math.log(math.prod(rivals)) / 2
        yield from self._beside(pair)
        spelled = sum(len(x.full_names) + len(x.handles) for x in (one, other))
        yield "ways_to_agree", math.log1p(spelled) / 2

    def _beside(self, pair: _Pair) -> Iterator[tuple[str, float]]:
        """What the other pairs of these two persons say, and those of each with somebody else."""
        one, other = self._person[pair.a], self._person[pair.b]
        more = list(self._between.get((one, other), ()))
        if pair.bits in more:
            more.remove(pair.bits)
        yield "supported", math.log1p(len(more))
        yield "support", (max(more) - _LEAST) / (2 * _BITS) if more else 0.0
        against = [
            bits
            for person, but in ((one, other), (other, one))
            for rival, bits in self._heaviest.get(person, {}).items()
            if rival != but
        ]
        ahead = max(pair.bits, *more, _LEAST) - max(against, default=_LEAST)
        ahead = min(max(ahead, -_MOST_AHEAD), _MOST_AHEAD) / _BITS
        yield "ahead", ahead
        yield "ahead_of_all", max(ahead, 0.0)

    def _sharing(self, kind: str, one: Traits, other: Traits) -> float:
        """How many accounts share the rarest that both have, as a logarithm; 0 for these two."""
        shared = set(getattr(one, kind)) & set(getattr(other, kind))
        counts = self._counts[kind]
        return math.log(min(counts[text] for text in shared) / 2) if shared else 0.0


def _kind(account: str) -> str:
    """Which kind of identifier an account has."""
    if not account.startswith("whatsapp:"):
        return "elsewhere"
    return "hidden" if account.startswith("whatsapp:lid:") else "number"
