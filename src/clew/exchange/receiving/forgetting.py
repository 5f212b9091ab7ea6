"""Taking a package out again: recalled by its sender, superseded by a later one, or forgotten.

Its rows go first, in one step, and then every conclusion that was drawn over them. What a killed
command leaves, the next one that writes ends. The log keeps digests and counts.
"""

import contextlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from clew.casefile import Case
from clew.casefile.chronicle import Chronicle
from clew.casefile.exchanged import PACKAGE_GONE, PACKAGE_LEAVING
from clew.casefile.received import JOINT, OVER_RECEIVED, STEP, WHOLE, Delivery, deliveries
from clew.errors import UsageError
from clew.exchange.refused import Refused
from clew.schema import Home


class Why(StrEnum):
    """Why a package leaves a case."""

    RECALLED = "recalled"
    SUPERSEDED = "superseded"
    FORGOTTEN = "forgotten"


def delivery(case: Case, package: str) -> Delivery:
    """A package that the case has, by its name; Refused where it has none of it."""
    found = next((d for d in deliveries(case.manifests.every()) if d.package == package), None)
    if found is None:
        raise Refused("unknown", package=package)
    return found


def named(case: Case, begins: str) -> str:
    """The one package whose id begins so; UsageError where there is none, or several."""
    found = [d.package for d in deliveries(case.manifests.every()) if d.package.startswith(begins)]
    if len(found) != 1 and begins not in found:
        raise UsageError(
            f"{begins!r} names {f'{len(found)} packages' if found else 'no package'} that the case "
            "received",
            do="See which it has: clew received CASE",
        )
    return begins if begins in found else found[0]


def forget(case: Case, package: str, why: Why, **about: object) -> int:
    """Take a package and all that followed from it out of the case; how many rows it had.

    The case is locked for writing.
    """
    found = delivery(case, package)
    rows = sum(out.rows for out in found.files.values())
    manifest = case.manifests.get(STEP, package)
    digest = manifest.sha256 if manifest else ""
    case.custody.append(
        PACKAGE_LEAVING, package=package, why=why, origin=found.origin, partner=found.partner,
        rows=rows, record=digest, **about,
    )  # fmt: skip
    _take_out(case, package)
    return rows


def resume(case: Case) -> None:
    """End what a killed command began: packages that were leaving, and those that were superseded.

    The case is locked for writing.
    """
    for package in sorted(Chronicle(case.custody).exchanged.leaving):
        _take_out(case, package)
    found = {d.package: d for d in deliveries(case.manifests.every())}
    for later in found.values():
        earlier = found.get(later.supersedes or "")
        if earlier and earlier.partner == later.partner:
            forget(case, earlier.package, Why.SUPERSEDED, by_package=later.package)


def withdraw(case: Case, scope: str) -> None:
    """Take back every conclusion of a scope that rests on what was received."""
    made = [m.step for m in case.manifests.every() if m.scope == scope]
    for step in sorted(made, key=lambda step: step != WHOLE):
        case.withdraw(step, scope)


def _take_out(case: Case, package: str) -> None:
    if case.manifests.get(STEP, package):
        case.withdraw(STEP, package)
    for scope in sorted(OVER_RECEIVED):
        withdraw(case, scope)
    case.custody.append(PACKAGE_GONE, package=package)
    _remove_empty(case, package)


def _remove_empty(case: Case, package: str) -> None:
    """Leave no folder behind that only what was received had need of."""
    homes = (case.folder / Home.RECEIVED / name for name in (package, *OVER_RECEIVED))
    for folder in (*homes, case.folder / Home.RECEIVED, *_steps(case)):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _steps(case: Case) -> Iterator[Path]:
    yield from (case.folder / "done" / step for step in (STEP, JOINT))
