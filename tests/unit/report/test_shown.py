"""Nothing of what is shown hides or turns; numbers and times read the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from clew.reading import Reading, disclosure_of
from clew.report.shown import Shown, moment, number, short


def test_numbers_times_and_hashes_are_short_and_whole() -> None:
    assert number(1234567) == "1\u202f234\u202f567"
    assert number("x") == "x"
    assert moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02 03:04:05Z"
    assert moment(None) == ""
    assert short("a" * 64) == "a" * 12 + "…"
    assert short(None) == ""


def test_a_link_in_a_sentence_stays_one_and_everything_else_is_escaped(case) -> None:
    words = Shown(Reading(case, disclosure_of("test")))
    link = Markup('<a href="#p1">P1</a>')
    assert words.say("times", what=link, n=1234) == f"{link} (1\u202f234)"
    hostile = "<b>\x020\x03\u202e"
    assert words.say("titled", group=link, title=hostile) == (
        f"{link} “&lt;b&gt;⟨U+0002⟩0⟨U+0003⟩⟨U+202E⟩”"
    )


def test_several_are_joined_as_a_sentence_joins_them(case) -> None:
    words = Shown(Reading(case, disclosure_of("test")))
    assert [words.several("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert words.several("abcd", 2) == "a, b and 2 more"
    assert words.several(["<", Markup("<i>")]) == "&lt; and <i>"


def test_countries_have_names(case) -> None:
    words = Shown(Reading(case, disclosure_of("test")))
    assert [words.country(c) for c in ("ES", "XX", None)] == ["Spain", "XX", "not known"]
