from __future__ import annotations

import json

import pytest
from builders.countries import rows_of
from builders.post import Post, told
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.casefile.ledger import now
from clew.exchange.packing import packages
from clew.exchange.routing.decisions import Signed
from clew.records import PackageEntry, PackageStep


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def sealed(sender, package: str, tagmanifest: str) -> None:
    """Let the sender's case have sealed a package for PT."""
    entry = PackageEntry(
        number=0, package=package, step=PackageStep.PACKED, partners=("PT",), sender="ES",
        content_sha256="a" * 64, legal_basis="order 1", purpose="p", handling=("H1",),
        tlp="TLP:AMBER", decisions=(), named=0, counted=0, tokens=0, texts=0, rows=0,
        judged_by="A", reason="r", judged_at=now(),
    )  # fmt: skip
    with open_case(sender) as case:
        case.ledger.append(entry)
        packages.sealed(case, entry, Signed("A", "r"), envelope="e" * 64, tagmanifest=tagmanifest)


def test_a_receipt_is_checked_with_the_key_that_is_registered(post, tmp_path) -> None:
    shown = told(post.take(post.package(rows_of("ES", 1))))
    run("receipt", post.case, shown["package"], tmp_path / "r.json", "--as", "PT")
    receipt = json.loads((tmp_path / "r.json").read_text())
    sender = tmp_path / "sender"
    run("new", sender, "--title", "T", "--authority", "A")
    refused = run("receipt", sender, "--check", tmp_path / "r.json")
    assert refused.returncode == 3
    run("partner", "add", sender, "PT", "--name", "PJ", "--verifier", receipt["by"],
        "--valid-until", "2099-01-01", "--checked-how", "by telephone")  # fmt: skip
    checked = run("receipt", sender, "--check", tmp_path / "r.json")
    assert (checked.returncode, "did not seal" in checked.stderr) == (3, True)
    sealed(sender, shown["package"].removeprefix("urn:uuid:"), receipt["tagmanifest_sha256"])
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 0
    receipt["rows"] += 1
    (tmp_path / "r.json").write_text(json.dumps(receipt))
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 3
