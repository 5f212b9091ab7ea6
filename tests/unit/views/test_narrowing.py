"""A day is a moment, a moment is in UTC, and a view is narrowed by the types of its columns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from clew import views
from clew.errors import UsageError
from clew.views.narrowing import Narrowing, moment


def test_a_day_that_ends_something_ends_at_midnight() -> None:
    day = datetime(2024, 5, 17, tzinfo=UTC)
    assert moment("2024-05-17", "--since") == day
    assert moment("2024-05-17", "--until", end=True) == day + timedelta(days=1)


def test_a_moment_is_in_utc_unless_it_says_otherwise() -> None:
    assert moment("2024-05-17T14:30:00Z", "x") == datetime(2024, 5, 17, 14, 30, tzinfo=UTC)
    assert moment("2024-05-17T14:30:00", "x").tzinfo is UTC
    east = moment("2024-05-17T14:30:00+02:00", "x")
    assert east == datetime(2024, 5, 17, 14, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("text", ["", "17.5.2024", "2024-13-01", "9999-12-31", "soon"])
def test_what_is_no_moment_is_refused(text) -> None:
    with pytest.raises(UsageError, match="no date or time"):
        moment(text, "--until", end=True)


def test_nothing_narrows_nothing() -> None:
    view = views.view("groups")
    assert not Narrowing()
    assert Narrowing().conditions(view, ()) == ((), {})


def test_what_a_view_does_not_hold_is_refused() -> None:
    view = views.view("sets")
    with pytest.raises(UsageError, match="can't be narrowed"):
        Narrowing(person=("p",)).conditions(view, ())
