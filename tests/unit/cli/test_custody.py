"""The custody commands keep nothing that was not checked, and refuse in words."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from clew.casefile.custody import checkpoint, keys
from clew.cli.custody import custody
from clew.errors import EvidenceError, UsageError

WORDS = "three plain words"


def clew(*arguments):
    result = CliRunner().invoke(custody, list(map(str, arguments)), standalone_mode=False)
    if result.exception and not isinstance(result.exception, UsageError | EvidenceError):
        raise result.exception
    return result


@pytest.fixture
def agency(tmp_path, monkeypatch):
    """A key of another agency, and its verifier."""
    (tmp_path / "words").write_text(f"{WORDS}\n")
    monkeypatch.setenv(keys.PASSPHRASE_FILE, str(tmp_path / "words"))
    public = keys.make(tmp_path / "k.pem", WORDS)
    return tmp_path / "k.pem", checkpoint.verifier("pt.example/custody", public)


def test_a_cosigned_checkpoint_is_kept_only_when_its_signature_is_right(
    case, agency, tmp_path
) -> None:
    key, verifier = agency
    signer = keys.load(key, "pt.example/custody", WORDS)
    file = tmp_path / "point.txt"
    text = checkpoint.signed(case.custody.checkpoint(), signer)
    file.write_text(text)
    assert "checked" in str(clew("checkpoint", case.folder, "--cosign", file).exception)
    head, dash, signature = text.rpartition("\u2014")
    bad = tmp_path / "bad.txt"
    bad.write_text(head + dash + signature.replace(signature[-9:-5], "AAAA"))
    for wrong in (bad, tmp_path / "unsigned.txt"):
        (tmp_path / "unsigned.txt").write_text(case.custody.checkpoint().text)
        result = clew("checkpoint", case.folder, "--cosign", wrong, "--verifier", verifier)
        assert isinstance(result.exception, EvidenceError)
    assert list(case.custody.kept()) == []
    result = clew("checkpoint", case.folder, "--cosign", file, "--verifier", verifier, "--json")
    assert json.loads(result.stdout)["signed_by"] == ["pt.example/custody"]
    assert list(case.custody.kept()) == [text]


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_a_name_that_a_note_can_not_carry_is_refused(tmp_path, agency, name) -> None:
    result = clew("key", tmp_path / "new.pem", "--name", name)
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "new.pem").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--name", "es.example"), "no key"),
        (("--label", "custody"), "no key"),
        (("--key", "{key}"), "needs a name"),
        (("--key", "{key}", "--name", "x", "--pkcs11", "m.so"), "one key"),
        (("--pkcs11", "m.so", "--name", "x"), "--label"),
        (("--key", "{key}", "--name", "a b"), "can't be the name"),
    ],
)
def test_what_can_not_be_signed_leaves_no_checkpoint(case, agency, arguments, word) -> None:
    given = [a.replace("{key}", str(agency[0])) for a in arguments]
    result = clew("checkpoint", case.folder, *given)
    assert isinstance(result.exception, UsageError)
    assert word in str(result.exception)
    assert case.custody.checkpoint().size == 1


def test_a_passphrase_that_can_not_be_read_is_told(case, agency, monkeypatch) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_FILE, "gone")
    result = clew("checkpoint", case.folder, "--key", agency[0], "--name", "x")
    assert "gone" in str(result.exception)


def test_a_verifier_without_a_checkpoint_is_told(case, agency) -> None:
    result = clew("verify", case.folder, "--verifier", agency[1])
    assert "no signature to check" in str(result.exception)


def test_a_proof_of_an_entry_that_was_removed_is_refused(case) -> None:
    case.custody.append("second")
    case.custody.append("third")
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        db.execute("DROP TRIGGER entry_delete")
        db.execute("DELETE FROM entry WHERE number = 2")
        db.commit()
    result = clew("prove", case.folder, "--entry", 2)
    assert "entry 2 is missing" in str(result.exception)


@pytest.mark.parametrize(
    "proof", ["[]", "{}", '{"checkpoint": 3}', '{"body": 3, "entry": 1}', "[" * 9999, "text"]
)
def test_what_is_no_proof_is_told(case, tmp_path, proof) -> None:
    if '"body"' in proof:
        point = json.dumps(case.custody.checkpoint().text)
        proof = proof[:-1] + f', "checkpoint": {point}, "proof": []}}'
    (tmp_path / "p.json").write_text(proof)
    assert isinstance(clew("prove", "--check", tmp_path / "p.json").exception, UsageError)


@pytest.mark.parametrize("damage", ["removed", "overwritten"])
@pytest.mark.parametrize("command", [("show",), ("checkpoint",), ("prove", "--entry", "1"),
                                     ("prove", "--from", "0")])  # fmt: skip
def test_a_log_that_is_gone_or_damaged_shows_and_signs_nothing(case, damage, command) -> None:
    file = case.folder / "custody.sqlite"
    file.unlink() if damage == "removed" else file.write_bytes(b"no database" * 500)
    result = clew(command[0], case.folder, *command[1:])
    assert isinstance(result.exception, EvidenceError)
    assert result.stdout == ""
    assert file.exists() == (damage != "removed")


def test_an_entry_can_not_stand_for_another_number(case) -> None:
    case.custody.append("test", number=99, leaf="none")
    rows = [json.loads(x) for x in clew("show", case.folder, "--json").stdout.splitlines()]
    assert [row["number"] for row in rows] == [1, 2, 3]  # the last is this very reading
    assert rows[1]["leaf"] != "none"


def test_a_key_on_a_token_signs_and_its_verifier_is_right(case, tmp_path, token) -> None:
    public = token.key("custody")
    given = (*token.options("custody"), "--name", "es.example/token")
    result = clew("checkpoint", case.folder, *given)
    (tmp_path / "point.txt").write_text(result.stdout)
    held = checkpoint.parse(result.stdout)
    checkpoint.check(held, checkpoint.verifier("es.example/token", public))
    assert held.signed_by == ["es.example/token"]
    token.pin.write_text("9999\n")
    assert "PIN" in str(clew("checkpoint", case.folder, *given).exception.do)
