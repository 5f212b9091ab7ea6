from __future__ import annotations

import re
from pathlib import Path

import pytest

import clew.exchange.receiving
from clew.exchange.receiving.refusing import codes, refused

SOURCES = Path(clew.exchange.receiving.__file__).parent


@pytest.mark.parametrize("code", codes())
def test_a_refusal_says_what_it_means_and_what_to_do(code) -> None:
    about = dict.fromkeys(("origin", "name", "table", "why", "column", "at", "package", "by",
                           "sender", "other"), "PT-1")  # fmt: skip
    refusal = refused(code, **about)
    assert refusal.code == code
    assert "{" not in f"{refusal}{refusal.do}"
    assert refusal.do.startswith("Nothing of the package was kept.")


def test_every_reason_is_given_somewhere_and_none_that_is_not_there() -> None:
    sources = "".join(file.read_text("utf-8") for file in SOURCES.glob("*.py"))
    assert set(re.findall(r'refused\(\s*"([a-z-]+)"', sources)) == set(codes())
