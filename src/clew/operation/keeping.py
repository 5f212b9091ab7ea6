"""Statements in the ledger of a case: what is stated here, and what other sites' files bring."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from clew.casefile import Case, ledger
from clew.casefile.ledger import Act
from clew.errors import EvidenceError, UsageError
from clew.operation.board import Board, board
from clew.operation.site_files import SiteFile, fingerprint
from clew.operation.statements import Said, listed
from clew.records import SiteSheet, Statement
from clew.schema import replace


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one site's file."""

    name: str
    site: str
    statements: int
    fresh: int
    signed: bool
    fingerprint: str


def site_of(case: Case) -> str:
    """Name of the list in which a case states something itself."""
    return f"case-{case.config.case_id[:8]}"


def statements(case: Case) -> list[Statement]:
    """Every statement that the case has."""
    return case.ledger.judgements(Statement)


def board_of(case: Case) -> Board:
    """The board as it is now."""
    return board(statements(case))


def state(case: Case, said: Sequence[Said], by: str, reason: str) -> list[Statement]:
    """Write down, in one act, what is stated here; the statements with their numbers."""
    if not said:
        return []
    own = [one for one in statements(case) if one.site == site_of(case)]
    last = max(own, key=lambda one: one.seq, default=None)
    made = listed(said, site_of(case), by, last)
    number = case.ledger.append_lot(made, _act(by, reason))
    return [replace(one, number=number) for one in made]


def merge(case: Case, files: Iterable[SiteFile], by: str, reason: str) -> list[Merged]:
    """Take in what the files have and the case does not; of nothing new nothing is written.

    A site's key is the one that its first signed file had: another is refused, and so is a file
    without a signature. Either all files are merged, or none is.
    """
    taken = list(files)
    keys: dict[str, str] = {}
    for site, key in [*((one.site, one.public_key) for one in sheets(case)),
                      *((one.site, one.public_key) for one in taken)]:  # fmt: skip
        if key:
            keys.setdefault(site, key)
    for file in taken:
        _check_key(file, keys.get(file.site), case)
    known = {one.statement_id for one in statements(case)}
    now = ledger.now()
    fresh: list[Statement] = []
    came: list[SiteSheet] = []
    for file in taken:
        new = [one for one in file.statements if one.statement_id not in known]
        known |= {one.statement_id for one in new}
        fresh += new
        came.append(
            SiteSheet(
                number=0, judged_by=by, reason=reason, judged_at=now, site=file.site,
                public_key=file.public_key, statements=len(file.statements), fresh=len(new),
                last=file.last, signature=file.signature, file_sha256=file.sha256, merged_at=now,
            )
        )  # fmt: skip
    if fresh:
        case.ledger.append_lot(fresh, _act(by, reason))
        case.ledger.append_all([sheet for sheet in came if sheet.fresh])
    return [
        Merged(name=file.name, site=file.site, statements=sheet.statements, fresh=sheet.fresh,
               signed=file.public_key is not None, fingerprint=file.fingerprint)
        for file, sheet in zip(taken, came, strict=True)
    ]  # fmt: skip


def sheets(case: Case) -> list[SiteSheet]:
    """Files that were merged, in order."""
    return case.ledger.judgements(SiteSheet)


def _check_key(file: SiteFile, known: str | None, case: Case) -> None:
    if file.site == site_of(case):
        raise UsageError(
            f"{file.name} bears the name of this case's own list", do="Nothing was merged."
        )
    if known != file.public_key:
        is_by = f"by the key {file.fingerprint}" if file.public_key else "by nobody"
        raise EvidenceError(
            f"{file.name} is signed {is_by}; the key of {file.site} is {fingerprint(known or '')}",
            do="Nothing was merged. Ask the site which key is its own, by a way that you know.",
        )


def _act(by: str, reason: str) -> Act:
    return Act(judged_by=by, reason=reason, judged_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
