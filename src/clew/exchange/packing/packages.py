"""Packages on their way out of a case: packed by one person, approved by another, sealed.

Each step is a signed row of the ledger. What is sealed is what was approved, to the byte, and only
as long as every decision that names somebody in it still counts.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from clew.casefile import Case
from clew.casefile.chronicle import Chronicle
from clew.casefile.drafts import open_drafts, sweep
from clew.casefile.ledger import now
from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import EvidenceError, UsageError
from clew.exchange.packing import draft
from clew.exchange.packing.naming import Receiver, naming
from clew.exchange.routing.decisions import Signed
from clew.exchange.sealing.partners import partners
from clew.records import PackageEntry, PackageStep
from clew.schema import replace


class Sent(msgspec.Struct, frozen=True):
    """A package of the case with its steps, in order."""

    entries: tuple[PackageEntry, ...]

    @property
    def packed(self) -> PackageEntry:
        """How it was made."""
        return self.entries[0]

    @property
    def state(self) -> PackageStep:
        """What was done with it last."""
        return self.entries[-1].step


def packages(case: Case) -> dict[str, Sent]:
    """Packages of the case, in the order in which they were made."""
    found: dict[str, Sent] = {}
    for entry in case.ledger.judgements(PackageEntry):
        before = found.get(entry.package)
        if before or entry.step is PackageStep.PACKED:
            found[entry.package] = Sent((*(before.entries if before else ()), entry))
    return found


def package(case: Case, named: str) -> Sent:
    """One package, by its id or the beginning of it."""
    found = [one for name, one in packages(case).items() if named and name.startswith(named)]
    if len(found) != 1:
        raise UsageError(
            f"{named!r} names {f'{len(found)} packages' if found else 'no package'} of this case",
            do="See them with: clew packages CASE",
        )
    return found[0]


def approve(case: Case, named: str, signed: Signed) -> PackageEntry:
    """Approve a draft as a second person, with another key than it was packed with."""
    one = package(case, named)
    _must_be(one, PackageStep.PACKED)
    draft.members(case, one.packed)
    own = case.custody.analyst.fingerprint if case.custody.analyst else ""
    packer = Chronicle(case.custody).judged[one.packed.number].key
    if own in ("", packer) or signed.by == one.packed.judged_by:
        raise UsageError(
            "whoever packed a package does not approve it; nothing was done",
            do="A second person approves it, as another user with a key of his own: clew whoami",
        )
    _still_decided(case, one.packed)
    return _step(case, one.packed, PackageStep.APPROVED, signed)


def to_seal(case: Case, named: str) -> PackageEntry:
    """A package that may be sealed; UsageError where it was not approved, or a decision is gone."""
    one = package(case, named)
    _must_be(one, PackageStep.APPROVED)
    packed, approved = one.packed, one.entries[-1]
    keys = Chronicle(case.custody).judged
    first, second = keys[packed.number], keys[approved.number]
    if not (first.signature and second.signature) or first.key == second.key:
        raise UsageError(
            "the package was not approved by a second person with a key of his own",
            do="Let one approve it: clew approve; nothing was sealed.",
        )
    for name, known in partners(case).items():
        if name in packed.partners and known.number > approved.number:
            raise UsageError(
                f"the keys of {name} were registered anew after the package was approved",
                do="Compare them with the partner, pack it anew, and let it be approved; nothing "
                "was sealed.",
            )
    if packed.content_sha256 != approved.content_sha256:
        raise UsageError("another draft was approved", do="Pack it anew; nothing was sealed.")
    _still_decided(case, packed)
    return packed


def sealed(
    case: Case, packed: PackageEntry, signed: Signed, *, envelope: str, tagmanifest: str
) -> PackageEntry:
    """Write down that a package was sealed; its draft is then the caller's to remove."""
    entry = replace(packed, envelope_sha256=envelope, tagmanifest_sha256=tagmanifest)
    return _step(case, entry, PackageStep.SEALED, signed)


