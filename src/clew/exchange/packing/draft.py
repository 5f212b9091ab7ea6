"""A package before it is sealed: a folder of members in the case, bound by one digest.

Whoever packs writes it, a second person reads and approves that digest, and sealing takes these
very bytes; then the folder goes, since what it holds is in the package and in the case.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from clew.casefile import Case
from clew.casefile.drafts import FOLDER, Member, digest, digest_of, sweep
from clew.casefile.drafts import members as members_of
from clew.casefile.files import HIDDEN, writing
from clew.casefile.ledger import now
from clew.casefile.parquet import write_part
from clew.errors import EvidenceError, UsageError
from clew.exchange import referral_file
from clew.exchange.packing import coverage
from clew.exchange.packing.compose import Composer, Content, Known
from clew.exchange.packing.cover import cover
from clew.exchange.packing.naming import Naming, naming
from clew.exchange.packing.request import Request
from clew.exchange.renderings import case as case_uco
from clew.exchange.renderings import stix, vics
from clew.records import PackageEntry, PackageStep

IN_PACKAGE = (case_uco, vics, stix)
"""Formats of others that each package has; of the rest each is a pure function of the referral."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A package that was made, with what it has."""

    package: str
    content_sha256: str
    size: int
    """Bytes of all members."""
    coverage: coverage.Coverage
    content: Content
    naming: Naming


def make(case: Case, request: Request, known: Known, into: Path) -> Draft:
    """Write the members of a package into an empty folder; nothing of the case changes.

    Raises UsageError where nobody is named or counted for these receivers, or where words of the
    request name somebody who is not named.
    """
    request.check()
    if case.deliveries:
        raise ValueError(
            "a package is made of a case's own facts: read it over the whole case alone"
        )
    chosen = naming(case, request.receivers, desk=request.desk)
    if not chosen.named and not _counts(chosen):
        raise UsageError(
            f"nobody is named to {', '.join(o.partner_id for o in request.receivers)}: no decision "
            "says so; nothing was written",
            do="See whom the rules propose, and decide: clew route CASE, clew route decide",
        )
    package = str(uuid4())
    composer = Composer(case, request, chosen, known)
    content = composer.content(package, now())
    restrictions = content.referral.marking.restrictions or ""
    if any(map(composer.mentions_others, (request.legal_basis, request.purpose, restrictions))):
        raise UsageError(
            "legal basis, purpose or restrictions name somebody whom no decision names; "
            "nothing was written",
            do="Name the order or the file instead, as in: --legal-basis 'order 12/26'",
        )
    said = coverage.coverage(content, chosen)
    with writing("writing the draft"):
        _write(into, request, content, said)
    members = list(members_of(into))
    return Draft(
        package=package, content_sha256=digest(into), size=sum(p.stat().st_size for p in members),
        coverage=said, content=content, naming=chosen,
    )  # fmt: skip


def keep(case: Case, request: Request, draft: Draft, made: Path, by: str) -> PackageEntry:
    """Put a draft into the case and write down, signed, what it is."""
    marking = draft.content.referral.marking
    entry = PackageEntry(
        number=0, package=draft.package, step=PackageStep.PACKED,
        partners=tuple(o.partner_id for o in request.receivers), sender=request.sender.partner_id,
        content_sha256=draft.content_sha256, legal_basis=request.legal_basis,
        purpose=request.purpose, handling=tuple(map(str, marking.handling)), tlp=str(marking.tlp),
        replaces=request.supersedes,
        decisions=tuple(str(s.decision.number) for s in draft.naming.decisions.values()),
        named=len(draft.naming.named), counted=draft.coverage.counted,
        tokens=draft.coverage.tokens, texts=draft.coverage.texts,
        rows=sum(t.sent for t in draft.coverage.tables.values()), desk=request.desk,
        keep_until=datetime.combine(request.keep_until, datetime.min.time(), UTC),
        judged_by=by, reason=request.legal_basis,
        judged_at=now(),
    )  # fmt: skip
    with writing("keeping the draft"):
        home = folder(case, draft.package)
        home.parent.mkdir(parents=True, exist_ok=True)
        made.rename(home)
    return case.ledger.enter(entry)


def folder(case: Case, package: str) -> Path:
    """Where the draft of a package lies."""
    return case.folder / FOLDER / package


def scratch(case: Case) -> Path:
    """A new hidden folder beside the drafts."""
    home = case.folder / FOLDER
    sweep(case)
    with writing("making a folder for the draft"):
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"{HIDDEN}{uuid4().hex}"
        made.mkdir(mode=0o750)
    return made


def members(case: Case, entry: PackageEntry) -> list[tuple[str, Path]]:
    """Names and files of a draft; EvidenceError where it is not as it was packed."""
    home = folder(case, entry.package)
    if not home.is_dir() or digest(home) != entry.content_sha256:
        raise _changed(entry)
    return [(file.relative_to(home).as_posix(), file) for file in members_of(home)]


def check(entry: PackageEntry, sealed: Iterable[Member]) -> None:
    """EvidenceError where a draft was changed between its last check and the reading of its bytes.

    ``sealed`` are the members as they passed into the package.
    """
    if digest_of(sealed) != entry.content_sha256:
        raise _changed(entry)


def _changed(entry: PackageEntry) -> EvidenceError:
    return EvidenceError(
        f"the draft of package {entry.package} is not as it was packed",
        do="Pack it anew with clew pack; nothing was sealed.",
    )


def remove(made: Path) -> None:
    """Remove a folder that was not kept."""
    shutil.rmtree(made, ignore_errors=True)


def discard(case: Case, package: str) -> None:
    """Remove a draft from the case."""
    remove(folder(case, package))


def _write(into: Path, request: Request, content: Content, said: coverage.Coverage) -> None:
    (into / "tables").mkdir()
    for name, (row, rows) in content.tables.items():
        write_part(row, into / "tables" / f"{name}.parquet", iter(rows.to_batches()))
    (into / referral_file.NAME).write_bytes(referral_file.encode(content.referral))
    (into / coverage.NAME).write_bytes(coverage.encode(said))
    for language in request.languages:
        page = cover(content, request, language)
        (into / f"cover.{language}.html").write_text(page, encoding="utf-8")
    for rendering in IN_PACKAGE:
        for name, pieces in rendering.render(content.referral):
            (into / name).parent.mkdir(exist_ok=True)
            with (into / name).open("wb") as out:
                out.writelines(pieces)
    lines = (msgspec.json.encode(one) + b"\n" for one in content.referral.assessments.judgements)
    (into / "judgements.jsonl").write_bytes(b"".join(lines))


def _counts(chosen: Naming) -> bool:
    return any(why == "count_only" for why in chosen.persons.values())
