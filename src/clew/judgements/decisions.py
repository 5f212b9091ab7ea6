"""What analysts judge of files and persons: written to the ledger, and from there to tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.ledger import Ledger
from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.errors import UsageError
from clew.records.judgements import Decision, FileCategory, PersonJudgement
from clew.schema import Id, Row, to_arrow

STEP = "categorise"
JUDGING = "judge"


class _Kind(msgspec.Struct, frozen=True):
    """A kind of judgement: its rows, the step that publishes them, and what the log calls it."""

    row: type[FileCategory | PersonJudgement]
    step: str
    logged: str


_FILES = _Kind(FileCategory, STEP, "file categorised")
_PERSONS = _Kind(PersonJudgement, JUDGING, "person judged")


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
    earlier = _ledger(case).judgements(FileCategory)
    judgement = FileCategory(
        number=len(earlier) + 1,
        sha256=content,
        scheme=category.scheme if category else None,
        country=category.country if category else None,
        scheme_version=category.version if category else None,
        code=category.code if category else None,
        judged_by=judged_by,
        reason=reason,
        judged_at=_now(),
    )
    if judgement.code is None and not _taken_back(earlier, judgement):
        raise UsageError(
            f"{content} has no such category that could be taken back",
            do="See them with: clew show CASE categories",
        )
    _add(case, _FILES, judgement)
    return judgement


def _taken_back(earlier: list[FileCategory], judgement: FileCategory) -> bool:
    """Whether a judgement without a code takes back anything that counts."""
    counting: dict[tuple[str, str], FileCategory] = {}
    for one in (j for j in earlier if j.sha256 == judgement.sha256):
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
    undoes: int | None = None


def judge(case: Case, ruling: Ruling, judged_by: str, reason: str) -> PersonJudgement:
    """Judge which accounts are one person's; nothing is overwritten, a later judgement counts."""
    _signed(judged_by, reason)
    earlier = _ledger(case).judgements(PersonJudgement)
    if ruling.undoes is not None and ruling.undoes not in {j.number for j in earlier}:
        raise UsageError(
            f"there is no judgement {ruling.undoes} on persons",
            do="See them with: clew persons judgements CASE",
        )
    judgement = PersonJudgement(
        number=len(earlier) + 1,
        decision=ruling.decision,
        accounts=tuple(Id(one) for one in ruling.accounts),
        others=tuple(Id(one) for one in ruling.others),
        undoes=ruling.undoes,
        judged_by=judged_by,
        reason=reason,
        judged_at=_now(),
    )
    _add(case, _PERSONS, judgement)
    return judgement


def publish(case: Case) -> None:
    """Make the tables of judgements what the ledger says, if they are not."""
    for kind in (_FILES, _PERSONS):
        rows: list[Row] = list(_ledger(case).judgements(kind.row))
        key = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
        done = case.manifests.get(kind.step, WHOLE_CASE)
        if (done and done.key == key) or (not done and not rows):
            continue
        table = to_arrow(kind.row, rows)
        case.publish(
            StepManifest(kind.step, WHOLE_CASE, key, ()),
            [(kind.row, partial(iter, table.to_batches()))],
        )


def problems(case: Case) -> Iterator[str]:
    """Judgements that the ledger has otherwise than the custody log, or lacks."""
    entries = [entry.told for entry in case.custody.entries()]
    for kind in (_FILES, _PERSONS):
        yield from _disagreeing(case, kind, [t for t in entries if t.get("action") == kind.logged])


def _disagreeing(case: Case, kind: _Kind, entries: list[dict[str, Any]]) -> Iterator[str]:
    logged: dict[object, list[dict[str, Any]]] = {}
    for told in entries:
        logged.setdefault(told.get("number"), []).append(told)
    for judgement in _ledger(case).judgements(kind.row):
        said = msgspec.json.decode(msgspec.json.encode(judgement))
        if not any(
            all(told.get(name) == value for name, value in said.items())
            for told in logged.pop(judgement.number, [])
        ):
            yield f"judgement {judgement.number} is not as the custody log has it"
    for number in logged:
        yield f"judgement {number} is in the custody log and not in the ledger"


def _add(case: Case, kind: _Kind, judgement: FileCategory | PersonJudgement) -> None:
    case.custody.append(kind.logged, **msgspec.to_builtins(judgement))
    _ledger(case).add(judgement)
    publish(case)


def _ledger(case: Case) -> Ledger:
    return Ledger(case.folder / "ledger.sqlite")


def _signed(judged_by: str, reason: str) -> None:
    if not judged_by.strip() or not reason.strip():
        raise UsageError(
            "a judgement needs a name and a reason", do='Say both: --by "A. Analyst" --reason …'
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _content(case: Case, named: str) -> str:
    """The SHA-256 of the content that an id names."""
    found = case.rows(
        "SELECT sha256 FROM items WHERE (item_id = $id OR sha256 = $low OR md5 = $low "
        "OR sha1 = $low) AND sha256 IS NOT NULL "
        "UNION SELECT sha256 FROM shares WHERE sha256 = $low ORDER BY sha256",
        id=named,
        low=named.lower(),
    )
    if len(found) != 1:
        raise UsageError(
            f"{named!r} names {'no file' if not found else f'{len(found)} different files'} "
            "of the case",
            do="Copy the SHA-256 of a file from: clew show CASE files",
        )
    return str(found[0]["sha256"])
