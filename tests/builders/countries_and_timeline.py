"""Builders that tests of several modules share, on countries and timeline."""

from __future__ import annotations

from datetime import UTC, datetime

from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.records import (
    CountrySummary,
    CountryTie,
    GapKind,
    GapStrength,
    LineBasis,
    LineKind,
    LinePrecision,
    Person,
    PersonCountry,
    TimelineGap,
    TimelineLine,
)

WHO = "whatsapp:pn:34611222333"


def line(number: int, at: datetime, rows: int, kind=LineKind.MESSAGES, weight: int = 0):
    return TimelineLine(
        line_id=f"l{number}", at=at, precision=LinePrecision.SECOND, basis=LineBasis.SERVER,
        corrected=False, kind=kind, what="noted",
        figures=("written=<b>told</b>",), weight=weight, rows=rows, persons=(WHO,),
        exhibit_id="ES-01", exhibits=("ES-01",),
    )  # fmt: skip


def gap(number: int, strength: GapStrength) -> TimelineGap:
    return TimelineGap(
        gap_id=f"g{number}", kind=GapKind.SILENT, strength=strength, exhibit_id="ES-01",
        from_at=datetime(2024, 2, 10, tzinfo=UTC), until_at=datetime(2024, 3, 10, tzinfo=UTC),
        kept=0, others_hold=3, others=(), recovered_rows=0, event_ids=(), figures=(),
    )  # fmt: skip


def summary(country: str, persons: int) -> CountrySummary:
    return CountrySummary(
        country=country, exhibits=1, persons=persons, holders=0, number_only=1, conflicts=1,
        conflicts_elsewhere=0, groups=1, admin_of=0, messages=1, shares=1, introduced=7, answered=6,
    )  # fmt: skip


def publish(case) -> None:
    months = [datetime(2024, m, 5, tzinfo=UTC) for m in range(1, 13)]
    stray = datetime(1999, 1, 1, tzinfo=UTC)
    publish_step(
        case, "timeline", WHOLE_CASE,
        *(line(n, at, 1000) for n, at in enumerate(months)), line(90, stray, 1),
        line(91, months[3], 1, LineKind.NUMBER_CHANGED, 3), gap(1, GapStrength.OTHERS_SHOW),
        gap(2, GapStrength.RHYTHM), summary("ES", 9), summary("PT", 4),
        CountryTie(a="ES", b="PT", persons=13, persons_a=9, persons_b=4, groups=2, contents=8,
                   a_to_b=5, a_to_b_answered=4, b_to_a=3, b_to_a_answered=2, conflicted=1,
                   rank_by_persons=1, rank_by_groups=1, rank_by_contents=1),
        PersonCountry(person_id=WHO, country=None, confidence=0.0, basis=(), number_only=False,
                      conflict=True, other_countries=("ES 0.40 (number prefix)",)),
        Person(person_id=WHO, accounts=1, inferred=0, names=("Ana Ruiz",), is_owner_of=()),
    )  # fmt: skip
