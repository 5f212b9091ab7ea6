"""The lineage page: groups over time, and which takes up where another ended."""

from collections import defaultdict
from collections.abc import Iterable
from html import escape
from typing import Any

import msgspec

from clew.reading import Reading
from clew.report.shown import Shown
from clew.report.svg import Axis, cut, picture

GROUPS = 100
"""Groups that are drawn: those with a lineage first, then the largest."""
_LEFT, _RIGHT, _TOP, _ROW, _MARGIN = 230, 980, 30, 19, 10


class Lineage(msgspec.Struct, frozen=True):
    """What the page shows."""

    lives: list[dict[str, Any]]
    """Groups that are drawn, families together."""
    links: list[dict[str, Any]]
    undated: int
    """Groups of which no time is known: they can't be drawn."""
    left_out: int
    """Groups that are dated and not drawn."""


def lineage(reading: Reading) -> Lineage:
    """Groups over time, those that follow one another together."""
    every = reading.printed("report/group-lives")
    dated = [g for g in every if g["begins"]]
    links = reading.printed("lineage")
    ordered = _by_family(dated, [r for r in links if r["best"]])
    drawn = ordered[:GROUPS]
    return Lineage(drawn, links, len(every) - len(dated), len(dated) - len(drawn))


def _by_family(
    groups: list[dict[str, Any]], links: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Groups of one line together, the earliest first; then those without, the largest first."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        following[link["earlier"]].append(link["later"])
        following[link["later"]].append(link["earlier"])
    of = {g["chat_id"]: g for g in groups}
    begun = sorted(groups, key=lambda g: (g["begins"], g["chat_id"]))
    seen: set[str] = set()
    families: list[dict[str, Any]] = []
    for first in begun:
        reached, todo = set[str](), [first["chat_id"]]
        while todo:
            chat = todo.pop()
            if chat not in seen and chat in of:
                seen.add(chat)
                reached.add(chat)
                todo += following[chat]
        if len(reached) > 1:
            families += [g for g in begun if g["chat_id"] in reached]
    told = {g["chat_id"] for g in families}
    return families + [g for g in groups if g["chat_id"] not in told]


def draw(found: Lineage, words: Shown) -> str:
    """Groups as bars over time, with an arrow from each to the one that follows it."""
    axis = Axis(
        min(g["begins"] for g in found.lives),
        max(max(g["begins"], g["ends"]) for g in found.lives),
        _LEFT,
        _RIGHT,
    )
    bottom = _TOP + _ROW * len(found.lives)
    height = bottom + _MARGIN
    title = words.phrase("lineage", groups=len(found.lives))
    parts = [*axis.drawn(_TOP, bottom)]
    row_of = {g["chat_id"]: n for n, g in enumerate(found.lives)}
    parts += [_bar(life, n, axis, words) for n, life in enumerate(found.lives)]
    for link in found.links:
        if link["best"] and link["earlier"] in row_of and link["later"] in row_of:
            ends = (row_of[link["earlier"]], row_of[link["later"]])
            parts.append(_arrow(link, found.lives, ends, axis, words))
    return picture("spread lineage", ("lineage-title", title), (_RIGHT + 50, height), parts)


def _bar(group: dict[str, Any], n: int, axis: Axis, words: Shown) -> str:
    top = _TOP + _ROW * n
    left = axis.at(group["begins"])
    wide = max(axis.at(group["ends"]) - left, 2)
    name = words.text(group["subject"] or group["chat_id"])
    life = {key: group[key] for key in ("begins", "ends", "members")}
    told = words.phrase("life", name=name, **life)
    return (
        f'<text class="label" x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">'
        f"{cut(name, 30)} · {group['members']}</text>"
        f'<rect class="bar" x="{left}" y="{top + 4}" width="{wide:.1f}" height="11" '
        f'rx="2"><title>{escape(told)}</title></rect>'
    )


def _arrow(
    link: dict[str, Any],
    lives: list[dict[str, Any]],
    ends: tuple[int, int],
    axis: Axis,
    words: Shown,
) -> str:
    """From the end of the earlier to the beginning of the later: dashed, for it is inferred."""
    one, other = ends
    down = 1 if other > one else -1
    x = axis.at(lives[other]["begins"])
    start = x if link["kind"] == "parallel" else axis.at(lives[one]["ends"])
    y, tip = _TOP + _ROW * one + 9, _TOP + _ROW * other + 9 - down * 7
    kind = "beside" if link["kind"] == "parallel" else "follows"
    head = f"M{x - 4} {tip - down * 6}L{x} {tip}L{x + 4} {tip - down * 6}Z"
    title = escape(words.said(link, "group_lineage"))
    return (
        f'<g><title>{title}</title><path class="line {kind} inferred" '
        f'd="M{start} {y}C{start + 14} {y} {x} {(y + tip) / 2} {x} {tip - down * 5}"/>'
        f'<path class="head {kind}" d="{head}"/></g>'
    )
