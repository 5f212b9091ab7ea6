"""What the report says of time: how dense each month is, what is missing, and what weighs most.

The strip is drawn by month: exhibits first, then groups. What is missing is told by shape as well
as by colour: a line beneath the months that it covers.
"""

import math
from datetime import datetime
from html import escape
from typing import Any

import msgspec

from clew.reading import Reading
from clew.report.shown import Shown
from clew.report.svg import cut, picture

ROW = 15
MOST_ROWS, MOST_MONTHS = 40, 120
_LEFT, _TOP, _MARGIN, _LABEL = 190, 30, 8, 30
_NARROWEST, _WIDEST, _ACROSS = 14, 34, 1100
"""A month's width, and what all months share."""
_NOVEMBER = 10
"""A first month from here on has its year's label too near the next."""
_TAIL = 0.001
"""Part of the messages that may lie before or after the months drawn."""


class Band(msgspec.Struct, frozen=True):
    """One row of the strip."""

    name: str
    label: str
    is_group: bool
    months: dict[int, int]
    """Messages by month, counted from year 0."""


class Times(msgspec.Struct, frozen=True):
    """What the section on time shows."""

    bands: list[Band]
    first: int
    last: int
    outside: int
    """Messages on exhibits outside the months drawn."""
    rows_left_out: int
    gaps: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    counts: dict[str, int]
    untimed: int
    """Messages without any time that could be read."""

    @property
    def cell(self) -> int:
        """Width of a month, as wide as the page allows."""
        return min(_WIDEST, max(_NARROWEST, _ACROSS // max(1, self.last - self.first + 1)))


def times(reading: Reading, most: int) -> Times:
    """Everything that the section on time shows."""
    exhibits = _bands(reading.printed("report/exhibit-months"), is_group=False)
    groups = _bands(reading.printed("report/group-months", most=MOST_ROWS), is_group=True)
    held: dict[int, int] = {}
    for band in exhibits:
        for month, messages in band.months.items():
            held[month] = held.get(month, 0) + messages
    first, last = _span(held)
    drawn = sorted(exhibits, key=lambda b: (-sum(b.months.values()), b.name))[:MOST_ROWS]
    (counts,) = reading.printed("report/timeline-counts")
    return Times(
        bands=sorted(drawn, key=lambda b: b.name) + groups,
        first=first,
        last=last,
        outside=sum(n for month, n in held.items() if not first <= month <= last),
        rows_left_out=len(exhibits) - len(drawn),
        gaps=reading.printed("gaps"),
        lines=reading.printed("report/weighty-lines", most=most),
        counts=counts,
        untimed=counts["untimed"],
    )


def draw(found: Times, words: Shown) -> str:
    """The strip as SVG."""
    months = range(found.first, found.last + 1)
    width = _LEFT + found.cell * len(months) + _MARGIN
    height = _TOP + ROW * len(found.bands) + _MARGIN
    most = {
        kind: max((max(b.months.values()) for b in found.bands if b.is_group is kind), default=1)
        for kind in (True, False)
    }
    title = words.phrase("strip", rows=len(found.bands))
    parts = [
        _year(month, _LEFT + found.cell * (month - found.first), height)
        for month in months
        if month % 12 == 0 or (month == found.first and month % 12 < _NOVEMBER)
    ]
    for place, band in enumerate(found.bands):
        label = words.text(band.label)
        top = _TOP + ROW * place
        parts.append(_label(label, top, group=band.is_group))
        parts += [
            _cell(
                _LEFT + found.cell * (month - found.first),
                found.cell,
                top,
                _density(n, most[band.is_group]),
                words.phrase("month", name=label, month=_named(month), messages=n),
            )
            for month, n in sorted(band.months.items())
            if found.first <= month <= found.last
        ]
        parts += [
            _gap(found, gap, top, label, words)
            for gap in found.gaps
            if _covers(gap, band) and _months(gap, found)
        ]
    return picture("strip", ("strip-title", title), (width, height), parts, is_fixed=True)


def _bands(rows: list[dict[str, Any]], *, is_group: bool) -> list[Band]:
    bands: dict[str, Band] = {}
    for row in rows:
        label = row.get("label") or row["name"]
        band = bands.setdefault(row["name"], Band(row["name"], label, is_group, {}))
        band.months[row["month"]] = row["messages"]
    return list(bands.values())


def _span(held: dict[int, int]) -> tuple[int, int]:
    """First and last month drawn: all but a thousandth of the messages at either end."""
    if not held:
        return 0, -1
    whole, ordered = sum(held.values()), sorted(held)
    first = _after_tail(ordered, held, whole)
    last = _after_tail(ordered[::-1], held, whole)
    return max(first, last - MOST_MONTHS + 1), last


def _after_tail(ordered: list[int], held: dict[int, int], whole: int) -> int:
    passed = 0
    for month in ordered:
        passed += held[month]
        if passed > _TAIL * whole:
            return month
    return ordered[-1]


def _covers(gap: dict[str, Any], band: Band) -> bool:
    """A stretch of a device, or of a group on a device, that belongs to this row of the strip."""
    if gap["kind"] == "missing_messages":
        return False
    return not band.is_group and gap["exhibit_id"] == band.name


def _months(gap: dict[str, Any], found: Times) -> tuple[int, int] | None:
    """First and last month that a gap covers of those drawn."""
    start, end = gap["from_at"], gap["until_at"]
    if start is None or end is None:
        return None
    first, last = max(_month(start), found.first), min(_month(end), found.last)
    return (first, last) if first <= last else None


def _month(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _named(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def _year(month: int, left: int, height: int) -> str:
    return (
        f'<path class="rule" d="M{left} {_TOP - 14}V{height - _MARGIN}"/>'
        f'<text class="label" x="{left + 3}" y="{_TOP - 6}">{month // 12}</text>'
    )


def _label(text: str, top: int, *, group: bool) -> str:
    kind = "label of-group" if group else "label"
    return (
        f'<text class="{kind}" x="{_LEFT - 6}" y="{top + ROW - 5}" text-anchor="end">'
        f"{cut(text, _LABEL)}</text>"
    )


def _density(messages: int, most: int) -> float:
    """The more messages the denser, by their logarithm."""
    return 0.12 + 0.88 * math.log1p(messages) / math.log1p(max(most, 1))


def _cell(left: int, width: int, top: int, density: float, told: str) -> str:
    return (
        f'<rect class="month" x="{left}" y="{top + 1}" width="{width - 1}" '
        f'height="{ROW - 5}" fill-opacity="{density:.2f}"><title>{escape(told)}</title></rect>'
    )


def _gap(found: Times, gap: dict[str, Any], top: int, label: str, words: Shown) -> str:
    first, last = _months(gap, found) or (0, -1)
    left = _LEFT + found.cell * (first - found.first)
    right = _LEFT + found.cell * (last - found.first + 1) - 1
    told = words.phrase(
        "gap", name=label, begins=gap["from_at"], ends=gap["until_at"], kind=gap["kind"]
    )
    kind = "gap sure" if gap["strength"] in {"others_show", "rows_show"} else "gap"
    return (
        f'<path class="{kind}" d="M{left} {top + ROW - 2.5}H{right}">'
        f"<title>{escape(told)}</title></path>"
    )
