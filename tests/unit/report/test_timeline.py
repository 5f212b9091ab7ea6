"""Laws of ``clew.report.timeline``."""

from __future__ import annotations

from builders.countries_and_timeline import publish

from clew.reading import Reading, disclosure_of
from clew.report.shown import Shown
from clew.report.timeline import draw, times


def test_stray_times_do_not_stretch_the_strip_and_are_counted(case) -> None:
    publish(case)
    found = times(Reading(case, disclosure_of("test")), 200)
    assert (found.first, found.last) == (2024 * 12, 2024 * 12 + 11)
    assert found.outside == 1


def test_gaps_are_told_apart_by_what_they_rest_on(case) -> None:
    publish(case)
    reading = Reading(case, disclosure_of("test"))
    drawn = draw(times(reading, 200), Shown(reading))
    assert drawn.count('class="month"') == 12
    assert drawn.count('class="gap sure"') == 1
    assert drawn.count('class="gap"') == 1
