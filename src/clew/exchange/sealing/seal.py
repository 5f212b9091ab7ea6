"""Closing a package: one payload under a fresh key, and a lock with that key for each receiver.

Nothing is copied: what members give passes through hash, tar and cipher into the volumes.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from clew.casefile.custody import timestamps
from clew.casefile.custody.checkpoint import Signer
from clew.errors import UsageError
from clew.exchange.sealing import agefile, envelope, tar
from clew.exchange.sealing.bag import Bag, Info
from clew.exchange.sealing.certified import Certified
from clew.exchange.sealing.envelope import Envelope, Header, Inner, Lock
from clew.exchange.sealing.locks import Receiver, age
from clew.exchange.sealing.member import Member
from clew.exchange.sealing.volumes import MOST, Volumes

FOLDER = ".clewpkg"
"""How the name of a package's folder ends."""
LEAST_VOLUME = 1 << 16
_PROFILE = "https://example.org/clew/profile/referral-1.json"
INSIDE = "bag/"
STATEMENT, STATEMENT_SIGNATURE = "signatures/package.json", "signatures/package.sig"
STATEMENT_CERTIFIED, STATEMENT_STAMP = "signatures/package.p7s", "signatures/package.tsr"
"""A signature by certificate and a time stamp over the statement, where the sender has them."""
_SIZE = re.compile(r"(\d+) ?([kMG]?)B?")
_UNITS = {"": 1, "k": 1000, "M": 1000**2, "G": 1000**3}


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A package that was made."""

    header: Header
    tagmanifest_sha256: str
    """On this digest all contents hang."""
    envelope_sha256: str
    """On this digest all files of the package hang."""
    members: tuple[tuple[str, int, str], ...]
    """Name, size and SHA-256 of each member that was sealed, in order."""
    payload_size: int
    """Bytes of the contents."""
    size: int
    """Bytes of the volumes."""
    volumes: int


class Sealing(msgspec.Struct, frozen=True, kw_only=True):
    """How a package is closed."""

    header: Header
    receivers: tuple[Receiver, ...]
    """The keys of each receiver that the header names, and of nobody else."""
    signer: Signer
    """Who signs the package: the key that partners have registered for the sender."""
    certified: Certified | None = None
    """A certificate of the sender that signs the statement inside as well."""
    stamp: bytes | None = None
    """Answer of a time-stamping authority to a request over ``statement``."""
    info: Info = ()
    """Further tags of ``bag-info.txt``, in order; what the header says stands there already."""
    volume_size: int | None = None
    """Bytes of a volume; None of one volume."""


def seal(into: Path, members: Iterable[Member], sealing: Sealing) -> Sealed:
    """Write a package into an empty folder (``clew.casefile.outputs.output`` gives one).

    ``members`` are read once, in order. Raises UsageError where header or receivers can't be,
    before anything is written.
    """
    header, signer, volume_size = sealing.header, sealing.signer, sealing.volume_size
    envelope.check(header)
    _check_receivers(header, sealing.receivers)
    if volume_size is not None and volume_size < LEAST_VOLUME:
        raise UsageError(
            f"a volume has at least {LEAST_VOLUME} bytes", do="Give a larger --volume-size."
        )
    into.mkdir(exist_ok=True)
    identity = age.fresh()
    bag = Bag(members, [*_tags(header), *sealing.info])
    with contextlib.closing(Volumes(into, volume_size)) as volumes:
        agefile.encrypt(_archive(bag, sealing), volumes, identity)
    if len(volumes.parts) > MOST:
        raise UsageError(
            f"the package would have {len(volumes.parts)} volumes, and has at most {MOST}",
            do="Give a larger --volume-size.",
        )
    locks = tuple(_locks(into, sealing.receivers, identity))
    outer = Envelope(**envelope.shared(header), locks=locks, volumes=tuple(volumes.parts))
    written = envelope.written(outer)
    (into / "envelope.json").write_bytes(written)
    (into / "envelope.sig").write_bytes(envelope.signature(envelope.OUTER, written, signer))
    return Sealed(
        header=header,
        tagmanifest_sha256=bag.tagmanifest_sha256,
        envelope_sha256=hashlib.sha256(written).hexdigest(),
        members=tuple(bag.members),
        payload_size=bag.size,
        size=sum(part.size for part in volumes.parts),
        volumes=len(volumes.parts),
    )


def folder_name(package: str) -> str:
    """Name of the folder of a package, by its id."""
    return package.removeprefix("urn:uuid:") + FOLDER


def volume_bytes(text: str) -> int:
    """How many bytes a size such as ``50MB`` is; UsageError where it is none.

    >>> volume_bytes("50 MB")
    50000000
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{text!r} is no size", do="Give one such as 50MB.")
    return int(found[1]) * _UNITS[found[2]]


