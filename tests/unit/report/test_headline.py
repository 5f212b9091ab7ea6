"""Each finding is a sentence with its figures that leads to its evidence."""

from __future__ import annotations

import re

import pytest
from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.reading import Reading, disclosure_of
from clew.records import KeyPlayer, KeySet
from clew.report import headline
from clew.report.book import Book
from clew.report.shown import Shown


def book_of(case, undone=None) -> Book:
    reading = Reading(case, disclosure_of("test"))
    return Book(reading, Shown(reading), undone or {})


def said(case, undone=None) -> dict[str, str]:
    found = headline.findings(book_of(case, undone))
    assert len(found) <= headline.FINDINGS
    return {f.sentence.striptags(): f.anchor for f in found}


def test_an_organiser_a_succession_and_an_invitation_are_said_with_their_figures(drawn) -> None:
    found = said(drawn)
    (organiser,) = (s for s in found if "created" in s and "is admin of" in s)
    assert organiser.startswith(
        "P1 created 2 of the 5 groups and is admin of 2. "
        "Persons added: 0, in 0 additions; removed: 0. "
    )
    assert "No device of this person was seized." in organiser
    assert found[organiser] == "p1"
    (follows,) = (s for s in found if "fell silent" in s)
    assert "12 of the" in follows
    assert any(s.startswith("1 invitation link was posted") for s in found)


def test_an_answer_is_said_with_who_and_a_file_without_answer_is_not(answered, drawn) -> None:
    assert any("For 1 of them the devices answer who most likely" in s for s in said(answered))


def test_without_an_answer_the_page_says_so(drawn) -> None:
    assert any("For none of them do the devices answer" in s for s in said(drawn))
    open_ = " ".join(str(s) for s in headline.not_concluded(book_of(drawn)))
    assert "at least 50 first shares" in open_
    assert "The earliest sending seen is not an answer" in open_


def test_no_sentence_rests_on_conclusions_that_are_not_there(drawn) -> None:
    assert any("invitation" in s for s in said(drawn))
    missing = {"carried": ("invite_targets", "membership_periods", "origins")}
    assert not any("invitation" in s or "other files" in s for s in said(drawn, missing))


@pytest.mark.parametrize("gain", [0.002, 0.2])
def test_whom_to_ask_next_is_named_only_where_that_changes_something(drawn, gain) -> None:
    player = KeyPlayer(
        set_kind=KeySet.HOLDS_TOGETHER, rank=1, person_id="whatsapp:pn:447700900003",
        exhibits=(), gain=gain, before=0.5, after=0.5 + gain, others=20, parts=4, largest_part=9,
        groups=None, reached=None, candidates=20, starts=20, error=0.0,
    )  # fmt: skip
    publish_step(drawn, "key-players", WHOLE_CASE, player)
    asked = [s for s in said(drawn) if s.startswith("Whom to ask about next")]
    open_ = " ".join(str(s) for s in headline.not_concluded(book_of(drawn)))
    assert bool(asked) is (gain >= headline.CHANGES)
    assert ("Nobody's absence" in open_.replace("&#39;", "'")) is not bool(asked)


@pytest.mark.parametrize(("error", "said_as"), [(0.0, 1), (0.892, 89), (1.0, 99), (0.004, 1)])
def test_an_error_is_never_none_or_all(error, said_as) -> None:
    assert headline.in_hundred(error) == said_as


def test_no_ratio_is_shown_as_certain_and_no_count_with_decimals(answered) -> None:
    every = [*said(answered), *map(str, headline.not_read(book_of(answered)))]
    assert not any(re.search(r"\b1\.0+\b|\b\d+\.\d+ (persons|files|groups)", s) for s in every)
