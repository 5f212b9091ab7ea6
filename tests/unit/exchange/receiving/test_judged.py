from __future__ import annotations

import pytest
from builders.countries import PICTURE, SEALED, number, package, rows_of, tables_of
from builders.merging import new_case

from clew.errors import UsageError
from clew.exchange.receiving import Arrival, take_in
from clew.exchange.receiving.judged import adopt
from clew.judgements import decisions
from clew.judgements.decisions import Ruling
from clew.records import Decision, ReceivedJudgement


def theirs(number_: int, says: str, **about: object) -> ReceivedJudgement:
    told = {"decided_in": "person_judgements", "accounts": (number(0), number(1)), **about}
    return ReceivedJudgement(origin="ES-0a0b0c0d", package_id="p", number=number_, says=says,
                             judged_by="B", judged_at=SEALED, **told)  # fmt: skip


@pytest.fixture
def case(tmp_path):
    made = new_case(tmp_path / "case", rows_of("FR", 1))
    category = theirs(3, "CAT ES: 1", decided_in="file_categories", accounts=(), sha256=PICTURE)
    about, given = package("ES"), tables_of(rows_of("ES", 1))
    judged = (theirs(1, "accept"), theirs(2, "split"), category)
    with made.writing():
        take_in(made, about, given, Arrival(about=about, given=given, judged=judged))
    made.refresh()
    return made


def test_an_adopted_judgement_names_theirs_and_counts(case) -> None:
    made = adopt(case, "ES-0a0b0c0d~1", "A", "seen")
    assert (made.decision, made.reason) == (Decision.ACCEPT, "adopts ES-0a0b0c0d~1: seen")
    file = adopt(case, "ES-0a0b0c0d~3", "A", "seen")
    assert (file.scheme, file.country, file.code) == ("CAT", "ES", "1")


def test_an_own_rejection_outranks_theirs_until_it_is_undone(case) -> None:
    ruling = Ruling(decision=Decision.REJECT, accounts=(number(1), number(0)))
    own = decisions.judge(case, ruling, "A", "not them")
    with pytest.raises(UsageError, match="outranks"):
        adopt(case, "ES-0a0b0c0d~1", "A", "seen")
    decisions.undo(case, own.number, "A", "wrong")
    assert adopt(case, "ES-0a0b0c0d~1", "A", "seen").decision == Decision.ACCEPT


@pytest.mark.parametrize("named", ["ES-0a0b0c0d~2", "ES-0a0b0c0d~9", "1", "PT-1~1"])
def test_what_is_not_there_or_can_not_be_followed_is_refused(case, named) -> None:
    with pytest.raises(UsageError):
        adopt(case, named, "A", "seen")
