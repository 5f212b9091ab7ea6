"""Who judges is whoever has the key, and nobody judges in another's name."""

from __future__ import annotations

import json

import pytest
from run_cli import run_cli
from telltale import made, person

from clew.casefile.custody import identity
from clew.casefile.verify import verify

PAIR = (person(0), person(1))


@pytest.fixture
def case(tmp_path):
    with made(tmp_path / "case") as case:
        yield case


def reject(case, *more: str):
    return run_cli("persons", "reject", case.folder, *PAIR, "--reason", "r", *more)


def test_a_key_is_made_at_first_use_and_said_in_a_line() -> None:
    assert run_cli("whoami").returncode == 2
    done = run_cli("whoami", "--name", "A. Analyst")
    made = identity.identity()
    assert done.stdout == f"{made.fingerprint}  A. Analyst\n"
    assert json.loads(run_cli("whoami", "--json").stdout)["key"] == made.fingerprint
    assert run_cli("whoami", "--name", "Chief").returncode == 2
    assert "another key needs your name" in run_cli("whoami", "--new").stderr
    assert run_cli("whoami", "--new", "--name", "Chief").returncode == 0
    assert identity.identity().name == "Chief"


def test_nobody_judges_without_a_key_or_in_anothers_name(case) -> None:
    assert reject(case).returncode == 2
    first = reject(case, "--by", "A. Analyst")
    assert first.returncode == 0, first.stderr
    assert "A key was made" in first.stderr
    size = case.custody.checkpoint().size
    other = reject(case, "--by", "Chief")
    assert (other.returncode, case.custody.checkpoint().size) == (2, size)
    assert "nobody decides as 'Chief'" in other.stderr
    assert reject(case).returncode == 0
    judged = [j.judged_by for j in case.ledger.judgements(_kind())]
    assert judged == ["A. Analyst"] * 2


def test_a_key_on_a_token_signs_what_is_judged_and_unmasked(case, token) -> None:
    token.key("ana")
    done = run_cli("whoami", "--name", "Ana", *token.options("ana"))
    assert done.returncode == 0, done.stderr
    assert reject(case).returncode == 0
    asked = ("show", case.folder, "accounts", "--unmask", "--reason", "request 12/26")
    assert run_cli(*asked).returncode == 0
    assert [one.text for one in verify(case) if one.what == "signature"] == []
    token.pin.write_text("9999\n")
    refused = run_cli(*asked)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "PIN" in refused.stderr


def test_a_passphrase_comes_from_a_file_and_a_wrong_one_judges_nothing(
    case, tmp_path, monkeypatch
) -> None:
    words = tmp_path / "words"
    words.write_text("three plain words\n")
    monkeypatch.setenv("CLEW_PASSPHRASE_FILE", str(words))
    assert run_cli("whoami", "--name", "Ana", "--passphrase").returncode == 0
    assert reject(case).returncode == 0
    words.write_text("other words")
    assert reject(case).returncode == 2
    assert len(case.ledger.judgements(_kind())) == 1


def _kind():
    from clew.records import PersonJudgement

    return PersonJudgement
