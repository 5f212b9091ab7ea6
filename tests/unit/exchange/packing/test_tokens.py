"""A token stands for one account to one partner, and nobody opens it without the secret."""

from __future__ import annotations

from clew.exchange.packing.tokens import Tokens, opened

SECRET, OTHER = b"s" * 32, b"o" * 32


def test_one_account_has_one_token_to_one_partner_and_another_to_the_next() -> None:
    first, again, next_, stranger = (
        Tokens(secret, partners).of("a")
        for secret, partners in ((SECRET, "P"), (SECRET, "P"), (SECRET, "Q"), (OTHER, "P"))
    )
    assert first == again
    assert len({first, next_, stranger}) == 3


def test_only_the_case_that_made_a_token_opens_it() -> None:
    token = Tokens(SECRET, ("P", "Q")).of("b")
    packages = [("P",), ("Q", "P")]
    assert opened(SECRET, token, packages, ["a", "b"]) == "b"
    assert opened(OTHER, token, packages, ["a", "b"]) is None
    assert opened(SECRET, token, [("P",)], ["a", "b"]) is None
    assert opened(SECRET, token, packages, ["a"]) is None
