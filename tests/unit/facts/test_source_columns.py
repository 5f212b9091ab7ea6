"""Columns hold what fits; what does not is left empty, counted and reported."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.found import found

from clew.facts.source_columns import Readout, once_each, said, whole
from clew.facts.whatsapp import address


class Messenger(Readout):
    platform = "whatsapp"


@pytest.fixture
def base() -> Messenger:
    return Messenger(found())


def test_values_that_fit_are_kept_and_nothing_is_reported(base) -> None:
    assert base.ints("m.n", [1, None, 3], [1, 2, 3]).to_pylist() == [1, None, 3]
    assert base.texts("m.t", ["a", None], [1, 2]).to_pylist() == ["a", None]
    assert list(base.unread()) == []


def test_what_does_not_fit_is_counted_with_its_first_row(base) -> None:
    assert base.ints("m.n", [1, "x", "y", "4"], [1, 2, 3, 4]).to_pylist() == [1, None, None, 4]
    (row,) = base.unread()
    assert (row.code, row.locator) == ("misfit:number", "m/2")
    assert "n=2" in row.figures
    assert list(base.unread()) == []


def test_times_of_no_calendar_are_reported_and_zero_is_none(base) -> None:
    times = base.times("m.t", [0, -1, 1_700_000_000_000, 10**17], [1, 2, 3, 4]).to_pylist()
    assert times == [None, None, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), None]
    assert [row.code for row in base.unread()] == ["misfit:time"]


def test_a_time_in_seconds_is_told_from_milliseconds(base) -> None:
    assert base.time("m.t", 1_700_000_000, 1) == base.time("m.t", 1_700_000_000_000, 1)
    assert base.time("m.t", "soon", 1) is None


def test_the_same_problem_is_reported_once(base) -> None:
    for _ in range(3):
        base.report("file", "damaged", cause="x")
    assert len(list(base.unread())) == 1


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("-3", -3), (4.0, 4), (4.5, None), (2.0**60, None), ("x", None), (None, None)],
)
def test_a_whole_number_is_one_however_it_is_written(value, number) -> None:
    assert whole(value) == number


def test_bytes_that_are_no_text_are_written_out() -> None:
    assert said(b"caf\xe9") == "caf\\xe9"
    assert said(None) is None
    assert said(7) == "7"


def test_a_column_that_the_source_lacks_is_empty(base) -> None:
    for column in (base.ints, base.texts, base.times):
        assert column("m.n", None, [1, 2]).to_pylist() == [None, None]
    assert list(base.unread()) == []


def test_an_account_has_one_row_where_it_is_first_met(base) -> None:
    named = address("34600000001@s.whatsapp.net")
    assert [row.locator for at in ("m/1", "m/2") for row in base.met(at, named)] == ["m/1"]
    assert not list(base.met("m/3", None))
    assert base.accounts_met == {named.account_id}


def test_what_is_alike_is_looked_up_once() -> None:
    asked: list[str] = []
    assert once_each(lambda v: asked.append(v) or v * 2, ["a", "b", "a"]) == ["aa", "bb", "aa"]
    assert asked == ["a", "b"]
