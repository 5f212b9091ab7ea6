"""Locks for whoever has a recipient of age.

References:
    - C2SP, age.md (github.com/C2SP/C2SP); age-encryption.org/v1

"""

from typing import Any

from clew.errors import UsageError, installing
from clew.exchange.sealing.locks.kinds import Kind


def fresh() -> str:
    """A new identity, in its text form."""
    return str(library().x25519.Identity.generate())


def recipient(text: str) -> Any:
    """A recipient by its text; UsageError where it is none."""
    try:
        return library().x25519.Recipient.from_str(text)
    except library().RecipientError as error:
        raise UsageError(
            "this is no recipient of age",
            do="It begins with age1 and holds no secret; copy it whole.",
        ) from error


def identity(text: str) -> Any:
    """An identity by its text; UsageError where it is none."""
    try:
        return library().x25519.Identity.from_str(text)
    except library().IdentityError as error:
        raise UsageError(
            "this is no identity of age", do="It begins with AGE-SECRET-KEY-1; give its whole file."
        ) from error


def lock(secret: str, to: str) -> bytes:
    """An identity's text, closed for a recipient."""
    closed: bytes = library().encrypt(secret.encode(), [recipient(to)])
    return closed


def unlock(closed: bytes, by: Any) -> str:
    """What a lock holds; ValueError where this identity does not open it."""
    try:
        return str(library().decrypt(closed, [by]).decode("ascii"))
    except library().DecryptError as error:
        raise ValueError(str(error)) from error


class AgeKey:
    """An identity of age, ``AGE-SECRET-KEY-1…``."""

    kind = Kind.AGE

    def __init__(self, text: str) -> None:
        self._identity = identity(text)

    def unlock(self, closed: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""
        return unlock(closed, self._identity)


def library() -> Any:
    """The program behind it; UsageError where it is not installed."""
    try:
        import pyrage
    except ImportError as error:
        raise UsageError(
            "packages need the extra `exchange`, which is not installed",
            do=f"Install it: {installing('exchange')}",
        ) from error
    return pyrage
