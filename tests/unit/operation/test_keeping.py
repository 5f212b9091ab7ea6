"""Statements in the ledger: written in one act, merged once, and bound by the custody log."""

from __future__ import annotations

import base64

import msgspec
import pytest
from builders.statements import site
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clew.casefile.ledger import Erasure
from clew.casefile.verify import verify
from clew.errors import EvidenceError
from clew.operation import keeping, site_files
from clew.operation.statements import Said, listed
from clew.records import About, SiteSheet, Statement

SAID = [Said(about=About.PERSON, reference=f"ES-P-{n}", says="arrested") for n in range(3)]


def a_file(name="MAD", said=SAID, key=None):
    made = listed(said, name, "officer 1")
    if key is None:
        return b"".join(map(site_files.line_of, made))
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    signed = (
        base64.b64encode(key.sign(site_files.signed_text(one.statement_id))).decode()
        for one in made
    )
    lines = map(site_files.line_of, made, signed)
    return b"".join((site_files.head_line(name, public), *lines))


def test_what_is_stated_in_one_act_is_one_row_that_the_log_binds(case) -> None:
    first = keeping.state(case, SAID, "A. Analyst", "briefing")
    second = keeping.state(case, SAID[:1], "A. Analyst", "briefing")
    assert [one.seq for one in (*first, *second)] == [1, 2, 3, 4]
    assert second[0].previous == first[-1].statement_id
    assert [row.kind for row in case.ledger.rows()] == ["statements", "statements"]
    assert keeping.statements(case) == [*first, *second]
    rows = case.rows("SELECT seq FROM statements ORDER BY seq")
    assert [row["seq"] for row in rows] == [1, 2, 3, 4]
    assert keeping.board_of(case).gaps == ()
    assert not [found for found in verify(case) if found.is_problem]


def test_a_file_is_merged_once(case) -> None:
    file = site_files.parsed(a_file(), "MAD.jsonl")
    (done,) = keeping.merge(case, [file], "A. Analyst", "stick 1")
    assert (done.statements, done.fresh, done.signed) == (3, 3, False)
    (again,) = keeping.merge(case, [file], "A. Analyst", "stick 1")
    assert again.fresh == 0
    assert len(keeping.statements(case)) == 3
    assert len(case.ledger.judgements(SiteSheet)) == 1


def test_a_site_keeps_its_key(case) -> None:
    own, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    keeping.merge(case, [site_files.parsed(a_file(key=own), "a")], "A", "stick")
    for content in (a_file(key=other), a_file()):
        with pytest.raises(EvidenceError, match="the key of MAD is"):
            keeping.merge(case, [site_files.parsed(content, "b")], "A", "stick")
    assert len(keeping.statements(case)) == 3


def test_a_lot_is_read_as_it_was_written(case) -> None:
    lot = site("X", {"about": "exhibit S/1", "says": "seized", "kind": "cámara", "quantity": 3})
    act = keeping._act("A", "r")
    number = case.ledger.append_lot(lot, act)
    (found,) = case.ledger.judgements(Statement)
    assert found.number == number == 1
    assert found.particulars == ("kind=cámara", "quantity=3")


def test_a_refused_first_statement_leaves_the_case_as_it_was(case, monkeypatch) -> None:
    def refused(*_: object) -> int:
        raise EvidenceError("refused", do="nothing")

    monkeypatch.setattr(case.custody, "append_answered", refused)
    with pytest.raises(EvidenceError, match="refused"):
        keeping.state(case, SAID, "A. Analyst", "briefing")
    monkeypatch.undo()
    assert keeping.statements(case) == []
    assert not [found for found in verify(case) if found.is_problem]
    keeping.state(case, SAID, "A. Analyst", "briefing")
    assert len(keeping.statements(case)) == len(SAID)


def test_erasing_somebody_leaves_what_else_was_stated_in_the_act(case) -> None:
    keeping.state(case, [*SAID, msgspec.structs.replace(SAID[0], place="+34600111222")], "A", "r")
    act = keeping._act("A", "order 12/26")
    case.ledger.keep_rest((1,), lambda text: "+34600111222" in text, act)
    about = Erasure(at=act.judged_at, erased_by="A", reason="order 12/26", judgements=(1,))
    case.ledger.erase(about)
    assert [one.seq for one in keeping.statements(case)] == [1, 2, 3]
    assert keeping.board_of(case).gaps == ()
    assert b"+34600111222" not in (case.folder / "ledger.sqlite").read_bytes()
