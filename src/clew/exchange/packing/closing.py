"""Closing a package for its receivers: one that was approved, or word that takes one back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.custody import timestamps
from clew.casefile.custody.checkpoint import Signer
from clew.errors import UsageError
from clew.exchange import sealing
from clew.exchange.packing import draft, packages
from clew.exchange.routing.decisions import Signed
from clew.exchange.sealing.partners import partners, receivers
from clew.records import PackageEntry


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Who closes a package, and how."""

    signed: Signed
    signer: Signer
    """Key that partners have registered for the sender."""
    volume_size: int | None = None
    """Bytes of a volume; None of one volume."""
    certified: sealing.Certified | None = None
    """A certificate of the sender that signs the statement inside as well."""
    stamp: bytes | None = None
    """Answer of a time-stamping authority to the last request."""


STAMP_REQUESTED = "time stamp of a package requested"


def request(case: Case, packed: PackageEntry, how: Closing) -> bytes:
    """A request for a time stamp over the statement that the package will have inside.

    When it was made is when the package says that it was sealed, so the log keeps it.
    """
    at = sealing.now()
    header = _header(case, packed, at, package=packed.package, supersedes=packed.replaces)
    said = sealing.statement(_members(case, packed), _sealing(case, packed, header, how))
    asked = timestamps.request(said)
    case.custody.append(STAMP_REQUESTED, package=packed.package, sealed_at=at)
    return asked


def close(case: Case, packed: PackageEntry, how: Closing, into: Path) -> sealing.Sealed:
    """Write an approved draft into an empty folder, locked for each receiver, and record it.

    ``packed`` is what ``packages.to_seal`` gave; the draft is the caller's to discard once the
    folder stands.
    """
    at = _requested_at(case, packed.package) if how.stamp else sealing.now()
    header = _header(case, packed, at, package=packed.package, supersedes=packed.replaces)
    made = sealing.seal(into, _members(case, packed), _sealing(case, packed, header, how))
    draft.check(packed, made.members)
    packages.sealed(case, packed, how.signed, envelope=made.envelope_sha256,
                    tagmanifest=made.tagmanifest_sha256)  # fmt: skip
    return made


def take_back(case: Case, sent: PackageEntry, how: Closing, into: Path) -> sealing.Sealed:
    """Write a package without contents that takes an earlier one back from all its receivers.

    ``sent`` is what ``packages.to_recall`` gave.
    """
    package = sealing.package_id().removeprefix("urn:uuid:")
    header = _header(case, sent, sealing.now(), package=package, recalls=sent.package)
    made = sealing.seal(into, (), _sealing(case, sent, header, how))
    packages.recalled(case, sent, how.signed, made.envelope_sha256)
    return made


def _members(case: Case, packed: PackageEntry) -> Iterator[sealing.Member]:
    return (sealing.Member.file(name, file) for name, file in draft.members(case, packed))


def _requested_at(case: Case, package: str) -> str:
    """When a time stamp was last asked for of a package."""
    found = [
        str(entry.content["sealed_at"]) for entry in case.custody.entries()
        if (entry.content["action"], entry.content.get("package")) == (STAMP_REQUESTED, package)
    ]  # fmt: skip
    if not found:
        raise UsageError(
            "no time stamp was asked for of this package; nothing was sealed",
            do="Make a request: clew seal CASE PACKAGE --timestamp-request FILE.tsq",
        )
    return found[-1]


def _header(case: Case, entry: PackageEntry, at: str, **about: Any) -> sealing.Header:
    return sealing.Header(
        case=case.config.case_id, sender=entry.sender,
        receivers=tuple(sorted(entry.partners)), sealed_at=at,
        handling=entry.handling, tlp=entry.tlp, **about,
    )  # fmt: skip


def _sealing(
    case: Case, entry: PackageEntry, header: sealing.Header, how: Closing
) -> sealing.Sealing:
    return sealing.Sealing(
        header=header, receivers=receivers(partners(case), entry.partners), signer=how.signer,
        volume_size=how.volume_size, certified=how.certified, stamp=how.stamp,
        info=tuple(_info(entry)),
    )  # fmt: skip


def _info(entry: PackageEntry) -> Iterator[tuple[str, str]]:
    """Tags of the bag, for whoever has the bag alone; no package has media."""
    yield "Clew-Legal-Basis", _line(entry.legal_basis)
    yield "Clew-Purpose", _line(entry.purpose)
    if entry.keep_until:
        yield "Clew-Keep-Until", entry.keep_until.date().isoformat()
    yield "Clew-Contains-Media", "no"


def _line(text: str) -> str:
    """A text on one line, as a tag has it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
