"""Kinds of locks, and what opens one."""

from enum import StrEnum
from typing import Protocol


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

    def unlock(self, closed: bytes, /) -> str:
        """What a lock holds; ValueError where this key does not open it."""
