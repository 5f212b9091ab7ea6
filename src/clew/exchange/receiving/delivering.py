"""A package from the carrier to the case: opened, checked, shown, and taken in or taken back.

Every attempt has an entry in the custody log with its outcome, also one that was refused. Until
all is verified nothing of the package has a name on the disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from clew.casefile import Case
from clew.casefile.custody.checkpoint import parse_verifier
from clew.casefile.exchanged import PACKAGE_OFFERED, PACKAGE_RECALLED
from clew.casefile.received import STEP, deliveries
from clew.casefile.step_manifest import StepManifest
from clew.errors import UsageError
from clew.exchange.receiving.arriving import arrival
from clew.exchange.receiving.forgetting import Why, forget, resume
from clew.exchange.receiving.taking import Arrival, Preview, admit, check, preview, take_in
from clew.exchange.refused import Refused
from clew.exchange.sealing import Attempt, Key, Proofs, Receiving, opened
from clew.exchange.sealing.partners import partners
from clew.records import Package
from clew.sandbox import Guard


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a package that was offered."""

    about: Package
    adds: Preview
    taken_in: bool = False
    """It was taken in now; False of a preview, of a recall, and of what was there already."""
    proofs: Proofs
    """What a certificate and a time stamp prove beyond the sender's key."""
    recalled: int | None = None
    """Rows that a recall took out; None of what is no recall."""


class Opener(msgspec.Struct, frozen=True, kw_only=True):
    """Who opens a package."""

    me: str
    """Id of the partner that this agency is to others."""
    keys: tuple[Key, ...]
    authorities: bytes = b""
    """Certificates of authorities in PEM, one after the other."""
    guard: Guard | None = None
    """Whose worker decodes tables, where several packages are opened; a fresh one otherwise."""


def deliver(
    case: Case, file: Path, opener: Opener,
    wanted: Callable[[Package], None] = lambda _: None, *, only_show: bool = False,
) -> Outcome:  # fmt: skip
    """Open a package and take it in, or do what it asks for; the case is locked for writing.

    ``wanted`` raises UsageError of a package that the command at hand is not for.
    """
    resume(case)
    senders = {name: p for name, p in partners(case).items() if p.verifier}
    case.scratch.mkdir(parents=True, exist_ok=True)
    manifests = [m for m in case.manifests.every() if m.step == STEP]
    receiving = Receiving(
        me=opener.me, keys=opener.keys, senders=senders, scratch=case.scratch,
        received=_received(manifests), authorities=opener.authorities,
        attempt=lambda attempt: _log(case, attempt),
    )  # fmt: skip
    with opened(file, receiving) as package, _guard(case, opener) as guard:
        _, public = parse_verifier(senders[package.header.sender].verifier or "")
        try:
            arrived = arrival(package, public, guard)
            wanted(arrived.about)
            admit(case, arrived.about)
            check(arrived)
            return _done(case, arrived, package.proofs, only_show=only_show)
        except BaseException as error:
            case.custody.append(
                PACKAGE_OFFERED, outcome=error.code if isinstance(error, Refused) else "stopped",
                package=package.header.package, sender=package.header.sender,
                envelope_sha256=package.envelope_sha256,
            )  # fmt: skip
            raise


@contextlib.contextmanager
def _guard(case: Case, opener: Opener) -> Iterator[Guard]:
    """Whose worker decodes what a stranger sent; it starts with the first table."""
    if opener.guard:
        yield opener.guard
        return
    with contextlib.closing(Guard(parent=case.scratch)) as guard:
        yield guard


def _done(case: Case, arrived: Arrival, proofs: Proofs, *, only_show: bool) -> Outcome:
    about = arrived.about
    outcome = Outcome(about=about, adds=preview(case, arrived.given), proofs=proofs)
    if only_show:
        return outcome
    if about.recalls:
        return msgspec.structs.replace(outcome, recalled=recall(case, about))
    taken = take_in(case, about, arrived.given, arrived)
    return msgspec.structs.replace(outcome, taken_in=taken)


def recall(case: Case, about: Package) -> int:
    """Take out what a sender takes back, now or should it come later; how many rows it had."""
    package = about.recalls or ""
    case.custody.append(PACKAGE_RECALLED, package=package, partner=about.partner_id,
                        by_package=about.package_id)  # fmt: skip
    if any(d.package == package for d in deliveries(case.manifests.every())):
        return forget(case, package, Why.RECALLED, by_package=about.package_id)
    return 0


def only_recalls(about: Package) -> None:
    """UsageError of a package that takes no other back."""
    if not about.recalls:
        raise UsageError("the package recalls nothing; nothing was done",
                         do="To take it in: clew receive CASE PACKAGE")  # fmt: skip


def only_supersedes(about: Package) -> None:
    """UsageError of a package that replaces no other."""
    if not about.supersedes:
        raise UsageError("the package supersedes nothing; nothing was done",
                         do="To take it in: clew receive CASE PACKAGE")  # fmt: skip


def _received(manifests: list[StepManifest]) -> dict[str, str]:
    return {manifest.scope: manifest.key for manifest in manifests}


def _log(case: Case, attempt: Attempt) -> None:
    about = msgspec.to_builtins(attempt)
    case.custody.append(PACKAGE_OFFERED, **{n: value for n, value in about.items() if value})
