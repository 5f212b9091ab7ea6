"""A list is narrowed to a person, a group and a time, and refuses what it does not know."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.cli.narrowing import narrowed, scope_of
from clew.errors import UsageError
from clew.reading import Reading, disclosure_of
from clew.records import (
    Chat,
    ChatType,
    LineBasis,
    LineKind,
    LinePrecision,
    Person,
    PersonAccount,
    TimelineLine,
)
from clew.views.narrowing import Narrowing

ONE, OTHER = "whatsapp:pn:34611222333", "whatsapp:pn:34611222334"
HIDDEN = "whatsapp:lid:111222333444555"
GROUP = "whatsapp:1@g.us"


def line(name: str, day: int, who: str, group: str | None = None) -> TimelineLine:
    return TimelineLine(
        line_id=name, at=datetime(2024, 5, day, 12, tzinfo=UTC), precision=LinePrecision.SECOND,
        basis=LineBasis.SERVER, corrected=False, kind=LineKind.MEMBERS, what="added", weight=1,
        rows=1, figures=(), persons=(who,), chat_id=group, exhibit_id="ES-01", exhibits=("ES-01",),
    )  # fmt: skip


@pytest.fixture
def filled(case):
    chat = Chat(
        exhibit_id="ES-01", source_id="a" * 64, locator="chat/1", chat_id=GROUP, subject="Taller",
        platform="whatsapp", chat_type=ChatType.GROUP,
    )  # fmt: skip
    persons = [
        Person(
            person_id=who, accounts=1, inferred=0, names=(), is_owner_of=(), e164="+" + who[-11:]
        )
        for who in (ONE, OTHER)
    ]
    accounts = [
        PersonAccount(person_id=ONE, account_id=who, rule="x", score=1.0, inferred=False)
        for who in (ONE, HIDDEN)
    ]
    lines = [line("a", 1, ONE, GROUP), line("b", 2, OTHER, GROUP), line("c", 3, ONE)]
    publish_step(case, "timeline", WHOLE_CASE, *lines, *persons, *accounts, chat)
    return case


def shown(case, what: str = "timeline", **asked: str) -> str:
    every = dict.fromkeys(("person", "group", "since", "until")) | asked
    reading = Reading(case, disclosure_of("test"))
    page = reading.view(what, narrowed(reading, **every))
    assert page.total == len(page.rows)
    return "".join(row.get("line_id", "-") for row in page.rows)


@pytest.mark.parametrize("who", [ONE, HIDDEN, "+34611222333"])
def test_a_person_is_found_by_any_of_their_names(filled, who) -> None:
    assert shown(filled, person=who) == "ac"


def test_a_person_is_found_by_the_pseudonym_that_is_printed(filled) -> None:
    assert shown(filled, person=filled.masking().of(ONE)) == "ac"


@pytest.mark.parametrize("group", [GROUP, "Taller"])
def test_a_group_is_found_by_id_or_title(filled, group) -> None:
    assert shown(filled, group=group, person=ONE) == "a"


def test_a_day_that_ends_counts_whole_and_a_moment_does_not(filled) -> None:
    assert shown(filled, since="2024-05-02", until="2024-05-03") == "bc"
    assert shown(filled, until="2024-05-02T12:00:00Z") == "a"


def test_any_list_is_narrowed_by_its_columns_and_one_that_has_none_is_refused(filled) -> None:
    assert shown(filled, "person-accounts", person=HIDDEN) == "--"
    assert shown(filled, "chats", group="Taller") == "-"
    with pytest.raises(UsageError, match="sets has no column of a person"):
        shown(filled, "sets", person=ONE)
    with pytest.raises(UsageError, match="accounts has no column of a time"):
        shown(filled, "accounts", since="2024-05-02")


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "nobody"},
        {"group": "none"},
        {"since": "soon"},
        {"until": "9999-12-31"},
        {"since": "2024-05-03", "until": "2024-05-01"},
    ],
)
def test_what_is_not_known_is_refused(filled, asked) -> None:
    with pytest.raises(UsageError):
        shown(filled, **asked)


def test_an_exhibit_that_the_case_does_not_have_is_refused(filled) -> None:
    reading = Reading(filled, disclosure_of("test", scope=Narrowing(exhibit=("ZZ-09",))))
    with pytest.raises(UsageError, match="no exhibit ZZ-09"):
        narrowed(reading, None, None, None, None)


def test_a_country_that_is_none_is_refused() -> None:
    assert scope_of("es", None).country == ("ES",)
    with pytest.raises(UsageError, match="no country code"):
        scope_of("QQ", None)
