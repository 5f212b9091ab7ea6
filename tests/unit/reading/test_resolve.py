"""A pseudonym or a beginning stands for one identifier, or is refused."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.reading.resolve import PSEUDONYM, resolve, shortened


def test_what_is_none_of_the_case_s_stays_as_it_is(case) -> None:
    assert resolve(case, "anything") == "anything"


@pytest.mark.parametrize("kind", ["person", "account", "group", "number", "handle", "message"])
def test_a_pseudonym_of_another_case_is_refused(case, kind) -> None:
    with pytest.raises(UsageError, match="stands for nothing"):
        resolve(case, f"{kind}-0123abcd")


@pytest.mark.parametrize("text", ["person-", "person-xyz", "exhibit-0123", "person-0123ABCD"])
def test_what_is_written_otherwise_is_no_pseudonym(text) -> None:
    assert PSEUDONYM.fullmatch(text) is None


def test_what_is_shown_by_its_beginning_is_found_by_it(case) -> None:
    alike = ["a" * 12 + f"{n:052x}" for n in (1, 2)]
    short = shortened(case, [*alike, "b" * 64, "c" * 20 + "#message/1"])
    assert short["b" * 64] == "b" * 10
    assert short["c" * 20 + "#message/1"] == "c" * 10 + "#message/1"
    assert len({short[one] for one in alike}) == 2
    assert all(one.startswith(short[one]) for one in alike)
