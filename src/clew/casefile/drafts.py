"""Drafts of packages that lie in a case until they are sealed, each bound by one digest."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clew.casefile.custody.canonical import canonical
from clew.casefile.files import HIDDEN, sha256_of
from clew.errors import EvidenceError
from clew.records import PackageEntry, PackageStep

if TYPE_CHECKING:
    from clew.casefile.case import Case

FOLDER = Path("work", "packages")
"""Where drafts lie in a case, each under the id of its package."""
Member = tuple[str, int, str]
"""Name, size in bytes and SHA-256."""
_OPEN = frozenset((PackageStep.PACKED, PackageStep.APPROVED))


def members(home: Path) -> Iterator[Path]:
    """Files of a draft, in order."""
    return (file for file in sorted(home.rglob("*")) if file.is_file())


def digest(home: Path) -> str:
    """SHA-256 over names, sizes and digests of all members of a draft."""
    return digest_of(
        (file.relative_to(home).as_posix(), file.stat().st_size, sha256_of(file))
        for file in members(home)
    )


def digest_of(listed: Iterable[Member]) -> str:
    """The same, of members in the order of their paths."""
    return hashlib.sha256(canonical({"members": [*map(list, listed)]}).encode()).hexdigest()


def open_drafts(case: Case) -> dict[str, PackageEntry]:
    """Packages that were packed and neither sealed nor thrown away, as the ledger has them.

    None of them where the ledger can't be read, which `clew verify` says of the ledger itself.
    """
    latest: dict[str, PackageEntry] = {}
    with contextlib.suppress(EvidenceError):
        latest = {str(entry.package): entry for entry in case.ledger.judgements(PackageEntry)}
    return {package: entry for package, entry in latest.items() if entry.step in _OPEN}


def sweep(case: Case) -> None:
    """Remove folders of packages that were never packed, or are sealed: a command was killed."""
    latest = {str(entry.package): entry.step for entry in case.ledger.judgements(PackageEntry)}
    for home in sorted((case.folder / FOLDER).glob("*")):
        if latest.get(home.name) not in _OPEN and not home.name.startswith(HIDDEN):
            shutil.rmtree(home, ignore_errors=True)


def changed(case: Case) -> Iterator[str]:
    """Drafts that are missing or not as they were packed."""
    for package, entry in sorted(open_drafts(case).items()):
        home = case.folder / FOLDER / package
        if not home.is_dir():
            yield f"the draft of package {package} is missing"
        elif digest(home) != entry.content_sha256:
            yield f"the draft of package {package} is not as it was packed"


def drafted(case: Case) -> set[str]:
    """Paths in the case of the files of open drafts; `changed` says which are not as they were."""
    homes = (case.folder / FOLDER / package for package in open_drafts(case))
    return {str(file.relative_to(case.folder)) for home in homes for file in members(home)}
