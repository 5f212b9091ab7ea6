"""A judgement is signed by its author's key: what is removed, changed or another's is found."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clew.casefile.custody.identity import Analyst
from clew.casefile.custody.keys import FileKey
from clew.casefile.custody.signed import is_signed_by
from clew.casefile.ledger import Erasure
from clew.casefile.signers import listed, names_of
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.records import FileCategory
from clew.validation import tampering


def analyst(name: str) -> Analyst:
    return Analyst(name, FileKey(name, Ed25519PrivateKey.generate()))


def judge(case, by: str) -> int:
    return case.ledger.append(
        FileCategory(number=0, sha256="a" * 64, scheme="VICS", country="ES", code="1",
                     judged_by=by, reason="seen", judged_at=datetime(2026, 1, 1, tzinfo=UTC))
    )  # fmt: skip


def told(case, **more) -> list[tuple[bool, str]]:
    return [(one.is_problem, one.text) for one in verify(case, **more) if one.what == "signature"]


def rewritten(case, change) -> None:
    """Let somebody write the log anew, tree and all: only a checkpoint elsewhere shows that."""

    def within(db, _):
        for number, body in db.execute("SELECT number, body FROM entry").fetchall():
            content = json.loads(body)
            if content["action"] == "judged" and change(content):
                text = json.dumps(content, sort_keys=True, separators=(",", ":"))
                db.execute("UPDATE entry SET body = ? WHERE number = ?", (text, number))

    tamper = tampering._within(tampering._rebuilt(within, checkpoints="dropped"))
    tamper(case.folder / "custody.sqlite", case.folder, random.Random(0))


@pytest.fixture
def ana(case) -> Analyst:
    case.ledger.analyst = analyst("Ana")
    return case.ledger.analyst


def test_a_signed_judgement_is_told_by_nothing_and_its_key_is_known(case, ana) -> None:
    judge(case, "Ana")
    judge(case, "Ana")
    assert list(verify(case)) == []
    assert names_of(case) == {ana.fingerprint: "Ana"}
    entries = [e.content for e in case.custody.entries() if e.content["action"] == "judged"]
    assert {entry["key"] for entry in entries} == {ana.fingerprint}
    assert b"Ana" not in (case.folder / "custody.sqlite").read_bytes()


@pytest.mark.parametrize("name", ["signature", "key", "digest", "undoes"])
def test_a_signature_that_is_not_of_what_the_entry_says_is_found(case, ana, name) -> None:
    judge(case, "Ana")
    other = {"signature": base64.b64encode(bytes(64)).decode(), "undoes": 7}
    rewritten(case, lambda content: content.update({name: other.get(name, "0" * 32)}) or True)
    assert any(is_problem for is_problem, _ in told(case))


def test_a_signature_that_was_taken_away_is_found(case, ana) -> None:
    judge(case, "Ana")
    judge(case, "Ana")
    rewritten(case, lambda content: content["number"] == 2 and content.pop("signature"))
    assert [is_problem for is_problem, _ in told(case)] == [True]


def test_judgements_from_before_there_were_keys_are_valid_and_told(case) -> None:
    judge(case, "Ana")
    assert told(case) == [
        (False, "judgement 1 is not signed: whose it is rests on its words alone")
    ]
    case.ledger.analyst = analyst("Ana")
    judge(case, "Ana")
    case.ledger.analyst = None
    judge(case, "Ana")
    assert [is_problem for is_problem, _ in told(case)] == [False, True]


def test_a_judgement_in_anothers_name_is_found(case, ana) -> None:
    judge(case, "Chief")
    assert told(case) == [(True, "judgement 1 is by Chief, and signed by the key of Ana")]


def test_nobody_takes_a_name_that_another_key_has_in_the_case(case, ana) -> None:
    judge(case, "Ana")
    for other in (analyst("Ana"), Analyst("Bo", ana.signer)):
        case.ledger.analyst = other
        with pytest.raises(UsageError, match="in this case"):
            judge(case, other.name)
    case.ledger.analyst = analyst("Bo")
    assert judge(case, "Bo") == 2
    assert list(verify(case)) == []


def test_only_keys_that_were_handed_over_may_have_judged(case, ana) -> None:
    judge(case, "Ana")
    line = f"{ana.fingerprint}  Ana\n"
    assert told(case, signers=listed(line)) == []
    for wrong in ("", f"{ana.fingerprint}  Bo\n", line.replace(line[0], "x", 1)):
        assert [is_problem for is_problem, _ in told(case, signers=listed(wrong))] == [True]


def test_what_is_erased_leaves_its_signature_right(case, ana) -> None:
    judge(case, "Ana")
    about = Erasure(at="2026-01-02", erased_by="Ana", reason="order 1", judgements=(1,))
    case.ledger.erase(about)
    assert [one.text for one in verify(case) if one.is_problem] == []
    (erased,) = (
        e.content for e in case.custody.entries() if e.content["action"] == "person erased"
    )
    public = base64.b64encode(ana.signer.public).decode()
    assert is_signed_by(case.config.case_id, erased, public)
    assert not is_signed_by("another case", erased, public)
