"""What lies inside a package once it is decrypted: a bag, and a signed statement about it.

Here more is asked of a bag than in RFC 8493: it has the tag files that Clew writes and no others,
each manifest in the one way that it is written, and names that are safe on every machine.
"""

import hashlib
import io
import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import msgspec

from clew.exchange.extent import Extent, Slice
from clew.exchange.moments import moment
from clew.exchange.refused import Refused
from clew.exchange.sealing import bag as bags
from clew.exchange.sealing import envelope, names, tar
from clew.exchange.sealing.envelope import Envelope, Header, Inner
from clew.exchange.sealing.member import CHUNK, HASHED
from clew.exchange.sealing.proofs import Asked, Proofs, proofs
from clew.exchange.sealing.seal import (
    INSIDE,
    STATEMENT,
    STATEMENT_CERTIFIED,
    STATEMENT_SIGNATURE,
    STATEMENT_STAMP,
)

_LARGEST = 64 << 20
"""Bytes of the largest tag file."""
_HASHING = 2
"""Files that are hashed at a time: hashing lets go of the interpreter."""
_TAG_FILES = frozenset(("bagit.txt", bags.INFO, bags.MANIFEST))
_BESIDE = frozenset((bags.TAG_MANIFEST, STATEMENT, STATEMENT_SIGNATURE))
_MAY_BE = frozenset((STATEMENT_CERTIFIED, STATEMENT_STAMP))


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a package that was verified."""

    header: Inner
    """What the signed statement inside says."""
    info: bags.Info
    """Tags of ``bag-info.txt``, in order."""
    envelope_sha256: str
    proofs: Proofs
    """What a certificate and a time stamp prove beyond the sender's key."""


