from __future__ import annotations

import json

import pytest
from builders.countries import number, package, sha

from clew.errors import EvidenceError
from clew.exchange.receiving.arriving import judgements


def line(**about: object) -> bytes:
    told = {"number": 1, "table": "person_judgements", "about": [number(0)], "says": "accept",
            "by": "B", "at": "2026-01-01T00:00:00Z", **about}  # fmt: skip
    return json.dumps(told).encode() + b"\n"


def test_a_judgement_is_about_a_file_or_about_accounts_under_their_origin() -> None:
    about = [number(0), "telegram:username:ana", sha("file")]
    (found,) = judgements(line(about=about), package("ES"))
    assert found.sha256 == sha("file")
    assert found.accounts == (number(0), "ES-0a0b0c0d~telegram:username:ana")


@pytest.mark.parametrize(
    "about",
    [{"at": "2071-01-01T00:00:00Z"}, {"about": ["PT-1~x"]}, {"number": 0}, {"says": 7}],
)
def test_a_judgement_that_can_not_be_is_refused(about) -> None:
    with pytest.raises(EvidenceError):
        judgements(line(**about), package("ES"))
