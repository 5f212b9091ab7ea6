"""Tags of an offer: the first bytes of the function's output for each identifier, on two cores."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from clew.casefile.engine import Progress
from clew.exchange.deconfliction import voprf
from clew.exchange.deconfliction.voprf import Key
from clew.exchange.deconfliction.wire import LEAST_OFFER, TAG

_BATCH = 2000
_ALONE = 10_000
"""Inputs up to which starting further processes costs more than it saves."""
_PROCESSES = 2


def tag(output: bytes) -> bytes:
    """The tag of an output of the function."""
    return output[:TAG]


def tags(key: Key, inputs: Sequence[bytes], progress: Progress) -> list[bytes]:
    """The tag of each input, in order."""
    found: list[bytes] = []
    progress.start("tags", len(inputs))
    for part in _parts(key, inputs):
        found += part
        progress.advance(len(part))
    progress.finish()
    return found


def padded(own: Sequence[bytes], seed: bytes) -> list[bytes]:
    """Tags in order, with others that nobody can tell from them, up to a power of two."""
    kept = set(own)
    size = class_of(len(kept))
    number = 0
    while len(kept) < size:
        kept.add(hashlib.sha512(seed + b"padding" + number.to_bytes(8, "big")).digest()[:TAG])
        number += 1
    return sorted(kept)


def class_of(count: int) -> int:
    """Tags of an offer of so many identifiers."""
    return max(LEAST_OFFER, 1 << max(count - 1, 0).bit_length())


def _parts(key: Key, inputs: Sequence[bytes]) -> Iterator[list[bytes]]:
    batches = [inputs[at : at + _BATCH] for at in range(0, len(inputs), _BATCH)]
    if len(inputs) <= _ALONE:
        yield from (voprf.beginnings(key, batch, TAG) for batch in batches)
        return
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(voprf.beginnings, key, size=TAG), batches)
