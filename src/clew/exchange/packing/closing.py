"""Closing a package for its receivers: one that was approved, or word that takes one back."""

from __future__ import annotations

from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.custody.checkpoint import Signer
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


def close(case: Case, packed: PackageEntry, how: Closing, into: Path) -> sealing.Sealed:
    """Write an approved draft into an empty folder, locked for each receiver, and record it.

    ``packed`` is what ``packages.to_seal`` gave; the draft is the caller's to discard once the
    folder stands.
    """
    members = (sealing.Member.file(name, file) for name, file in draft.members(case, packed))
    header = _header(case, packed, package=packed.package, supersedes=packed.replaces)
    made = sealing.seal(into, members, _sealing(case, packed, header, how))
    draft.check(packed, made.members)
    packages.sealed(case, packed, how.signed, envelope=made.envelope_sha256,
                    tagmanifest=made.tagmanifest_sha256)  # fmt: skip
    return made


def take_back(case: Case, sent: PackageEntry, how: Closing, into: Path) -> sealing.Sealed:
    """Write a package without contents that takes an earlier one back from all its receivers.

    ``sent`` is what ``packages.to_recall`` gave.
    """
    package = sealing.package_id().removeprefix("urn:uuid:")
    header = _header(case, sent, package=package, recalls=sent.package)
    made = sealing.seal(into, (), _sealing(case, sent, header, how))
    packages.recalled(case, sent, how.signed, made.envelope_sha256)
    return made


def _header(
    case: Case, entry: PackageEntry, *, package: str, supersedes: str | None = None,
    recalls: str | None = None,
) -> sealing.Header:  # fmt: skip
    return sealing.Header(
        package=package, case=case.config.case_id, sender=entry.sender,
        receivers=tuple(sorted(entry.partners)), sealed_at=sealing.now(),
        handling=entry.handling, tlp=entry.tlp, supersedes=supersedes, recalls=recalls,
    )  # fmt: skip


def _sealing(
    case: Case, entry: PackageEntry, header: sealing.Header, how: Closing
) -> sealing.Sealing:
    return sealing.Sealing(
        header=header, receivers=receivers(partners(case), entry.partners), signer=how.signer,
        volume_size=how.volume_size,
    )  # fmt: skip
