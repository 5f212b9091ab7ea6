"""Decoders of every kind of row and answer, made before threads use them.

msgspec looks into a class when it first decodes it, and does so without a lock: two threads that
are the first at once end the whole process by SIGSEGV (seen with msgspec 0.22 under load).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def prepare_decoders() -> None:
    """Let msgspec look into every class that is known by now, while only this thread runs."""
    for kind in _kinds(msgspec.Struct):
        if kind not in _prepared:
            _prepared.add(kind)
            _prepare(kind)


_prepared: set[type[msgspec.Struct]] = set()


def _kinds(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _prepare(kind: type[msgspec.Struct]) -> None:
    try:
        msgspec.json.Decoder(kind)
    except (TypeError, NameError, AttributeError):  # a class that nothing can decode is not decoded
        return
