"""Categories that analysts give to files: written to the ledger, and from there to a table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from clew.casefile import Case
from clew.casefile.done import WHOLE_CASE, Done
from clew.casefile.ledger import Ledger
from clew.errors import UsageError
from clew.records.judgements import FileCategory
from clew.schema import to_arrow

STEP = "categorise"
_LOGGED = "file categorised"


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category in full: a code alone means another thing in each country."""

    scheme: str
    country: str
    version: str | None = None
    code: str


def categorise(
    case: Case, named: str, category: Category | None, judged_by: str, reason: str
) -> FileCategory:
    """Give a content a category, or with none take back what was given; nothing is overwritten."""
    if not judged_by.strip() or not reason.strip():
        raise UsageError(
            "a judgement needs a name and a reason", do='Say both: --by "A. Analyst" --reason …'
        )
    content = _content(case, named)
    ledger = Ledger(case.folder / "ledger.sqlite")
    earlier = ledger.categories()
    if category is None and not any(j.sha256 == content and j.code for j in earlier):
        raise UsageError(
            f"{content} has no category that could be taken back",
            do="See them with: clew query CASE 'select * from file_categories'",
        )
    judgement = FileCategory(
        number=len(earlier) + 1,
        sha256=content,
        scheme=category.scheme if category else None,
        country=category.country if category else None,
        scheme_version=category.version if category else None,
        code=category.code if category else None,
        judged_by=judged_by,
        reason=reason,
        judged_at=datetime.now(UTC).replace(microsecond=0),
    )
    case.custody.append(_LOGGED, **msgspec.to_builtins(judgement))
    ledger.add(judgement)
    publish(case)
    return judgement


def publish(case: Case) -> None:
    """Make the table of categories what the ledger says, if it is not."""
    rows = Ledger(case.folder / "ledger.sqlite").categories()
    key = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
    done = case.done.get(STEP, WHOLE_CASE)
    if (done and done.key == key) or (not done and not rows):
        return
    table = to_arrow(FileCategory, rows)
    case.publish(Done(STEP, WHOLE_CASE, key, ()),
                 [(FileCategory, lambda: iter(table.to_batches()))])  # fmt: skip


def problems(case: Case) -> Iterator[str]:
    """Judgements that the ledger has otherwise than the custody log, or lacks."""
    logged: dict[object, list[dict[str, object]]] = {}
    for entry in case.custody.entries():
        told = entry.told
        if told.get("action") == _LOGGED:
            logged.setdefault(told.get("number"), []).append(told)
    held = Ledger(case.folder / "ledger.sqlite").categories()
    for judgement in held:
        said = msgspec.to_builtins(judgement).items()
        if not any(said <= told.items() for told in logged.pop(judgement.number, [])):
            yield f"judgement {judgement.number} is not as the custody log has it"
    for number in logged:
        yield f"judgement {number} is in the custody log and not in the ledger"


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
