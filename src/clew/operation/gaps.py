"""What is missing of a site's list, or stands there twice."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from clew.records import Statement


class GapKind(StrEnum):
    """What is wrong with a list."""

    MISSING = "missing"
    """Numbers are not there: a part of the list was not merged, or was taken out."""
    TWICE = "twice"
    """One number stands for different statements: two lists bear one name, or one was changed."""
    CHAIN = "chain"
    """A statement does not follow the one that it names."""
    WITHDRAWAL = "withdrawal"
    """A withdrawal names nothing earlier of its own list."""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one site's list, from one number to another."""

    site: str
    kind: GapKind
    first: int
    last: int


def gaps(every: Sequence[Statement], odd: Sequence[tuple[Statement, str]]) -> tuple[Gap, ...]:
    """Gaps of all lists; ``every`` is ordered by site and number, ``odd`` are such withdrawals."""
    by_site: dict[str, dict[int, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for one in every:
        by_site[one.site][one.seq].append(one)
    found = [
        Gap(site=one.site, kind=GapKind.WITHDRAWAL, first=one.seq, last=one.seq) for one, _ in odd
    ]
    for site, numbered in by_site.items():
        found += _of_site(site, numbered)
    return tuple(sorted(set(found), key=lambda g: (g.site, g.first, g.kind, g.last)))


def _of_site(site: str, numbered: dict[int, list[Statement]]) -> list[Gap]:
    found = []
    before = 0
    for seq, there in sorted(numbered.items()):
        if seq > before + 1:
            found.append(Gap(site=site, kind=GapKind.MISSING, first=before + 1, last=seq - 1))
        if len(there) > 1:
            found.append(Gap(site=site, kind=GapKind.TWICE, first=seq, last=seq))
        earlier = {one.statement_id for one in numbered.get(seq - 1, ())}
        if earlier and any(one.previous not in {None, *earlier} for one in there):
            found.append(Gap(site=site, kind=GapKind.CHAIN, first=seq, last=seq))
        before = seq
    return found
