"""Packages from the carrier to the case, by commands alone."""

from __future__ import annotations

import json

import pytest
from builders.countries import number, rows_of
from builders.post import ORIGIN, Post, judgement, told
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.exchange.sealing import Member
from clew.exchange.sealing.partners import own_id


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def test_a_package_is_shown_taken_in_receipted_and_taken_out_again(post, tmp_path) -> None:
    package = post.package(rows_of("ES", 1), Member.of("judgements.jsonl", judgement(7)))
    shown = told(post.take(package, "--preview"))
    assert (shown["origin"], shown["taken_in"], shown["new_accounts"]) == (ORIGIN, False, 3)
    assert not (post.case / "received").exists()
    assert told(post.take(package))["taken_in"]
    assert not told(post.take(package))["taken_in"]
    assert run("verify", post.case).returncode == 0
    (listed,) = map(json.loads, run("received", post.case, "--json").stdout.splitlines())
    assert (listed["partner_id"], listed["handling"], listed["origin"]) == ("ES", ["H1"], ORIGIN)
    found = run("query", post.case, "select exhibit_id from messages", "--json").stdout
    assert f"{ORIGIN}~E-01" in found
    explained = run("explain", post.case, f"{ORIGIN}~E-01").stdout
    assert "partner_id=ES  handling=H1" in explained
    made = run("receipt", post.case, shown["package"], tmp_path / "r.json", "--as", "PT")
    assert made.returncode == 0, made.stderr
    gone = run("forget", post.case, shown["package"], "--reason", "order 3", "--json")
    assert told(gone)["rows"] > 0
    assert not (post.case / "received").exists()
    with open_case(post.case) as case:
        assert [p.text for p in verify(case) if p.is_problem] == []
        log = [entry.content for entry in case.custody.entries()]
    outcomes = [one["outcome"] for one in log if one["action"] == "package offered"]
    assert outcomes == ["opened"] * 3
    kept = b"".join(p.read_bytes() for p in post.case.rglob("*") if p.is_file())
    assert number(0)[12:].encode() not in kept


def test_what_others_sent_does_not_say_who_works_here(post) -> None:
    assert told(post.take(post.package(rows_of("ES", 1))))["taken_in"]
    with open_case(post.case) as case, pytest.raises(UsageError, match="who sends"):
        own_id(case)
