"""Tokens: what stands in a package for a third person, and only the sender can open.

A token is an HMAC under a key that follows from the secret of the case and the partner: the same
account has one token in all packages to one partner, and another in those to the next, so that two
partners can't compare persons who are named to neither.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

PREFIX = "token:"
_PATHS = b"clew path 1"
_DIGITS = 32


class Tokens:
    """Tokens for one partner, or for several who get one package."""

    def __init__(self, secret: bytes, partners: Iterable[str]) -> None:
        named = "\n".join(sorted(partners)).encode()
        self._key = hmac.digest(secret, b"clew token 1\n" + named, "sha256")
        self._of_paths = hmac.digest(secret, _PATHS, "sha256")
        self.made: dict[str, str] = {}
        """Tokens that were made, by what they stand for."""

    def of(self, value: str) -> str:
        """Token of an account, or of an id that mentions one."""
        if value not in self.made:
            data = value.encode("utf-8", "surrogatepass")
            self.made[value] = PREFIX + hmac.digest(self._key, data, "sha256").hex()[:_DIGITS]
        return self.made[value]

    def of_path(self, digest: str) -> str:
        """What stands in every package for the digest of a path, as long as it.

        Who has a package could else try paths until one fits: they are few where a number or a name
        is all that is unknown of one.
        """
        return hmac.digest(self._of_paths, digest.encode(), "sha256").hex()[: len(digest)]


def opened(
    secret: bytes, token: str, partners: Iterable[tuple[str, ...]], values: Iterable[str]
) -> str | None:
    """What a token stands for, among values of the case; None where it is of none of them.

    ``partners`` are the receivers of each package that was made.
    """
    keys = [Tokens(secret, named) for named in set(partners)]
    return next((v for v in values if any(key.of(v) == token for key in keys)), None)
