"""Strips hold every time within their span, and an end that was only seen is drawn faint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from clew.report.drawing import Span, dot, lane, stay

SINCE = datetime(2024, 1, 10, tzinfo=UTC)
SPAN = Span(SINCE, SINCE + timedelta(days=100))
PERIOD = {
    "from_at": SINCE, "from_bound": "stated", "joined_at": None, "ended_how": None,
    "until_at": SINCE + timedelta(days=50), "until_bound": "stated",
}  # fmt: skip


def test_times_outside_are_the_edges() -> None:
    assert SPAN.at(SINCE - timedelta(days=9)) == 0
    assert SPAN.at(SINCE + timedelta(days=50)) == 500
    assert SPAN.at(SINCE + timedelta(days=900)) == 1000
    assert Span(SINCE, SINCE).at(SINCE) == 0


def test_every_month_is_there_once_and_they_join() -> None:
    months = list(SPAN.months())
    assert [m % 12 + 1 for m, _, _ in months] == [1, 2, 3, 4]
    assert all(a[2] == b[1] for a, b in pairwise(months))


def test_a_month_with_messages_and_known_files_has_a_bar_for_each() -> None:
    group = {"created_at": SINCE, "first_at": None, "last_at": None}
    month = {2024 * 12 + 1: {"messages": 4, "known": 1}}
    drawn = lane(group, month, SPAN, 4, "A group <1>")
    assert drawn.count('class="bar"') == drawn.count('class="kbar"') == 1
    assert 'aria-label="A group &lt;1&gt;"' in drawn


def test_what_was_only_seen_is_faint_and_a_removal_is_marked() -> None:
    assert 'class="r-admin"' in stay([PERIOD], "admin", SPAN, "x")
    seen = stay([{**PERIOD, "from_bound": "seen"}], "admin", SPAN, "x")
    assert 'class="faint"' in seen
    assert "r-admin" not in seen
    assert "end-removed" in stay([{**PERIOD, "ended_how": "removed"}], "member", SPAN, "x")


def test_nothing_is_drawn_where_no_time_is_known() -> None:
    unknown = {**PERIOD, "from_at": None, "until_at": None}
    assert stay([unknown], "member", SPAN, "x").count("<rect") == 1


def test_a_dot_grows_with_the_part() -> None:
    assert 'r="10.0"' in dot(1, "all")
    assert 'r="5.8"' in dot(0.25, "a quarter")
