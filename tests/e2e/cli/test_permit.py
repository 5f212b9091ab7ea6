from __future__ import annotations

import pytest
from builders.countries import rows_of
from builders.post import ORIGIN, Post, told
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.exchange.receiving.permissions import in_court


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def test_a_permission_is_entered_by_the_letter_and_undone_like_other_judgements(post) -> None:
    post.take(post.package(rows_of("ES", 1)))
    given = ("judicial_use", "--partner", "ES", "--letter", "ES 1/26", "--reason", "letter")
    assert run("permit", post.case, "PT-00", *given).returncode == 2
    another = run("permit", post.case, ORIGIN, *("FR" if w == "ES" else w for w in given))
    assert (another.returncode, "its sender alone" in another.stderr.lower()) == (2, True)
    entered = told(run("permit", post.case, ORIGIN, *given, "--json"))
    with open_case(post.case) as case:
        assert in_court(case)[0] == "joint"
    assert run("undo", post.case, entered["number"], "--reason", "withdrawn").returncode == 0
    with open_case(post.case) as case:
        assert in_court(case)[0] == "case"
