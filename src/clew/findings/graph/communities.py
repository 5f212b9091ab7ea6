"""Which groups belong together, quarter by quarter, and what became of them.

Groups are tied by the persons they share, never persons by their groups: a hundred thousand groups
are few, the pairs of their members are not. The quarters are compared by their persons, since a
group that is closed and created again has another id and the same people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import msgspec
import numpy as np

from clew.casefile import Context
from clew.findings.graph.ties import networkit
from clew.findings.graph.tracking import events
from clew.records import Community, CommunityEvent
from clew.schema import Id, table_part

WHOLE = "all"
"""Period that takes every membership, dated or not."""
_LONGEST = 400
"""Quarters at most: a clock that stood at 1970 makes no two hundred empty ones beside them."""


class Clustered(msgspec.Struct, frozen=True):
    """A community of one period: its groups, and in how many of these each person is."""

    community_id: str
    groups: frozenset[str]
    persons: dict[str, int]
    inside: float
    modularity: float


def communities(context: Context) -> None:
    """Find groups that belong together in each quarter, and what became of them.

    Needs the extra ``network``; without it the tables stay empty.
    """
    library = networkit()
    rows = context.rows("stays") if library else []
    titles = {r["chat_id"]: r["subject"] for r in context.rows("group_titles")}
    country = {r["person_id"]: r["country"] for r in rows}
    found: list[Community] = []
    changes: list[CommunityEvent] = []
    before: list[Clustered] = []
    for period, members in periods(rows):
        clusters = clustered(period, members, library) if library else []
        found += [_row(period, one, titles, country) for one in clusters]
        if period != WHOLE:
            changes += events(period, before, clusters)
            before = clusters
    changes.sort(key=lambda c: (c.period, c.before, c.after))
    context.publish(table_part(Community, found), table_part(CommunityEvent, changes))


def periods(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The whole time, and each quarter of a year in turn with who was in which group then."""
    if rows:
        yield WHOLE, [(r["person_id"], r["chat_id"]) for r in rows]
    dated = [r for r in rows if r["since"] is not None and r["until"] is not None]
    by_quarter: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in dated:
        last = _quarter(row["until"])
        for quarter in range(max(_quarter(row["since"]), last - _LONGEST), last + 1):
            by_quarter[quarter].append((row["person_id"], row["chat_id"]))
    if by_quarter:
        for quarter in range(max(min(by_quarter), max(by_quarter) - _LONGEST), max(by_quarter) + 1):
            yield f"{quarter // 4}-Q{quarter % 4 + 1}", by_quarter[quarter]


def _quarter(at: datetime) -> int:
    utc = at.astimezone(UTC)
    return utc.year * 4 + (utc.month - 1) // 3


def clustered(period: str, members: list[tuple[str, str]], library: ModuleType) -> list[Clustered]:
    """Communities of groups by the persons that they share, the largest first.

    Louvain's method with refinement (PLM of Staudt and Meyerhenke) over the groups, each pair tied
    by as many persons as are in both.
    """
    if not members:
        return []
    from scipy import sparse

    persons = sorted({person for person, _ in members})
    groups = sorted({group for _, group in members})
    of_person = {name: at for at, name in enumerate(persons)}
    of_group = {name: at for at, name in enumerate(groups)}
    pairs = np.array(sorted({(of_group[g], of_person[p]) for p, g in members}), dtype=np.int64)
    inside = sparse.csr_matrix(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(groups), len(persons))
    )
    shared = sparse.triu(inside @ inside.T, k=1).tocoo()
    graph = library.GraphFromCoo(
        (shared.data, (shared.row.astype(np.uint64), shared.col.astype(np.uint64))),
        n=len(groups),
        weighted=True,
    )
    method = library.community.PLM(graph, refine=True, par="none")
    method.run()
    partition = method.getPartition()
    fit = library.community.Modularity().getQuality(partition, graph) if shared.nnz else 0.0
    labels = np.array(partition.getVector(), dtype=np.int64)
    return _clusters(period, groups, persons, labels, inside, shared, round(float(fit), 4))


def _clusters(  # noqa: PLR0913, PLR0917 - what one pass over the matrix has found
    period: str,
    groups: list[str],
    persons: list[str],
    labels: Any,
    inside: Any,
    shared: Any,
    fit: float,
) -> list[Clustered]:
    kept, all_of = Counter[int](), Counter[int]()
    for one, other, weight in zip(labels[shared.row], labels[shared.col], shared.data, strict=True):
        all_of[one] += weight
        if one == other:
            kept[one] += weight
        else:
            all_of[other] += weight
    found = []
    for label in np.unique(labels):
        at = np.flatnonzero(labels == label)
        counts = np.asarray(inside[at].sum(axis=0)).ravel().astype(int)
        members = {persons[p]: int(counts[p]) for p in np.flatnonzero(counts)}
        part = kept[label] / all_of[label] if all_of[label] else 1.0
        names = frozenset(groups[g] for g in at)
        found.append(Clustered("", names, members, round(float(part), 4), fit))
    found.sort(key=lambda c: (-len(c.persons), min(c.groups)))
    width = len(str(len(found)))
    return [
        msgspec.structs.replace(one, community_id=f"{period}/{number:0{width}}")
        for number, one in enumerate(found, start=1)
    ]


def _row(
    period: str, one: Clustered, titles: dict[str, str | None], country: dict[str, str | None]
) -> Community:
    groups = sorted(one.groups)
    several = sum(count > 1 for count in one.persons.values())
    counted = Counter(country.get(p) or "??" for p in one.persons)
    countries = sorted(counted.items(), key=lambda c: (-c[1], c[0]))
    return Community(
        period=period,
        community_id=Id(one.community_id),
        groups=tuple(Id(one) for one in groups),
        titles=tuple(sorted({title for g in groups if (title := titles.get(g))})),
        persons=len(one.persons),
        in_several=several,
        countries=tuple(f"{code} {count}" for code, count in countries),
        inside=one.inside,
        modularity=one.modularity,
    )
