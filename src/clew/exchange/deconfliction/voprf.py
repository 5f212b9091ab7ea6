"""A verifiable oblivious pseudorandom function: the holder computes and learns no input.

The suite is ristretto255-SHA512 in the mode VOPRF, whose proof shows that every point was computed
with the key of the offer. A blind is a scalar of the asker's own, so that it can be kept in a file
until the answer comes.

References:
    - RFC 9497, 3.2.1 (key), 3.3.2 (protocol), 2.2 (proof), 4.1 (suite)
    - RFC 9380, 5.3.1 (expand_message_xmd)

"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import msgspec

from clew.exchange.deconfliction import group

_CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"
_UNIFORM = 64
_BLOCK = 128
SEED = 32
"""Bytes of the seed that a key is derived from."""
PROOF = 2 * group.SCALAR
"""Bytes of a proof: challenge and response."""
MOST = 2**16 - 1
"""Points of one proof at most: their number stands in two bytes."""


class Key(msgspec.Struct, frozen=True):
    """A holder's key: whoever has it can try every number."""

    scalar: int
    public: bytes


def key(seed: bytes, info: bytes) -> Key:
    """The key that a seed and a public text stand for."""
    for counter in range(256):
        scalar = _to_scalar(seed + _sized(info) + bytes([counter]), b"DeriveKeyPair")
        if scalar:
            return Key(scalar, group.base(scalar))
    raise ArithmeticError("no key follows from this seed")


def random_scalar() -> int:
    """A scalar that nobody can guess; never zero."""
    return secrets.randbelow(group.ORDER - 1) + 1


def scalar(seed: bytes, label: bytes, number: int) -> int:
    """The scalar of one use and number that follows from a secret seed."""
    return _to_scalar(seed + _sized(label) + number.to_bytes(4, "big"), b"clew scalar ")


def blind(text: bytes, scalar: int) -> bytes:
    """The point that is sent for an input: without the scalar it says nothing of it."""
    return group.multiply(scalar, _to_group(text))


def evaluate(secret: Key, text: bytes) -> bytes:
    """The output for an input that the holder knows: 64 bytes."""
    return _output(text, group.multiply(secret.scalar, _to_group(text)))


def beginnings(secret: Key, texts: Sequence[bytes], size: int) -> list[bytes]:
    """The first bytes of the output for each of several inputs.

    It stands here because a process that does only this imports little.
    """
    return [evaluate(secret, text)[:size] for text in texts]


def answer(
    secret: Key, blinded: Sequence[bytes], nonce: int | None = None
) -> tuple[list[bytes], bytes]:
    """A point for each blinded point, and one proof for all; NotAPoint where one is none."""
    if not 0 < len(blinded) <= MOST:
        raise ValueError("a proof is of at least one point, and of no more than 65,535")
    evaluated = [group.multiply(secret.scalar, point) for point in blinded]
    combined = _weighed(_weights(secret.public, blinded, evaluated), blinded)
    product = group.multiply(secret.scalar, combined)
    once = nonce or random_scalar()
    challenge = _challenge(
        secret.public, combined, product, group.base(once), group.multiply(once, combined)
    )
    response = (once - challenge * secret.scalar) % group.ORDER
    return evaluated, group.encoded(challenge) + group.encoded(response)


def is_proved(
    public: bytes, blinded: Sequence[bytes], evaluated: Sequence[bytes], proof: bytes
) -> bool:
    """Whether every point of an answer was computed with this key from the point that was asked."""
    if len(proof) != PROOF or len(blinded) != len(evaluated) or not 0 < len(blinded) <= MOST:
        return False
    try:
        challenge = group.decoded(proof[: group.SCALAR])
        response = group.decoded(proof[group.SCALAR :])
        weights = list(_weights(public, blinded, evaluated))
        combined, product = _weighed(weights, blinded), _weighed(weights, evaluated)
        seen = group.add(group.base(response), group.multiply(challenge, public))
        other = group.add(group.multiply(response, combined), group.multiply(challenge, product))
    except (ValueError, RuntimeError):
        return False
    return challenge == _challenge(public, combined, product, seen, other)


def finish(text: bytes, scalar: int, evaluated: bytes) -> bytes:
    """The output for an input, from the answer to its blinded point."""
    return _output(text, group.multiply(pow(scalar, -1, group.ORDER), evaluated))


def _weights(public: bytes, blinded: Sequence[bytes], evaluated: Sequence[bytes]) -> Iterator[int]:
    """A random weight for each pair of points, which nobody can choose."""
    seed = hashlib.sha512(_sized(public) + _sized(b"Seed-" + _CONTEXT)).digest()
    for number, pair in enumerate(zip(blinded, evaluated, strict=True)):
        said = _sized(seed) + number.to_bytes(2, "big") + b"".join(map(_sized, pair))
        yield _to_scalar(said + b"Composite")


def _weighed(weights: Iterable[int], points: Sequence[bytes]) -> bytes:
    """One point that stands for many."""
    return reduce(group.add, map(group.multiply, weights, points))


def _challenge(*points: bytes) -> int:
    return _to_scalar(b"".join(map(_sized, points)) + b"Challenge")


def _output(text: bytes, point: bytes) -> bytes:
    return hashlib.sha512(_sized(text) + _sized(point) + b"Finalize").digest()


def _to_group(text: bytes) -> bytes:
    return group.from_hash(_expanded(text, b"HashToGroup-" + _CONTEXT))


def _to_scalar(text: bytes, domain: bytes = b"HashToScalar-") -> int:
    return int.from_bytes(_expanded(text, domain + _CONTEXT), "little") % group.ORDER


def _expanded(text: bytes, domain: bytes) -> bytes:
    """64 uniform bytes of a text, which SHA-512 gives in one block."""
    tag = domain + bytes([len(domain)])
    first = hashlib.sha512(bytes(_BLOCK) + text + _UNIFORM.to_bytes(2, "big") + b"\0" + tag)
    return hashlib.sha512(first.digest() + b"\x01" + tag).digest()


def _sized(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text
