"""Membership periods follow from statements in any order, and none is lost."""

from __future__ import annotations

import itertools

import pytest

from clew.findings.membership_periods import contradictions
from clew.findings.period_building import DAY_US, Period, Statement, periods


def mark(kind: str, day: float | None, line: str = "a", **more) -> Statement:
    at = None if day is None else int(day * DAY_US)
    given = {"exhibit_id": "ES-01", "locator": f"message/{kind}{day}{line}", "basis": "event"}
    return Statement(kind=kind, line=line, account_id=line, at_us=at, last_us=at, **(given | more))


def days(found: list[Period]) -> list[list[tuple[str, float]]]:
    return [[(m.kind, (m.at_us or 0) / DAY_US) for m in period.marks] for period in found]


def kinds(found: list[Period]) -> list[str]:
    return [str(kind) for period in found for kind in contradictions(period)]


def test_leaving_and_coming_back_are_two_account_periods() -> None:
    found = periods([mark("in", 1), mark("post", 3), mark("out", 9), mark("in", 20)])
    assert days(found) == [[("in", 1), ("post", 3), ("out", 9)], [("in", 20)]]
    assert kinds(found) == []


def test_the_order_of_statements_does_not_matter() -> None:
    marks = [mark("in", 1), mark("out", 9), mark("post", 12), mark("out", 30), mark("in", 40)]
    expected = days(periods(marks))
    assert all(days(periods(one)) == expected for one in itertools.permutations(marks))


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([mark("in", 1), mark("out", 70, exhibit_id="a"), mark("out", 130, exhibit_id="b")],
         ["ended_differs"]),
        ([mark("in", 1), mark("in", 40)], ["joined_differs"]),
        ([mark("in", 1), mark("in", 1.5)], []),
        ([mark("in", 1), mark("out", 9), mark("post", 30)], ["seen_after_ending"]),
        ([mark("in", 1), mark("out", 9), mark("post", 9.5)], []),
        ([mark("in", 1), mark("out", 9), mark("listed", 30)], ["seen_after_ending"]),
        ([mark("post", 1), mark("in", 30)], ["seen_before_joining"]),
        ([mark("post", 1), mark("in", 1.5)], []),
        ([mark("out", 9, how="left"), mark("out", 9.1, how="removed")], ["ended_how_differs"]),
        ([mark("in", 9, how="added", by_person="p"), mark("in", 9.1, how="added", by_person="q")],
         ["joined_by_differs"]),
        ([mark("in", 9, how="added"), mark("in", 9.1)], []),
        ([mark("out", 9, how="left"), mark("out", 30, how="number_changed")], []),
    ],
)  # fmt: skip
def test_what_can_not_both_be_so_is_told_and_nothing_else(marks, expected) -> None:
    assert kinds(periods(marks)) == expected


def test_a_person_is_in_while_any_account_is() -> None:
    found = periods([
        mark("in", 1), mark("out", 50), mark("in", 20, "b"), mark("out", 90, "b"),
        mark("in", 200, "b"),
    ])  # fmt: skip
    assert [period.parts[-1].ended for period in found] == [90 * DAY_US, None]


def test_a_change_of_number_goes_on_as_one_period() -> None:
    changed = {"how": "number_changed"}
    found = periods([mark("in", 1), mark("out", 30, **changed), mark("in", 30.5, "b", **changed)])
    assert len(found) == 1


def test_statements_without_a_time_stay_with_the_person() -> None:
    found = periods([mark("in", 1), mark("out", None), mark("named", None, "b")])
    assert sorted(m.kind for period in found for m in period.marks) == ["in", "named", "out"]
    assert len(periods([mark("named", None)])) == 1
