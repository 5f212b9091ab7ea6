"""``clew take`` takes a partner's file in as received, or leaves nothing."""

from __future__ import annotations

import json

import pytest
from builders.packages import signer
from builders.referrals import referral
from run_cli import run_cli as run

from clew.casefile import create_case, open_case
from clew.casefile.custody.checkpoint import verifier
from clew.exchange.renderings import stix

SAID = ("--from", "PT", "--handling", "H1", "--tlp", "AMBER", "--legal-basis", "request 12",
        "--purpose", "op-17")  # fmt: skip
MAPPING = """
name: pt-list
files: ["*.csv"]
platform: whatsapp
tables:
  stated_files:
    when: MD5
    columns: {md5: MD5, path_stated: Name, category: Cat}
  accounts:
    when: Phone
    columns: {account_id: {column: Phone, id_type: phone}}
"""


@pytest.fixture
def case(tmp_path):
    with create_case(tmp_path / "case", "Test", "Order 1/2026"):
        pass
    own = signer("pt.example/exchange")
    run("partner", "add", tmp_path / "case", "PT", "--name", "Unit 4", "--country", "PT",
        "--verifier", verifier(own.name, own.public), "--valid-until", "2099-12-31",
        "--checked-how", "by telephone", "--by", "A. Analyst")  # fmt: skip
    return tmp_path / "case"


@pytest.fixture
def bundle(tmp_path):
    ((_, chunks),) = stix.render(referral(2))
    file = tmp_path / "bundle.json"
    file.write_bytes(b"".join(chunks))
    return file


def received(case) -> list:
    with open_case(case) as opened:
        return list(opened.deliveries)


def test_a_bundle_is_taken_in_once_under_its_partner(case, bundle) -> None:
    tried = run("take", case, bundle, "--as", "stix", *SAID, "--dry-run")
    assert "Nothing was kept" in tried.stderr
    assert received(case) == []
    done = run("take", case, bundle, "--as", "stix", *SAID, "--json")
    assert done.returncode == 0
    row = json.loads(done.stdout)
    assert (row["accounts"], row["stated_files"], row["taken"]) == (6, 6, True)
    (delivery,) = received(case)
    assert (delivery.partner, delivery.handling) == ("PT", ("H1",))
    again = run("take", case, bundle, "--as", "stix", *SAID)
    assert "already" in again.stderr
    assert len(received(case)) == 1
    assert "seen 0 = processed 0" in run("status", case).stdout
    assert run("verify", case).returncode == 0


def test_what_is_of_another_format_is_refused_and_logged(case, bundle) -> None:
    done = run("take", case, bundle, "--as", "misp", *SAID)
    assert done.returncode == 3
    assert "no MISP event" in done.stderr
    assert received(case) == []
    with open_case(case) as opened:
        last = list(opened.custody.entries())[-1].content
    assert (last["action"], last["format"], last["partner"]) == (
        "partner's file refused",
        "misp",
        "PT",
    )


def test_a_list_is_taken_in_by_a_mapping(case, tmp_path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, "utf-8")
    file = tmp_path / "list.csv"
    file.write_text(f"MD5,Name,Cat,Phone\n{'5b' * 16},a.jpg,PT: 1,\n,,,+351912345678\n", "utf-8")
    done = run("take", case, file, "--as", "csv", "--mapping", tmp_path / "m.yaml", *SAID, "--json")
    assert done.returncode == 0
    row = json.loads(done.stdout)
    assert (row["accounts"], row["stated_files"], row["seen"]) == (1, 1, 2)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--as", "csv"), "--mapping goes with"),
        (("--as", "stix", "--from", "ES"), "no partner"),
        (("--as", "stix", "--handling", "H3"), "H3 has its restrictions"),
        (("--as", "stix", "--legal-basis", " "), "a legal basis and a purpose"),
    ],
)
def test_a_wrong_call_changes_nothing(case, bundle, more, said) -> None:
    done = run("take", case, bundle, *SAID, *more)
    assert done.returncode == 2
    assert said in done.stderr
    assert received(case) == []
