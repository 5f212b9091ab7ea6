from __future__ import annotations

import json

import pytest
from builders.countries import rows_of
from builders.post import Post, told
from run_cli import run_cli as run


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


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
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 0
    receipt["rows"] += 1
    (tmp_path / "r.json").write_text(json.dumps(receipt))
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 3
