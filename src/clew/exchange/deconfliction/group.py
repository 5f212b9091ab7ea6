"""The group ristretto255 as libsodium has it, in constant time; points and scalars are 32 bytes.

References:
    - RFC 9496 (ristretto255), 4
    - libsodium's documentation, "Finite field arithmetic: Ristretto"

"""

import secrets
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from clew.errors import MachineError, UsageError, installing

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Number of points."""
POINT = 32
"""Bytes of a point."""
SCALAR = 32
"""Bytes of a scalar, the least significant first."""
IDENTITY = bytes(POINT)
"""The point that says nothing, and that nobody sends in good faith."""


class NotAPoint(ValueError):
    """Bytes that stand for no point of the group, or for the identity."""


@cache
def _sodium() -> Any:
    """Libsodium; the file that its package unpacks for every process is removed at once."""
    try:
        import rbcl
    except ImportError as error:
        raise UsageError(
            "asking without showing needs the extra `exchange`, which is not installed",
            do=f"Install it: {installing('exchange')}",
        ) from error
    except OSError as error:
        raise MachineError(
            f"libsodium can't be loaded from the folder for temporary files ({error})",
            do="Let TMPDIR name a folder that may hold programs, then run again.",
        ) from error
    Path(import_module("rbcl._sodium").lib_path).unlink(missing_ok=True)
    return rbcl


def multiply(scalar: int, point: bytes) -> bytes:
    """A point, so many times; NotAPoint where it is none, or nothing is left of it."""
    try:
        product = _sodium().crypto_scalarmult_ristretto255(encoded(scalar), point)
    except (RuntimeError, ValueError, TypeError) as error:
        raise NotAPoint("no point of the group") from error
    return bytes(product)


def base(scalar: int) -> bytes:
    """The generator, so many times."""
    return bytes(_sodium().crypto_scalarmult_ristretto255_base(encoded(scalar)))


def add(left: bytes, right: bytes) -> bytes:
    """The sum of two points."""
    try:
        return bytes(_sodium().crypto_core_ristretto255_add(left, right))
    except (RuntimeError, ValueError, TypeError) as error:
        raise NotAPoint("no point of the group") from error


def from_hash(digest: bytes) -> bytes:
    """The point that 64 uniform bytes stand for."""
    return bytes(_sodium().crypto_core_ristretto255_from_hash(digest))


def any_point() -> bytes:
    """A point that nobody knows anything of."""
    return from_hash(secrets.token_bytes(2 * POINT))


def is_point(point: bytes) -> bool:
    """Whether bytes are the one encoding of a point other than the identity."""
    if len(point) != POINT or point == IDENTITY:
        return False
    return bool(_sodium().crypto_core_ristretto255_is_valid_point(point))


def encoded(scalar: int) -> bytes:
    """A scalar as bytes."""
    return (scalar % ORDER).to_bytes(SCALAR, "little")


def decoded(scalar: bytes) -> int:
    """A scalar from bytes; ValueError where it is not written in its one form."""
    value = int.from_bytes(scalar, "little")
    if len(scalar) != SCALAR or value >= ORDER:
        raise ValueError("no scalar of the group")
    return value