def to_supersede(case: Case, named: str, receivers: Collection[str]) -> PackageEntry:
    """A package that was sealed for these receivers and can be replaced; UsageError of another.

    Who gets only the later one would hear of a package that is none of theirs, and who has only
    the earlier one would keep it.
    """
    one = package(case, named.removeprefix("urn:uuid:"))
    if one.state is not PackageStep.SEALED:
        raise UsageError(
            f"package {one.packed.package} is {one.state}, and no receiver has it",
            do="Throw a draft away instead: clew packages CASE --discard ID. Nothing was written.",
        )
    if {*one.packed.partners} != {*receivers}:
        raise UsageError(
            f"package {one.packed.package} went to {', '.join(one.packed.partners)}, and not to "
            f"{', '.join(receivers)}",
            do="Pack for the same partners, or take the earlier one back: clew seal --recall",
        )
    return one.packed


def to_recall(case: Case, named: str) -> PackageEntry:
    """A package that was sealed and may be taken back: a sender's right, without a second person.

    UsageError where it was not sealed, or was taken back before.
    """
    one = package(case, named)
    _must_be(one, PackageStep.SEALED)
    return one.entries[-1]


def recalled(case: Case, sent: PackageEntry, signed: Signed, envelope: str) -> PackageEntry:
    """Write down that a package was taken back, by the envelope of what says so."""
    return _step(case, replace(sent, envelope_sha256=envelope), PackageStep.RECALLED, signed)


def receipted(case: Case, name: str, receiver: str, tagmanifest_sha256: str) -> None:
    """EvidenceError where a receipt is not of a package that this case sealed for its receiver."""
    sent = packages(case).get(name.removeprefix("urn:uuid:"))
    sealed_as = [e for e in sent.entries if e.step is PackageStep.SEALED] if sent else []
    if not any(
        receiver in one.partners and one.tagmanifest_sha256 == tagmanifest_sha256
        for one in sealed_as
    ):
        raise EvidenceError(
            f"the receipt is of a package that this case did not seal for {receiver}",
            do="Check it with the case that sent the package, and ask the receiver what came.",
        )


def discard(case: Case, named: str, signed: Signed) -> PackageEntry:
    """Throw a package away that was not sealed."""
    one = package(case, named)
    if one.state not in (PackageStep.PACKED, PackageStep.APPROVED):
        _must_be(one, PackageStep.PACKED)
    done = _step(case, one.packed, PackageStep.DISCARDED, signed)
    draft.discard(case, one.packed.package)
    return done


def discard_open(case: Case, signed: Signed) -> None:
    """Throw every draft away, and what killed commands left of others: somebody is erased."""
    for name in open_drafts(case):
        discard(case, name, signed)
    sweep(case)


def _must_be(one: Sent, step: PackageStep) -> None:
    if one.state is not step:
        raise UsageError(
            f"the package is {one.state}, and would have to be {step}; nothing was done",
            do="See the state of each with: clew packages CASE",
        )


def _still_decided(case: Case, packed: PackageEntry) -> None:
    """UsageError where somebody in the package would not be named to its receivers today.

    That is asked as packing asks it: a later decision towards a receiver can say no while the
    earlier one still counts, and somebody may have been judged a victim since.
    """
    known = partners(case)
    receivers = [Receiver(one, one, known[one].country if one in known else None)
                 for one in packed.partners]  # fmt: skip
    with case.over(WHOLE_CASE):
        standing = naming(case, receivers, desk=packed.desk).decisions.values()
    if gone := sorted({*packed.decisions} - {str(s.decision.number) for s in standing}, key=int):
        raise UsageError(
            f"decision {gone[0]} names somebody in this package and counts no more",
            do="Pack it anew: clew pack. Throw this one away: clew packages CASE --discard ID",
        )


def _step(case: Case, entry: PackageEntry, step: PackageStep, signed: Signed) -> PackageEntry:
    done = replace(entry, number=0, step=step, judged_by=signed.by, reason=signed.reason,
                   judged_at=now())  # fmt: skip
    return case.ledger.enter(done)
