"""A judgement is signed by its author's key: what is removed, changed or another's is found."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clew.casefile import Context, Options
from clew.casefile.custody.identity import Analyst
from clew.casefile.custody.keys import FileKey
from clew.casefile.custody.signed import is_signed_by
from clew.casefile.ledger import Erasure
from clew.casefile.signers import listed, names_of
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.evidence.entries import Intake
from clew.evidence.intake import STEP, take_in
from clew.reading import Disclosure, disclose
from clew.records import Exhibit, FileCategory
from clew.schema import Id
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


def rewritten(case, change, action="judged") -> None:
    """Let somebody write the log anew, tree and all: only a checkpoint elsewhere shows that."""

    def within(db, _):
        for number, body in db.execute("SELECT number, body FROM entry").fetchall():
            content = json.loads(body)
            if content["action"] == action and change(content):
                text = json.dumps(content, sort_keys=True, separators=(",", ":"))
                db.execute("UPDATE entry SET body = ? WHERE number = ?", (text, number))

    tamper = tampering._within(tampering._rebuilt(within, checkpoints="dropped"))
    tamper(case.folder / "custody.sqlite", case.folder, random.Random(0))


@pytest.fixture
def ana(case) -> Analyst:
    case.custody.analyst = analyst("Ana")
    return case.custody.analyst


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
    case.custody.analyst = analyst("Ana")
    judge(case, "Ana")
    case.custody.analyst = None
    judge(case, "Ana")
    assert [is_problem for is_problem, _ in told(case)] == [False, True]


def unmask(case) -> None:
    asked = Disclosure(what="accounts", masked=False, purpose="request 12/26")
    with disclose(case, asked) as reading:
        reading.view("accounts")


def take(case, tmp_path, exhibit_id: str) -> None:
    (tmp_path / f"{exhibit_id}.txt").write_text(exhibit_id)
    asked = Intake(
        Exhibit(exhibit_id=Id(exhibit_id), kind="usb", country="ES", authority="A",
                content_sha256="", hash_only=False),
        (tmp_path / f"{exhibit_id}.txt",),
    )  # fmt: skip
    with case.writing():
        take_in(Context(case=case, step=STEP, scope=exhibit_id, options=Options(intake=asked)))


def test_taking_in_and_unmasking_are_signed_and_masked_reading_is_not(case, ana, tmp_path) -> None:
    take(case, tmp_path, "ES-01")
    unmask(case)
    with disclose(case, Disclosure(what="accounts")) as reading:
        reading.view("accounts")
    entries = [e.content for e in case.custody.entries()]
    signed = [(e["action"], e.get("masked")) for e in entries if "signature" in e]
    assert signed == [("key introduced", None), ("exhibit taken in", None), ("read", False)]
    assert list(verify(case)) == []


@pytest.mark.parametrize(
    ("action", "other"),
    [("exhibit taken in", {"exhibit": {"exhibit_id": "ES-02"}}), ("read", {"purpose": "none"})],
)
def test_what_was_taken_in_or_unmasked_can_not_be_said_otherwise(
    case, ana, tmp_path, action, other
) -> None:
    take(case, tmp_path, "ES-01")
    unmask(case)
    rewritten(case, lambda content: content.update(other) or True, action)
    assert [is_problem for is_problem, _ in told(case)] == [True]


def test_taking_in_and_unmasking_without_a_key_are_told_and_refused_after_signed_ones(
    case, tmp_path
) -> None:
    unmask(case)
    take(case, tmp_path, "ES-01")
    assert told(case) == []  # nobody's key is known here
    case.custody.analyst = analyst("Ana")
    judge(case, "Ana")
    assert [is_problem for is_problem, _ in told(case)] == [False, False]
    unmask(case)
    take(case, tmp_path, "ES-02")
    size, case.custody.analyst = case.custody.checkpoint().size, None
    for refused in (unmask, lambda case: take(case, tmp_path, "ES-03")):
        with pytest.raises(UsageError, match="is signed, and you have no key"):
            refused(case)
    assert case.custody.checkpoint().size == size
    case.custody.append("read", masked=False, what="accounts")
    assert [is_problem for is_problem, _ in told(case)] == [False, False, True]


def test_a_judgement_in_anothers_name_is_found(case, ana) -> None:
    judge(case, "Chief")
    assert told(case) == [(True, "judgement 1 is by Chief, and signed by the key of Ana")]


def test_nobody_takes_a_name_that_another_key_has_in_the_case(case, ana) -> None:
    judge(case, "Ana")
    for other in (analyst("Ana"), Analyst("Bo", ana.signer)):
        case.custody.analyst = other
        with pytest.raises(UsageError, match="in this case"):
            judge(case, other.name)
    case.custody.analyst = analyst("Bo")
    assert judge(case, "Bo") == 2
    assert list(verify(case)) == []


def test_only_keys_that_were_handed_over_may_have_judged(case, ana) -> None:
    judge(case, "Ana")
    line = f"{ana.fingerprint}  Ana\n"
    assert told(case, signers=listed(line)) == []
    for wrong in ("", f"{ana.fingerprint}  Bo\n", line.replace(line[0], "x", 1)):
        assert [is_problem for is_problem, _ in told(case, signers=listed(wrong))] == [True]


@pytest.mark.parametrize("text", ["sent_at,subject\n", "\n{}\n", "\x89PNG", "eb10dc40c83839c6\n"])
def test_a_file_that_is_no_list_of_keys_makes_strangers_of_nobody(text) -> None:
    with pytest.raises(UsageError, match="no line of clew whoami"):
        listed(text)


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
