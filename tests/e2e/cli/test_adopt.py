from __future__ import annotations

import json

import pytest
from builders.countries import rows_of
from builders.post import ORIGIN, Post, judgement, told
from run_cli import run_cli as run

from clew.exchange.sealing import Member


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def test_judgements_of_others_are_theirs_until_adopted_and_an_own_one_outranks_them(post) -> None:
    lines = judgement(7) + judgement(9, "reject")
    post.take(post.package(rows_of("ES", 1), Member.of("judgements.jsonl", lines)))
    listed = run("received", post.case, "judgements", "--json").stdout
    assert f"{ORIGIN}~7" in listed
    conflicts = run("received", post.case, "conflicts", "--json").stdout.splitlines()
    assert [json.loads(c)["judgement"] for c in conflicts] == [f"{ORIGIN}~7"]
    found = run("query", post.case, "select count(*) as n from person_judgements", "--json")
    assert told(found)["n"] == 0
    adopted = run("adopt", post.case, f"{ORIGIN}~9", "--reason", "ours too", "--json")
    assert told(adopted)["adopts"] == f"{ORIGIN}~9"
    refused = run("adopt", post.case, f"{ORIGIN}~7", "--reason", "no")
    assert (refused.returncode, "outranks" in refused.stderr) == (2, True)
