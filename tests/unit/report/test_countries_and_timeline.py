"""The sections on countries and time: no person is named, no month is lost, gaps are drawn."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.reading import Reading, disclosure_of
from clew.records.countries import CountrySummary, CountryTie, PersonCountry
from clew.records.persons import Person
from clew.records.timeline import (
    GapKind,
    GapStrength,
    LineBasis,
    LineKind,
    LinePrecision,
    TimelineGap,
    TimelineLine,
)
from clew.report import write_report
from clew.report.timeline import draw, times
from clew.schema import to_arrow

MASKED = disclosure_of("test")

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
        held=0, others_hold=3, others=(), recovered_rows=0, event_ids=(), figures=(),
    )  # fmt: skip


def summary(country: str, persons: int) -> CountrySummary:
    return CountrySummary(
        country=country, exhibits=1, persons=persons, holders=0, number_only=1, conflicts=1,
        conflicts_elsewhere=0, groups=1, admin_of=0, messages=1, shares=1, introduced=7, answered=6,
    )  # fmt: skip


def publish(case) -> None:
    months = [datetime(2024, m, 5, tzinfo=UTC) for m in range(1, 13)]
    stray = datetime(1999, 1, 1, tzinfo=UTC)
    tables = {
        TimelineLine: [
            *(line(n, at, 1000) for n, at in enumerate(months)), line(90, stray, 1),
            line(91, months[3], 1, LineKind.NUMBER_CHANGED, 3),
        ],
        TimelineGap: [gap(1, GapStrength.OTHERS_SHOW), gap(2, GapStrength.RHYTHM)],
        CountrySummary: [summary("ES", 9), summary("PT", 4)],
        CountryTie: [
            CountryTie(a="ES", b="PT", persons=13, persons_a=9, persons_b=4, groups=2, contents=8,
                       a_to_b=5, a_to_b_answered=4, b_to_a=3, b_to_a_answered=2, conflicted=1,
                       place_persons=1, place_groups=1, place_contents=1)
        ],
        PersonCountry: [
            PersonCountry(person_id=WHO, country=None, confidence=0.0, basis=(), number_only=False,
                          conflict=True, other_countries=("ES 0.40 (number prefix)",))
        ],
        Person: [
            Person(person_id=WHO, accounts=1, inferred=0, names=("Ana Ruiz",), is_owner_of=())
        ],
    }  # fmt: skip
    parts = [
        (kind, lambda kind=kind, rows=rows: iter(to_arrow(kind, rows).to_batches()))
        for kind, rows in tables.items()
    ]
    case.publish(StepManifest("timeline", WHOLE_CASE, "k", ()), parts)


def page(case, tmp_path) -> str:
    out = tmp_path / "r.html"
    write_report(Reading(case, MASKED), out)
    return out.read_text(encoding="utf-8")


def test_conflicts_and_directions_stand_in_the_report_and_nobody_is_named(case, tmp_path) -> None:
    publish(case)
    text = page(case, tmp_path)
    countries = text[text.index('<h2 id="countries">') : text.index('<h2 id="timeline">')]
    assert "not decided" in countries
    assert "5 (4)" in countries
    assert "3 (2)" in countries
    assert WHO not in text
    assert "Ana Ruiz" not in text


def test_what_stands_in_evidence_is_inert_and_no_style_or_script_is_inline(case, tmp_path) -> None:
    publish(case)
    text = page(case, tmp_path)
    body = text[text.index("<body>") :]
    assert "<b>told</b>" not in body
    assert "&lt;b&gt;told" in body
    assert re.search(r"\sstyle=|<script|<img", body) is None


def test_stray_times_do_not_stretch_the_strip_and_are_counted(case) -> None:
    publish(case)
    found = times(case, 200)
    assert (found.first, found.last) == (2024 * 12, 2024 * 12 + 11)
    assert found.outside == 1


def test_gaps_are_told_apart_by_what_they_rest_on(case) -> None:
    publish(case)

    class Plain:
        def text(self, value: object) -> str:
            return str(value)

    drawn = draw(times(case, 200), Plain())
    assert drawn.count('class="month"') == 12
    assert drawn.count('class="gap sure"') == 1
    assert drawn.count('class="gap"') == 1


def test_an_empty_case_says_that_nothing_was_found(case, tmp_path) -> None:
    text = page(case, tmp_path)
    assert "No message with a time was found in what was read." in text
    assert "Nothing tells of a country." in text
