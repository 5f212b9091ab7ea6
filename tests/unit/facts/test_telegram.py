"""Whoever writes an id of Telegram's down, it names the same account."""

from __future__ import annotations

import pytest

from clew.facts.telegram import account_of_name, peer, username
from clew.records import IdType


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("user123", "telegram:user:123"), ("123", "telegram:user:123"),
        ("chat55", "telegram:group:55"), ("-55", "telegram:group:55"),
        ("channel77", "telegram:channel:77"), ("-1000000000077", "telegram:channel:77"),
    ],
)  # fmt: skip
def test_every_spelling_of_an_id_names_one_account(written, account) -> None:
    assert peer(written).account_id == account


@pytest.mark.parametrize("written", ["", "user", "user12a", "@name", "1" * 21, "12.5"])
def test_what_is_no_id_names_nobody(written) -> None:
    assert peer(written) is None


def test_only_a_user_is_a_person() -> None:
    assert peer("user1").id_type == IdType.USER_ID
    assert {peer(p).id_type for p in ("chat1", "channel1")} == {IdType.SERVICE}


def test_public_names_are_told_from_text_and_by_no_case() -> None:
    assert username("@Loaf_1") == "Loaf_1"
    assert [username(t) for t in ("abc", "1abcd", "two words", "@" + "a" * 33)] == [None] * 4
    assert account_of_name("LOAF") == account_of_name("loaf")
