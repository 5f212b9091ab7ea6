"""What people do in the network: organise, distribute, bridge, or stay silent.

Measures of centrality answer none of these questions; counts of what was done do. Each row has its
figures and an order by them, and no row is made where the figures are nil. Bridging is what was
done, and no trait: a content stood in one group of the person, and the person brought it into
another that had not shown it.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from clew.casefile import Context
from clew.records import Behaviour, PersonBehaviour
from clew.schema import replace, table_part

Figures = dict[str, Any]
Span = tuple[float, float]
_DAY_US = 86_400e6
_ACTS = 100
"""Acts that weigh as much as half a group: they order those who lead as many."""


def behaviours(context: Context) -> None:
    """Say what people do: organise, distribute, bridge groups and countries, stay silent."""
    (asked,) = context.rows("persons_counted")
    bridging = context.rows("bridging")
    records = Records(context.rows("watched"))
    found = [
        *placed(organisers(context.rows("organising"))),
        *placed(distributors(context.rows("distributing"))),
        *placed(bridges(bridging, Behaviour.GROUP_BRIDGE)),
        *placed(bridges([r for r in bridging if r["abroad"]], Behaviour.COUNTRY_BRIDGE)),
        *placed(silent_members(context.rows("silent"), records)),
    ]
    rows = [replace(row, persons=asked["persons"]) for row in found]
    context.publish(table_part(PersonBehaviour, rows))


def placed(rows: Iterable[PersonBehaviour]) -> Iterator[PersonBehaviour]:
    """Rows of one behaviour in the order of their score, with their place."""
    ordered = sorted(rows, key=lambda r: (-r.score, r.person_id))
    for place, row in enumerate(ordered, start=1):
        yield replace(row, place=place)


def organisers(rows: Iterable[Figures]) -> Iterator[PersonBehaviour]:
    """By groups led; among equals by persons added or removed and invitations posted."""
    names = ("admin_of", "created", "added", "added_in", "removed", "postings", "codes")
    for row in rows:
        acts = row["added"] + row["removed"] + row["postings"]
        yield _row(
            Behaviour.ORGANISER,
            row,
            score=max(row["admin_of"], row["created"]) + acts / (_ACTS + acts),
            groups=max(row["admin_of"], row["created"], row["added_in"]),
            figures=tuple(f"{name}={row[name]}" for name in names),
        )


def distributors(rows: Iterable[Figures]) -> Iterator[PersonBehaviour]:
    """By shares that brought nothing new, times the logarithm of the groups they went to."""
    for row in rows:
        again = max(row["shares"] - row["introduced"], 0.0)
        yield _row(
            Behaviour.DISTRIBUTOR,
            row,
            score=again * math.log1p(row["groups"]),
            groups=row["groups"],
            contents=row["contents"],
            figures=(
                f"shares={row['shares']}",
                f"shared_again={again:.1f}",
                f"introduced={row['introduced']:.1f}",
                f"forwarded={row['forwarded']}",
                f"into_groups={row['groups']}",
            ),
        )


def bridges(rows: Iterable[Figures], behaviour: Behaviour) -> Iterator[PersonBehaviour]:
    """By contents brought from group to group, or from country to country."""
    for _, group in itertools.groupby(rows, key=lambda r: r["person_id"]):
        held = list(group)
        pairs: Counter[str] = Counter()
        for row in held:
            if row["from_country"] and row["to_country"]:
                pairs[f"{row['from_country']}>{row['to_country']}"] += row["contents"]
        contents = sum(row["contents"] for row in held)
        ways = len({(row["from_chat"], row["to_chat"]) for row in held})
        into = len({row["to_chat"] for row in held})
        ordered = sorted(pairs.items(), key=lambda p: (-p[1], p[0]))
        yield _row(
            behaviour,
            held[0],
            score=float(contents),
            groups=into,
            contents=contents,
            countries=tuple(f"{pair} {count}" for pair, count in ordered),
            figures=(f"carried={contents}", f"ways={ways}", f"into_groups={into}"),
        )


class Records:
    """From when to when the exhibits hold each group, and each group is known to live."""

    def __init__(self, rows: Iterable[Figures]) -> None:
        self._held: dict[str, list[Span]] = {}
        self._lives: dict[str, Span] = {}
        for row in rows:
            self._held.setdefault(row["chat_id"], []).append((row["begins_us"], row["ends_us"]))
            self._lives[row["chat_id"]] = (row["life_begins_us"], row["life_ends_us"])
        self._held = {chat: _joined(spans) for chat, spans in self._held.items()}

    def watched(self, chat: str, joined: float | None, ended: float | None) -> Span:
        """Time that somebody was in a group as devices show it, and in all."""
        begins, ends = self._lives.get(chat, (0.0, 0.0))
        begin = begins if joined is None else max(joined, begins)
        end = ends if ended is None else min(ended, ends)
        held = sum(
            max(0.0, min(last, end) - max(first, begin)) for first, last in self._held.get(chat, ())
        )
        return held, max(0.0, end - begin)


def silent_members(rows: Iterable[Figures], records: Records) -> Iterator[PersonBehaviour]:
    """By groups that they share nothing in, times how much of these devices show."""
    for _, group in itertools.groupby(rows, key=lambda r: r["person_id"]):
        held = list(group)
        seen, known = 0.0, 0.0
        for row in held:
            watched, stayed = records.watched(row["chat_id"], row["joined_us"], row["ended_us"])
            seen, known = seen + watched, known + stayed
        part = seen / known if known else 0.0
        messages = sum(row["messages"] for row in held)
        yield _row(
            Behaviour.SILENT_MEMBER,
            held[0],
            score=len(held) * part / (1 + messages),
            groups=len(held),
            watched=round(part, 4),
            figures=(f"groups={len(held)}", f"messages={messages}", f"days={known / _DAY_US:.0f}"),
        )


def _joined(spans: list[Span]) -> list[Span]:
    """Spans of time without their overlaps."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _row(behaviour: Behaviour, person: Figures, **told: Any) -> PersonBehaviour:
    """A row, before its place among the others is known."""
    defaults: Figures = {"contents": 0, "countries": (), "watched": None, "place": 0, "persons": 0}
    told["score"] = round(told["score"], 4)
    return PersonBehaviour(
        behaviour=behaviour,
        person_id=person["person_id"],
        country=person["country"],
        **(defaults | told),
    )
