"""What analysts judge of files and persons: written to the ledger, and from there to tables."""

import hashlib
from functools import partial
from typing import TypeAlias

import msgspec

from clew.casefile import Case, Context
from clew.casefile.ledger import now, undone
from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.records import (
    CategoryOfPerson,
    DateJudgement,
    DateOrder,
    Decision,
    Deconfliction,
    DeconflictionResult,
    ExportJudgement,
    FileCategory,
    PackageEntry,
    Partner,
    Permission,
    PersonJudgement,
    RouteDecision,
    RouteThreshold,
    SiteSheet,
    Statement,
)
from clew.relations import step_queries
from clew.schema import Id, Row, to_arrow

Judgement: TypeAlias = FileCategory | PersonJudgement | DateJudgement | ExportJudgement | Permission
KINDS: dict[str, type[Row]] = {
    "categorise": FileCategory,
    "judge": PersonJudgement,
    "date": DateJudgement,
    "join": ExportJudgement,
    "mark": CategoryOfPerson,
    "threshold": RouteThreshold,
    "decide": RouteDecision,
    "pack": PackageEntry,
    "partner": Partner,
    "permit": Permission,
    "deconflict": Deconfliction,
    "hits": DeconflictionResult,
    "state": Statement,
    "merge-sites": SiteSheet,
}
"""Kinds of judgements, by the step that publishes them for the findings."""


_UNDONE = frozenset(
    kind.table_name
    for kind in (FileCategory, PersonJudgement, DateJudgement, ExportJudgement, Permission)
)
"""Judgements that `clew undo` undoes; of the others a later one counts instead."""
_NOTHING = hashlib.sha256(repr([]).encode()).hexdigest()


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category in full: a code alone means another thing in each country."""

    scheme: str
    country: str
    version: str | None = None
    code: str | None = None
    """None takes back what this country's scheme gave."""


def categorise(
    case: Case, named: str, category: Category | None, judged_by: str, reason: str
) -> FileCategory:
    """Give a content a category, or with none take all back; nothing is overwritten.

    A later category of the same scheme and country counts instead of an earlier one; those of other
    countries stay beside it.
    """
    _signed(judged_by, reason)
    content = _content(case, named)
    judgement = FileCategory(
        number=0,
        sha256=content,
        scheme=category.scheme if category else None,
        country=category.country if category else None,
        scheme_version=category.version if category else None,
        code=category.code if category else None,
        judged_by=judged_by,
        reason=reason,
        judged_at=now(),
    )
    if judgement.code is None and not _taken_back(
        case.ledger.judgements(FileCategory, content), judgement
    ):
        raise UsageError(
            f"{content} has no such category that could be taken back",
            do="See them with: clew show CASE categories",
        )
    return case.ledger.enter(judgement)


def _taken_back(earlier: list[FileCategory], judgement: FileCategory) -> bool:
    """Whether a judgement without a code takes back anything that counts."""
    counting: dict[tuple[str, str], FileCategory] = {}
    for one in (j for j in earlier if j.counts):
        if one.scheme is None:
            counting.clear()
        elif one.code is None:
            counting.pop(_model(one), None)
        else:
            counting[_model(one)] = one
    return bool(counting) if judgement.scheme is None else _model(judgement) in counting


def _model(judgement: FileCategory) -> tuple[str, str]:
    """What a category belongs to, however its letters are written; as the queries compare it."""
    return (judgement.scheme or "").upper(), (judgement.country or "").upper()


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of persons."""

    decision: Decision
    accounts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def judge(case: Case, ruling: Ruling, judged_by: str, reason: str) -> PersonJudgement:
    """Judge which accounts are one person's; nothing is overwritten, a later judgement counts."""
    _signed(judged_by, reason)
    judgement = PersonJudgement(
        number=0,
        decision=ruling.decision,
        accounts=tuple(map(Id, ruling.accounts)),
        others=tuple(map(Id, ruling.others)),
        judged_by=judged_by,
        reason=reason,
        judged_at=now(),
    )
    return case.ledger.enter(judgement)


