"""Cards name who added whom, and no other account where that would mostly be wrong."""

from __future__ import annotations

import pytest
from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.reading import Reading, disclosure_of
from clew.records import LinkState, LinkStrength, Person, PersonAccount, PersonLink
from clew.report.book import Book
from clew.report.cards import Cards
from clew.report.shown import Shown


def cards_of(case) -> tuple[Book, Cards]:
    reading = Reading(case, disclosure_of("test"))
    book = Book(reading, Shown(reading), {})
    return book, Cards(book)


def test_members_stand_in_the_order_of_their_standing(drawn) -> None:
    book, cards = cards_of(drawn)
    roles = [stay["role"] for stay in cards.members(book.groups[0])]
    assert roles[0] == "creator"
    assert set(roles[1:]) == {"member"}
    assert len(cards.in_groups(book.persons[0])) == 2


@pytest.mark.parametrize(("error", "named"), [(0.89, False), (0.51, False), (0.2, True)])
def test_another_account_is_named_only_where_that_is_mostly_right(drawn, error, named) -> None:
    a, b = (f"whatsapp:pn:4477009000{n:02d}" for n in (1, 2))
    link = PersonLink(
        account_a=a, account_b=b, state=LinkState.OFFERED, bits=1.0, odds=1.0,
        error=error, strength=LinkStrength.WEAK, lines=1, evidence=(),
    )  # fmt: skip
    publish_step(drawn, "resolve", WHOLE_CASE, *_resolved(drawn), link)
    book, cards = cards_of(drawn)
    said = [cards.others(p) for p in book.persons]
    assert any("would be wrong in 20 of 100 cases" in text for text in said) is named
    assert any(said) is named


def _resolved(case):
    for row in (Person, PersonAccount):
        for found in case.rows(f"SELECT * FROM {row.table_name}"):
            yield row(**found)


def test_countries_are_those_of_most_members(drawn) -> None:
    book, cards = cards_of(drawn)
    assert cards.countries(book.groups)[0] == "PT"
    assert "aria-label" in cards.dot(book.groups[0], "GB", cards.most_of_a_country(book.groups))
    assert cards.dot(book.groups[0], "ES", 1) == ""
