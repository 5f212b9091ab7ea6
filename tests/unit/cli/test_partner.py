"""``clew partner`` registers, lists and checks."""

from __future__ import annotations

import json

import pytest
from builders.certificates import certificate, key, pem
from builders.packages import signer
from run_cli import run_cli as run

from clew.casefile import create_case
from clew.casefile.custody.checkpoint import verifier


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "Test", "Order 1/2026"):
        return tmp_path / "case"


def register(case, *more: object, name: str = "PT", until: str = "2099-12-31"):
    own = signer("pt.example/exchange")
    return run(
        "partner", "add", case, name, "--name", "Unit 4", "--country", "PT", "--verifier",
        verifier(own.name, own.public), "--valid-until", until, "--checked-how", "by telephone",
        "--by", "A. Analyst", *more,
    )  # fmt: skip


def test_a_partner_is_added_listed_and_checked(case, tmp_path) -> None:
    (tmp_path / "c.pem").write_bytes(pem(certificate(key("p256"))))
    done = register(case, "--certificate", tmp_path / "c.pem", "--json")
    assert json.loads(done.stdout) == {"number": 1, "partner_id": "PT"}
    assert "SHA-256 of its certificate" in done.stderr
    listed = [json.loads(line) for line in run("partner", "list", case, "--json").stdout.split("\n")
              if line]  # fmt: skip
    assert [(row["partner_id"], row["partner_kind"]) for row in listed] == [("PT", "police")]
    assert run("partner", "check", case).returncode == 0
    assert run("verify", case).returncode == 0


def test_a_registration_that_has_ended_needs_a_look(case) -> None:
    assert register(case, "--valid-from", "2020-01-01", until="2020-02-01").returncode == 0
    done = run("partner", "check", case, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problem"] == "expired"


def test_a_wrong_key_is_refused_in_words(case) -> None:
    done = register(case, "--age", "age1wrong")
    assert done.returncode == 2
    assert "age1" in done.stderr
    assert run("partner", "list", case, "--json").stdout == ""