class Opened:
    """A verified package; its members can be read as long as the ``with`` lasts."""

    def __init__(self, checked: Checked, plain: BinaryIO, extents: Mapping[str, Extent]) -> None:
        self.header, self.info = checked.header, checked.info
        self.envelope_sha256, self.proofs = checked.envelope_sha256, checked.proofs
        self._plain = plain
        self._extents = extents

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members below ``data/``, sorted."""
        return tuple(sorted(self._extents))

    def size(self, name: str) -> int:
        """Bytes of a member."""
        return self._extents[name][1]

    def open(self, name: str) -> io.BufferedReader:
        """A member to read from, at any offset; KeyError where there is none of this name."""
        return io.BufferedReader(Slice(*self.located(name)), CHUNK)

    def located(self, name: str) -> tuple[int, Extent]:
        """The open archive, and where in it a member lies; KeyError where there is none."""
        return self._plain.fileno(), self._extents[name]

    def read(self, name: str) -> bytes:
        """All of a member."""
        with self.open(name) as member:
            return member.read()


def extents(plain: BinaryIO) -> dict[str, Extent]:
    """Where each file lies, by its name in the bag; every name is safe and there once."""
    found: dict[str, Extent] = {}
    for name, start, size in tar.members(plain):
        wrong = names.unsafe(name)
        if wrong or not name.startswith(INSIDE):
            raise Refused("name", name=repr(name), why=wrong or "outside the bag")
        if name.removeprefix(INSIDE) in found:
            raise Refused("name", name=repr(name), why="there are two of it")
        found[name.removeprefix(INSIDE)] = start, size
    for name, met in names.colliding(found):
        raise Refused(
            "name", name=repr(name), why=f"the same as {met} where case is not told apart"
        )
    return found


def bag(plain: BinaryIO, lying: Mapping[str, Extent]) -> bags.Info:
    """The tags of a bag whose every file has the digest that its manifests say."""
    if missing := (_TAG_FILES | _BESIDE) - set(lying):
        raise Refused("bag", why=f"{min(missing)} is missing")
    tag_files = _manifest(plain, lying, bags.TAG_MANIFEST)
    payload = _manifest(plain, lying, bags.MANIFEST)
    if set(tag_files) != _TAG_FILES:
        raise Refused("bag", why="the tag manifest does not list the tag files")
    if odd := ({*lying} - _MAY_BE) ^ {*tag_files, *payload, *_BESIDE}:
        raise Refused("bag", why=f"{min(odd)} is in the bag or in its manifest, and not in both")
    if _bytes(plain, lying["bagit.txt"]) != bags.DECLARATION:
        raise Refused("bag", why="it is not of version 1.0")
    asked = {**payload, **tag_files}
    with ThreadPoolExecutor(_HASHING) as hashing:
        found = hashing.map(lambda name: _digest_of(plain, lying[name]), asked)
        for (name, digest), is_now in zip(asked.items(), found, strict=True):
            if is_now != digest:
                raise Refused("bag", why=f"{name} has another digest than its manifest says")
    return _info(plain, lying, payload)


def _info(plain: BinaryIO, lying: Mapping[str, Extent], payload: Collection[str]) -> bags.Info:
    """Tags of ``bag-info.txt``, which must count the payload as it is."""
    try:
        about = tuple(bags.tags(_bytes(plain, lying[bags.INFO]).decode()))
    except ValueError as error:
        raise Refused("bag", why=f"{bags.INFO}: {error}") from error
    oxum = f"{sum(lying[name][1] for name in payload)}.{len(payload)}"
    if [value for label, value in about if label == bags.OXUM] != [oxum]:
        raise Refused("bag", why=f"{bags.OXUM} is not {oxum}")
    return about


def _manifest(plain: BinaryIO, lying: Mapping[str, Extent], name: str) -> dict[str, str]:
    """Digests by name, of a manifest that is written in the one way that Clew writes it."""
    raw = _bytes(plain, lying[name])
    try:
        found = dict(bags.listed(raw.decode()))
        again = bags.manifest(found.items())
    except ValueError as error:
        raise Refused("bag", why=f"{name}: {error}") from error
    if again != raw:
        raise Refused("bag", why=f"{name} is not sorted, or lists a file twice")
    return found


def statement(
    outer: Envelope, plain: BinaryIO, lying: Mapping[str, Extent], public: bytes
) -> Inner:
    """The signed statement inside, which must say what the envelope says."""
    raw, signed = (_bytes(plain, lying[name]) for name in (STATEMENT, STATEMENT_SIGNATURE))
    if not envelope.is_signed(envelope.INNER, raw, signed, public):
        raise Refused("inner-signature", sender=outer.sender)
    try:
        inner = envelope.read(raw, Inner)
    except ValueError as error:
        raise Refused("bag", why=f"{STATEMENT}: {error}") from error
    for name in Header.__struct_fields__:
        if getattr(inner, name) != getattr(outer, name):
            raise Refused("disagree", what=name)
    tagmanifest = hashlib.sha256(_bytes(plain, lying[bags.TAG_MANIFEST])).hexdigest()
    if inner.tagmanifest_sha256 != tagmanifest:
        raise Refused("disagree", what="contents")
    return inner


def proved(plain: BinaryIO, lying: Mapping[str, Extent], authorities: bytes,
           registered: str | None) -> Proofs:  # fmt: skip
    """What a certificate and a time stamp prove of a statement that was checked."""
    raw = _bytes(plain, lying[STATEMENT])
    signature, stamp = (_bytes(plain, lying[name]) if name in lying else None
                        for name in (STATEMENT_CERTIFIED, STATEMENT_STAMP))  # fmt: skip
    asked = Asked(statement=raw, registered=registered, authorities=authorities,
                  sealed_at=moment(envelope.read(raw, Inner).sealed_at))  # fmt: skip
    return proofs(signature, stamp, asked)


def _bytes(plain: BinaryIO, extent: Extent) -> bytes:
    start, size = extent
    if size > _LARGEST:
        raise Refused("bag", why="a tag file is too large")
    return os.pread(plain.fileno(), size, start)


def _digest_of(plain: BinaryIO, extent: Extent) -> str:
    start, size = extent
    hashing = hashlib.sha256()
    buffer = memoryview(bytearray(min(HASHED, size)))
    for at in range(start, start + size, HASHED):
        part = buffer[: min(HASHED, start + size - at)]
        if os.preadv(plain.fileno(), [part], at) != len(part):
            raise Refused("tar", why="it is cut short")
        hashing.update(part)
    return hashing.hexdigest()
