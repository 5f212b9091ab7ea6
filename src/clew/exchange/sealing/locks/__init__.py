"""Locks: the key of the contents, closed for one receiver by what this receiver can open.

A payload is sealed once, by age to a fresh identity. The identity's text, 74 characters, is what a
lock holds, so that ``age``, ``openssl cms`` or an OpenPGP program opens a package without Clew.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

import msgspec

from clew.errors import UsageError
from clew.exchange.sealing.locks import age


class Kind(StrEnum):
    """Kinds of locks."""

    AGE = "age"
    CMS = "cms"
    OPENPGP = "openpgp"

    @property
    def suffix(self) -> str:
        """How the name of a lock of this kind ends."""
        return {Kind.AGE: "age", Kind.CMS: "p7m", Kind.OPENPGP: "pgp"}[self]


class Key(Protocol):
    """What a receiver opens locks with."""

    kind: Kind

    def unlock(self, lock: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever is to open a package, with the public keys that are registered for them."""

    party: str
    """Id of the partner, such as ``PT``."""
    age_recipient: str | None = None
    """A recipient of age, ``age1…``."""
    certificate: bytes | None = None
    """A certificate in PEM or DER, of RSA or of an elliptic curve."""
    openpgp: bytes | None = None
    """An OpenPGP certificate."""

    def check(self) -> None:
        """Raise UsageError where no lock could be made."""
        if not (self.age_recipient or self.certificate or self.openpgp):
            raise UsageError(
                f"no key is registered that {self.party} could open a package with",
                do="Register one: clew partner add --age, --certificate or --openpgp",
            )
        if self.age_recipient:
            age.recipient(self.age_recipient)

    def locks(self, identity: str) -> Iterator[tuple[Kind, bytes]]:
        """A lock of each kind that the receiver has a key of."""
        if self.age_recipient:
            yield Kind.AGE, age.lock(identity, self.age_recipient)


class AgeKey:
    """An identity of age, ``AGE-SECRET-KEY-1…``."""

    kind = Kind.AGE

    def __init__(self, text: str) -> None:
        self._identity = age.identity(text)

    def unlock(self, lock: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""
        return age.unlock(lock, self._identity)