def date(
    case: Case, source_id: str, order: DateOrder, judged_by: str, reason: str
) -> DateJudgement:
    """Judge in which order a text export writes its dates; of two judgements the later counts."""
    _signed(judged_by, reason)
    judgement = DateJudgement(number=0, source_id=source_id, date_order=order,
                              judged_by=judged_by, reason=reason, judged_at=now())  # fmt: skip
    return case.ledger.enter(judgement)


def export(
    case: Case, export_chat: str, chat_id: str | None, judged_by: str, reason: str
) -> ExportJudgement:
    """Judge which conversation a text export is of, or that it is of none that databases have."""
    _signed(judged_by, reason)
    judgement = ExportJudgement(
        number=0, export_chat=Id(export_chat), chat_id=Id(chat_id) if chat_id else None,
        judged_by=judged_by, reason=reason, judged_at=now(),
    )  # fmt: skip
    return case.ledger.enter(judgement)


def undo(case: Case, number: int, judged_by: str, reason: str) -> Judgement:
    """Judge that an earlier judgement, of whatever kind, counts no more; both stay."""
    _signed(judged_by, reason)
    earlier = case.ledger.get(number)
    if earlier is None or earlier.text is None:
        raise UsageError(
            f"there is no judgement {number}", do="See them with clew show CASE: "
            "person-judgements, categories, date-judgements, export-judgements, permissions",
        )  # fmt: skip
    if earlier.kind not in _UNDONE:
        raise UsageError(
            f"judgement {number} is of {earlier.kind} and is not undone; nothing was done",
            do="Give a later one with the command that gave it: it counts instead.",
        )
    _counts(case, number)
    if earlier.kind == FileCategory.table_name:
        content = str(msgspec.json.decode(earlier.text)["sha256"])
        category = FileCategory(number=0, sha256=content, undoes=number, judged_by=judged_by,
                                reason=reason, judged_at=now())  # fmt: skip
        return case.ledger.enter(category)
    for kind in (DateJudgement, ExportJudgement, Permission):
        if earlier.kind == kind.table_name:
            undoing = kind(number=0, undoes=number, judged_by=judged_by, reason=reason,
                           judged_at=now())  # fmt: skip
            return case.ledger.enter(undoing)
    person = PersonJudgement(number=0, decision=Decision.UNDO, accounts=(), others=(),
                             undoes=number, judged_by=judged_by, reason=reason,
                             judged_at=now())  # fmt: skip
    return case.ledger.enter(person)


def _counts(case: Case, number: int) -> None:
    """Refuse to undo again what is undone."""
    rows = case.ledger.rows()
    gone = undone([(row.number, row.undoes) for row in rows])
    if number in gone:
        by = next(r.number for r in rows if r.undoes == number and r.number not in gone)
        raise UsageError(
            f"judgement {number} counts no more already: judgement {by} undid it",
            do=f"To let it count again, undo that one: clew undo CASE {by}.",
        )


def publish(context: Context) -> None:
    """Make the table of one kind of judgement, from which findings follow, what the ledger says."""
    case, kind = context.case, KINDS[context.step]
    if kind in behind(case):
        table = to_arrow(kind, list(case.ledger.judgements(kind)))
        context.publish((kind, partial(iter, table.to_batches())), key=case.ledger.state(kind))


def behind(case: Case) -> set[type[Row]]:
    """Tables of judgements that the ledger is ahead of: findings do not follow from all of it."""
    found: set[type[Row]] = set()
    for step, kind in KINDS.items():
        done = case.manifests.get(step, WHOLE_CASE)
        if (done.key if done else _NOTHING) != case.ledger.state(kind):
            found.add(kind)
    return found


def _signed(judged_by: str, reason: str) -> None:
    if not judged_by.strip() or not reason.strip():
        raise UsageError(
            "a judgement needs a name and a reason", do='Say both: --by "A. Analyst" --reason …'
        )


def _content(case: Case, named: str) -> str:
    """The SHA-256 of the content that an id names."""
    found = case.rows(step_queries()["contents_named"], id=named, low=named.lower())
    if len(found) != 1:
        raise UsageError(
            f"{named!r} names {'no file' if not found else f'{len(found)} different files'} "
            "of the case",
            do="Copy the SHA-256 of a file from: clew show CASE files",
        )
    return str(found[0]["sha256"])
