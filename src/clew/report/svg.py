"""Words and times in drawings: text that fits, and a calendar along an axis."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

import msgspec

_TICKS = 9
_STEPS = (1, 2, 3, 6, 12, 24, 60)
"""Months between two ticks."""
_YEAR = 12


def cut(text: str, most: int) -> str:
    """A text short enough for its place, escaped; the whole stands in a title or table."""
    return escape(text if len(text) <= most else f"{text[: most - 1]}\u2026")


def picture(
    kind: str, titled: tuple[str, str], size: tuple[float, float], parts: Iterable[str], *,
    is_fixed: bool = False,
) -> str:  # fmt: skip
    """A drawing with the id of its title and this; one of fixed size is not made to fit."""
    (name, title), (wide, high) = titled, size
    fixed = f'width="{wide}" height="{high}" ' if is_fixed else ""
    return (
        f'<svg class="{kind}" role="img" aria-labelledby="{name}" {fixed}'
        f'viewBox="0 0 {wide} {high}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}">{escape(title)}</title>{"".join(parts)}</svg>'
    )


class Axis(msgspec.Struct, frozen=True):
    """Time from left to right."""

    since: datetime
    until: datetime
    left: float
    right: float

    def at(self, moment: datetime) -> float:
        """Where a time stands."""
        wide = max((self.until - self.since).total_seconds(), 1.0)
        part = (moment - self.since).total_seconds() / wide
        return round(self.left + min(max(part, 0.0), 1.0) * (self.right - self.left), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Firsts of months, at most nine of them, and their names."""
        first = self.since.year * _YEAR + self.since.month
        last = self.until.year * _YEAR + self.until.month - 1
        step = next((s for s in _STEPS if (last - first) / s < _TICKS), _STEPS[-1])
        for month in range(-(-first // step) * step, last + 1, step):
            when = datetime(month // _YEAR, month % _YEAR + 1, 1, tzinfo=UTC)
            yield self.at(when), f"{when:%Y-%m}"

    def drawn(self, top: float, bottom: float) -> Iterator[str]:
        """The ticks as lines, with their names above."""
        for x, name in self.ticks():
            yield f'<path class="rule" d="M{x} {top}V{bottom}"/>'
            yield f'<text class="label" x="{x}" y="{top - 5}" text-anchor="middle">{name}</text>'
        if not any(True for _ in self.ticks()):
            for moment, anchor in ((self.since, "start"), (self.until, "end")):
                yield (
                    f'<text class="label" x="{self.at(moment)}" y="{top - 5}" '
                    f'text-anchor="{anchor}">{moment:%Y-%m-%d}</text>'
                )
