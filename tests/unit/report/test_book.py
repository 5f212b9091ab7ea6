"""Numbers are the same whoever reads, and a figure is the sum of the rows that it counts."""

from __future__ import annotations

import pytest

from clew.reading import Reading, disclosure_of
from clew.report.book import Book
from clew.report.shown import Shown

MASKED = disclosure_of("test")
OPEN = disclosure_of("test", unmask=True, reason="a test")


def book_of(case, asked=MASKED, undone=None) -> Book:
    reading = Reading(case, asked)
    return Book(reading, Shown(reading), undone or {})


def real(value):
    return getattr(value, "real", value)


def test_a_number_stands_for_the_same_whoever_reads(drawn) -> None:
    masked, shown = book_of(drawn), book_of(drawn, OPEN)
    for rows, key in (("persons", "person_id"), ("groups", "chat_id")):
        one, other = ({r["label"]: real(r[key]) for r in getattr(b, rows)} for b in (masked, shown))
        assert len(one) > 4
        assert one == other


def test_persons_do_not_stand_in_the_order_of_the_numbers_behind_them(drawn) -> None:
    book = book_of(drawn)
    alike = [real(p["person_id"]) for p in book.persons if not p["created"] and not p["shares"]]
    assert len(alike) > 50
    assert alike != sorted(alike)


def test_names_without_a_person_are_no_persons(drawn) -> None:
    book = book_of(drawn)
    assert len(book.names) == 1
    assert len(book.persons) == book.figure("persons")
    assert len(book.names) == book.figure("names")
    assert "a name only" in book.ref("person", next(iter(book.names)))


def test_what_is_not_on_the_page_has_its_number_and_no_link(drawn, monkeypatch) -> None:
    monkeypatch.setattr("clew.report.book.LISTED", 1)
    book = book_of(drawn)
    first, second = book.persons[:2]
    assert book.ref("person", first["person_id"]).startswith('<a class="id" href="#p1">')
    assert book.ref("person", second["person_id"]) == '<span class="id">P2</span>'
    assert "not known" in book.ref("person", "nobody")


def test_an_exhibit_that_is_not_on_the_page_has_no_link(case, monkeypatch) -> None:
    monkeypatch.setattr("clew.report.book.EXHIBITS", 2)
    book = book_of(case)
    counts = {"E-1": (0, 9), "E-2": (5, 1), "E-3": (0, 3)}
    book.exhibits = [
        {"exhibit_id": e, "label": e, "number": n, "anchor": f"e{n}", "messages": m, "seen": s}
        for n, (e, (m, s)) in enumerate(counts.items(), 1)
    ]
    assert [e["exhibit_id"] for e in book.exhibits_shown] == ["E-1", "E-2"]
    linked = [e for e in counts if "href" in book.ref("exhibit", e)]
    assert linked == ["E-1", "E-2"]


def test_what_rests_on_missing_conclusions_is_not_known_rather_than_none(drawn) -> None:
    undone = {"carried": ("carried",), "network": ("groups", "group_members")}
    book = book_of(drawn, undone=undone)
    assert book.missing == ["carried"]
    assert book.stale == ["network"]
    assert not book.lacks("report/groups")
    book = book_of(drawn, undone={"countries": ("person_countries",)})
    assert book.figure("number_only") is None
    assert book.figure("exhibits") == 0
    assert book.rows("person-countries") == []


@pytest.mark.parametrize("name", ["known_sendings", "new_files", "failed"])
def test_figures_of_an_empty_case_are_none(case, name) -> None:
    assert book_of(case).figure(name) == 0
