"""The ledger: numbered in one transaction with the log, never changed, undone and never removed."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest

from clew import pipeline
from clew.casefile import create_case, open_case, verify
from clew.casefile.chronicle import Chronicle
from clew.casefile.ledger import Erasure
from clew.errors import EvidenceError
from clew.judgements import decisions
from clew.records import Decision, FileCategory, PersonJudgement
from clew.schema import Id

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def category(code: str = "2") -> FileCategory:
    return FileCategory(number=0, sha256=Id("a" * 64), scheme="VICS", country="ES", code=code,
                        judged_by="A. Analyst", reason="seen", judged_at=NOW)  # fmt: skip


def person(*accounts: str) -> PersonJudgement:
    return PersonJudgement(number=0, decision=Decision.ACCEPT, accounts=tuple(map(Id, accounts)),
                           others=(), judged_by="A. Analyst", reason="interview",
                           judged_at=NOW)  # fmt: skip


def problems(case) -> list[str]:
    log = Chronicle(case.custody)
    return [*log.problems, *verify.ledger(case, log), *case.custody.problems()]


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "t", "a") as made:
        yield made


def rewritten(case, *statements: str) -> None:
    """The ledger as somebody leaves it who may write to its file."""
    with closing(sqlite3.connect(case.folder / "ledger.sqlite")) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_numbers_are_of_all_kinds_together_and_in_the_order_of_the_log(case) -> None:
    assert case.ledger.append(category()) == 1
    assert case.ledger.append_all([person("p:a", "p:b"), person("p:b", "p:c")]) == [2, 3]
    assert case.ledger.append_all([]) == []
    assert case.ledger.append(category("1")) == 4
    assert [j.number for j in case.ledger.judgements(PersonJudgement)] == [2, 3]
    assert [e.content["number"] for e in case.custody.entries() if "judged" in e.body] == [
        1,
        2,
        3,
        4,
    ]
    assert problems(case) == []


def test_the_log_holds_nothing_of_what_was_judged(case) -> None:
    case.ledger.append(person("whatsapp:pn:34600111222", "whatsapp:pn:34600333444"))
    log = (case.folder / "custody.sqlite").read_bytes()
    for secret in (b"34600111222", b"A. Analyst", b"interview"):
        assert secret not in log
        assert secret in (case.folder / "ledger.sqlite").read_bytes()


def test_what_is_erased_is_gone_and_its_digest_stays(case) -> None:
    number = case.ledger.append(person("whatsapp:pn:34600111222", "whatsapp:pn:34600333444"))
    digest = case.ledger.rows()[0].digest
    about = Erasure(at="2026-01-02", erased_by="A", reason="order 1", judgements=(number,))
    case.ledger.erase(about)
    assert b"34600111222" not in (case.folder / "ledger.sqlite").read_bytes()
    (row,) = case.ledger.rows()
    assert (row.text, row.salt, row.digest, row.erasure) == (None, None, digest, 1)


def test_judging_needs_no_lock_and_many_may_judge_at_once(case) -> None:
    def judge() -> None:
        with open_case(case.folder) as opened:
            for _ in range(5):
                opened.ledger.append(category())

    with case.writing():
        threads = [threading.Thread(target=judge) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [row.number for row in case.ledger.rows()] == list(range(1, 21))
    assert problems(case) == []


def test_a_judgement_shows_at_once(case) -> None:
    assert case.rows("FROM file_categories") == []
    case.ledger.append(category())
    assert [r["code"] for r in case.rows("FROM file_categories")] == ["2"]


def test_while_a_run_works_its_judgements_are_those_from_when_it_began(case) -> None:
    case.ledger.append(category())
    with case.writing():
        pipeline.perform(case, "categorise")
        with open_case(case.folder) as beside:
            beside.ledger.append(category("1"))
            assert len(beside.rows("FROM file_categories")) == 2
        assert len(case.rows("FROM file_categories")) == 1
    assert decisions.behind(case) == {FileCategory}


def test_every_kind_of_judgement_can_be_undone_and_the_undoing_too(case) -> None:
    case.ledger.append_all([category(), person("p:a", "p:b")])
    for kind, number in ((FileCategory, 1), (PersonJudgement, 2)):
        undoing = decisions.undo(case, number, "B", "wrong")
        assert [j.counts for j in case.ledger.judgements(kind)] == [False, False]
        decisions.undo(case, undoing.number, "B", "right after all")
        assert [j.counts for j in case.ledger.judgements(kind)] == [True, False, False]


@pytest.mark.parametrize("statement", [
    "DELETE FROM judgements", "UPDATE judgements SET text = 'x'",
    "UPDATE judgements SET number = number + 10", "UPDATE judgements SET undoes = 1",
])  # fmt: skip
def test_the_ledger_refuses_to_change(case, statement) -> None:
    case.ledger.append(category())
    with (
        closing(sqlite3.connect(case.folder / "ledger.sqlite")) as db,
        pytest.raises(sqlite3.IntegrityError, match="never changed or removed"),
    ):
        db.execute(statement)


@pytest.mark.parametrize("statements", [
    ("UPDATE judgements SET text = replace(text, '\"2\"', '\"3\"')",),
    ("DELETE FROM judgements",),
    ("DELETE FROM judgements WHERE number = 2",),
    ("UPDATE judgements SET kind = 'whims' WHERE number = 1",),
    ("UPDATE judgements SET undoes = 1 WHERE number = 2",),
    ("UPDATE judgements SET text = NULL, salt = NULL, erasure = 1",),
    ("UPDATE judgements SET number = number + 10",
     "UPDATE judgements SET number = 2 WHERE number = 11",
     "UPDATE judgements SET number = 1 WHERE number = 12"),
    ("UPDATE judgements SET salt = '00' WHERE number = 1",),
    ("INSERT INTO judgements VALUES (3, 'k', NULL, NULL, 'd', 's', 't', NULL)",),
    ("INSERT INTO suppressed VALUES ('d', 's')",),
])  # fmt: skip
def test_a_ledger_that_was_rewritten_is_found(case, statements) -> None:
    case.ledger.append_all([category(), category("1")])
    assert problems(case) == []
    rewritten(case, *statements)
    assert problems(case)


def test_a_judgement_is_whole_or_not_there_whenever_its_process_dies(case, monkeypatch) -> None:
    case.ledger.append(category())
    monkeypatch.setattr(case.custody, "append_within", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        case.ledger.append(category("1"))
    monkeypatch.undo()
    assert [row.number for row in case.ledger.rows()] == [1]
    assert case.ledger.append(category("3")) == 2
    assert problems(case) == []


def test_a_sealed_entry_tells_nothing_and_can_be_opened(case) -> None:
    case.custody.append_sealed("read", {"whom": "whatsapp:pn:34600111222"}, what="messages")
    (told,) = [e.content for e in case.custody.entries() if e.content["action"] == "read"]
    assert told["what"] == "messages"
    assert b"34600111222" not in (case.folder / "custody.sqlite").read_bytes()
    assert case.custody.vault.text(told["sealed"]) == '{"whom":"whatsapp:pn:34600111222"}'
    assert problems(case) == []


def test_without_its_log_nothing_is_judged(case) -> None:
    (case.folder / "custody.sqlite").unlink()
    with pytest.raises(EvidenceError, match="missing"):
        case.ledger.append(category())
    assert not (case.folder / "custody.sqlite").exists()
