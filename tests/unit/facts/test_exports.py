"""What the readers of exports share."""

from __future__ import annotations

from clew.facts.exports import e164, milliseconds, seconds, texts


def test_times_out_of_any_calendar_are_no_times() -> None:
    assert [seconds(v) for v in (0, -1, 1 << 40, "x", None)] == [None] * 5
    assert [milliseconds(v) for v in (0, -1, 1 << 60, "x", None)] == [None] * 5
    assert milliseconds(1600000000123).isoformat() == "2020-09-13T12:26:40.123000+00:00"
    assert seconds("1600000000").isoformat() == "2020-09-13T12:26:40+00:00"


def test_a_number_without_a_country_is_no_number_of_the_world() -> None:
    assert e164("+44 7700 900101") == "+447700900101"
    assert [e164(n) for n in ("07700 900101", "+0", "", None)] == [None] * 4


def test_links_are_found_and_defanged() -> None:
    found = texts("see https://example.org/a")
    assert found["urls"] == ("hxxps://example[.]org/a",)
    assert texts("no link")["urls"] is None
    assert texts("") == {}