def _tags(header: Header) -> Iterator[tuple[str, str]]:
    """What the header says, as tags of the bag: for whoever has the bag alone."""
    yield "Source-Organization", header.sender
    yield "Bagging-Date", header.sealed_at.partition("T")[0]
    yield "External-Identifier", header.package
    yield "Internal-Sender-Identifier", header.case
    yield "BagIt-Profile-Identifier", _PROFILE
    for name in header.receivers:
        yield "Clew-Recipient", name
    for code in header.handling:
        yield "Clew-Handling-Code", code
    if header.tlp:
        yield "Clew-TLP", header.tlp


def _check_receivers(header: Header, receivers: Sequence[Receiver]) -> None:
    named = sorted({receiver.party for receiver in receivers})
    if tuple(named) != header.receivers:
        raise UsageError(
            f"the package is for {', '.join(header.receivers)}, and keys were given of "
            f"{', '.join(named) or 'nobody'}",
            do="Name each receiver, and no other. Nothing was written.",
        )
    for receiver in receivers:
        receiver.check()


def statement(members: Iterable[Member], sealing: Sealing) -> bytes:
    """The statement that a package of these members has inside; ``members`` are read once."""
    bag = Bag(members, [*_tags(sealing.header), *sealing.info])
    for member in bag:
        for _ in member.chunks:
            pass
    return _stated(bag, sealing.header)


def _stated(bag: Bag, header: Header) -> bytes:
    inner = Inner(**envelope.shared(header), tagmanifest_sha256=bag.tagmanifest_sha256)
    return envelope.written(inner)


def _archive(bag: Bag, sealing: Sealing) -> Iterator[bytes | memoryview]:
    """The bytes of the archive: the bag, and the inner statement with its signatures."""
    for member in bag:
        yield from _file(member)
    written = _stated(bag, sealing.header)
    signature = envelope.signature(envelope.INNER, written, sealing.signer)
    yield from _file(Member.of(STATEMENT, written))
    yield from _file(Member.of(STATEMENT_SIGNATURE, signature))
    if sealing.certified:
        yield from _file(Member.of(STATEMENT_CERTIFIED, sealing.certified.sign(written)))
    if sealing.stamp:
        if not timestamps.is_about(sealing.stamp, written):
            raise UsageError(
                "the time stamp is not of what would be sealed now; nothing was written",
                do="Make a request anew with --timestamp-request, and give the answer to that one.",
            )
        yield from _file(Member.of(STATEMENT_STAMP, sealing.stamp))
    yield tar.END


def _file(member: Member) -> Iterator[bytes | memoryview]:
    yield tar.header(INSIDE + member.name, member.size)
    yield from member.chunks
    yield tar.padding(member.size)


def _locks(into: Path, receivers: Sequence[Receiver], identity: str) -> Iterator[Lock]:
    """A lock of each kind that a receiver can open."""
    (into / "locks").mkdir()
    for receiver in sorted(receivers, key=lambda one: one.party):
        for kind, closed in receiver.locks(identity):
            name = f"locks/{receiver.party}.{kind.suffix}"
            (into / name).write_bytes(closed)
            yield Lock(
                name=name, receiver=receiver.party, kind=kind, size=len(closed),
                sha256=hashlib.sha256(closed).hexdigest(),
            )  # fmt: skip
