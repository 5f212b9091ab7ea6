"""Drawings without text that stretch with the page; the words beside them stay words.

Each is a strip over the time of the whole case, 1,000 units wide, whatever its size on the page.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from markupsafe import Markup

_WIDE = 1000
_MONTHS = 12
_LANE, _STAY = 36, 12
_FOOT = 24
"""Where the bars of a group stand; known files hang below."""
Row = dict[str, Any]


class Span(msgspec.Struct, frozen=True):
    """The time that every strip runs over."""

    since: datetime
    until: datetime

    def at(self, moment: datetime) -> int:
        """Where a time stands; before and after are the edges."""
        part = (moment - self.since) / max(self.until - self.since, timedelta(seconds=1))
        return round(_WIDE * min(max(part, 0.0), 1.0))

    def months(self) -> Iterator[tuple[int, int, int]]:
        """Each month by its number, with where it begins and ends."""
        first, last = (at.year * _MONTHS + at.month - 1 for at in (self.since, self.until))
        for month in range(first, last + 1):
            yield month, self.at(_begin(month)), self.at(_begin(month + 1))


def _begin(month: int) -> datetime:
    return datetime(month // _MONTHS, month % _MONTHS + 1, 1, tzinfo=UTC)


def lane(group: Row, months: dict[int, Row], span: Span, most: int, label: str) -> Markup:
    """A group over time: messages of each month as bars, known files below, its life as a line."""
    parts = []
    for month, left, right in span.months():
        sent = months.get(month, {"messages": 0, "known": 0})
        width = max(right - left - 6, 3)
        if sent["messages"]:
            high = max(2, round(22 * (sent["messages"] / most) ** 0.5))
            parts.append(_rect("bar", left + 3, _FOOT - high, width, high))
        if sent["known"]:
            parts.append(_rect("kbar", left + 3, _FOOT + 2, width, min(8, 2 + 1.5 * sent["known"])))
    begins, ends = group["created_at"] or group["first_at"], group["last_at"]
    left = span.at(begins) if begins else 0
    right = span.at(ends) if ends else _WIDE
    parts.append(_rect("life", left, _FOOT, max(2, right - left), 1.2))
    return _strip(parts, _LANE, label, "lane")


def stay(periods: Iterable[Row], role: str, span: Span, label: str) -> Markup:
    """A person in a group: full where both ends are stated, faint where one was only seen."""
    parts = [_rect("base", 0, 5.6, _WIDE, 0.8)]
    for period in periods:
        since, until = period["from_at"] or period["joined_at"], period["until_at"]
        if since is None and until is None:
            continue
        left, right = span.at(since or span.since), span.at(until or span.until)
        sure = period["from_bound"] not in ("seen", "unknown")
        sure = sure and period["until_bound"] not in ("seen", "unknown")
        shape = (left, 3, max(3, right - left), 6) if sure else (left, 4, max(3, right - left), 4)
        parts.append(_rect(f"r-{role}" if sure else "faint", *shape))
        if period["ended_how"] in ("left", "removed"):
            parts.append(_rect(f"end-{period['ended_how']}", min(_WIDE - 6, right), 0, 6, 12))
    return _strip(parts, _STAY, label, "stay")


def dot(part: float, label: str) -> Markup:
    """A number of members by the size of a dot: ``part`` of the most that there are."""
    radius = round(1.6 + 8.4 * part**0.5, 1)
    return Markup(
        '<svg class="dot" viewBox="0 0 22 22" role="img" aria-label="{}">'
        '<circle cx="11" cy="11" r="{}" class="r-member"/></svg>'
    ).format(label, radius)


def _rect(kind: str, *shape: float) -> Markup:
    rect = Markup('<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}"/>')
    return rect.format(kind, *shape)


def _strip(parts: Iterable[Markup], high: int, label: str, kind: str) -> Markup:
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(kind, _WIDE, high, label, Markup("").join(parts))
