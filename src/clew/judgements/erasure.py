"""Erasing a person: what Clew keeps of somebody goes, and what says so stays.

Evidence is not Clew's to change: it is returned or destroyed by whoever has the authority. What
Clew made of it is: identifiers, names and texts of the person leave the tables of facts and
findings, judgements and readings that name the person lose their text, and keyed digests see to it
that no later run brings the person back.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from clew.casefile import Case
from clew.casefile.chronicle import ERASURE_DONE, Chronicle
from clew.casefile.ledger import Act, Erasure
from clew.casefile.parquet import read_part
from clew.casefile.redaction import Redactor, forms_of
from clew.casefile.step_manifest import StepManifest
from clew.errors import UsageError
from clew.relations import step_queries
from clew.schema import table_of


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a person, and where."""

    accounts: tuple[str, ...]
    identifiers: tuple[str, ...]
    """Whatever names the person: accounts, numbers, user names."""
    judgements: tuple[int, ...]
    """Numbers of the judgements that name the person."""
    sealed: tuple[str, ...]
    """Digests of readings that name the person, and of what is said of the holders of devices."""
    sources: tuple[tuple[str, str], ...]
    """Exhibits and files of the evidence that hold the person, which Clew leaves as they are."""


def extent(case: Case, person: str) -> Extent:
    """What a case keeps of a person, by the person's or an account's identifier."""
    rows = case.rows(step_queries()["accounts_of_person"], id=person)
    accounts = [row["account_id"] for row in rows]
    if not accounts:
        raise UsageError(
            f"the case has no person {person!r}", do="Copy one from: clew persons list CASE"
        )
    named = case.rows(step_queries()["identifiers_of"], ids=accounts)
    known = {*accounts, *(r["identifier"] for r in named), *(r["e164"] for r in named)} - {None}
    forms = sorted({form for one in known for form in forms_of(one)})
    naming = [row for row in case.ledger.rows() if _names(row.text, forms)]
    sealed_of = Chronicle(case.custody).sealed_of
    of_holder = {sealed_of.get(row["exhibit_id"]) for row in named if row["is_owner"]}
    sealed = [
        one.digest
        for one in case.custody.vault.every()
        if one.text is not None and (one.digest in of_holder or _names(one.text, forms))
    ]
    return Extent(
        accounts=tuple(accounts), identifiers=tuple(forms),
        judgements=tuple(row.number for row in naming), sealed=tuple(sealed),
        sources=tuple(sorted({(r["exhibit_id"], r["source_id"]) for r in named})),
    )  # fmt: skip


def paths(case: Case, found: Extent) -> list[str]:
    """Where each file that holds the person lies on its exhibit."""
    contents = sorted({source for _, source in found.sources})
    rows = case.rows(step_queries()["paths_of_contents"], contents=contents)
    known = {(row["exhibit_id"], row["sha256"]): row["path"] for row in rows}
    return [known.get(source, "") for source in found.sources]


def erase(case: Case, found: Extent, erased_by: str, reason: str) -> int:
    """Erase a person, who is found no more afterwards; the number of the erasure.

    The case is locked for writing. What is left to do when it is killed, the next run does first.
    """
    if not erased_by.strip() or not reason.strip():
        raise UsageError("an erasure needs a name and a reason", do="Say both: --by … --reason …")
    if _names(reason, found.identifiers) or _names(erased_by, found.identifiers):
        raise UsageError(
            "the reason names the person, and it stays for good",
            do="Name the order or the file instead, as in: --reason 'order 12/26'",
        )
    number = max(case.ledger.erasures(), default=0) + 1
    redactor = Redactor(case.key, {})
    stand_ins = dict(_stand_ins(redactor, number, found))
    fresh = {d: s for d, s in stand_ins.items() if d not in case.ledger.suppressed()}
    about = Erasure(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        erased_by=erased_by,
        reason=reason,
        judgements=found.judgements,
        sealed=found.sealed,
        suppressed=fresh,
    )
    act = Act(judged_by=erased_by, reason=reason, judged_at=about.at)
    case.ledger.keep_rest(found.judgements, lambda text: _names(text, found.identifiers), act)
    case.ledger.erase(about)
    resume(case)
    return number


def resume(case: Case) -> None:
    """End erasures whose tables were not all written anew, because a command was killed."""
    for number in sorted(Chronicle(case.custody).unredacted):
        redact(case, number)
        case.custody.append(ERASURE_DONE, erasure=number)


def redact(case: Case, number: int) -> None:
    """Write every table anew that holds somebody who was erased."""
    case.suppress()
    for manifest in list(case.manifests.every()):
        if case.published.redact and _holds(case, manifest):
            parts = [
                (row, case.folder / out.file)
                for out in manifest.outputs
                if (row := table_of(out.table))
            ]
            beside = tuple(out for out in manifest.outputs if table_of(out.table) is None)
            bare = msgspec.structs.replace(manifest, outputs=())
            case.publish(bare, parts, beside, erasure=number)


def _holds(case: Case, manifest: StepManifest) -> bool:
    """Whether a table of a step is another once the erased are taken out."""
    redacted = case.published.redact
    assert redacted is not None
    for out in manifest.outputs:
        if row := table_of(out.table):
            for batch in read_part(case.folder / out.file):
                if any(not new.equals(batch) for new in redacted(row, iter([batch]))):
                    return True
    return False


def _stand_ins(redactor: Redactor, number: int, found: Extent) -> Iterator[tuple[str, str]]:
    """Keyed digests of all that names the person: an account's forms share one stand-in."""
    for rank, account in enumerate(found.accounts, 1):
        stand_in = f"erased:{number}-{rank}"
        yield redactor.digest(account), stand_in
        for form in found.identifiers:
            if form in account:
                yield redactor.digest(form), stand_in
    named = [form for form in found.identifiers if not any(form in a for a in found.accounts)]
    for form in named:
        yield redactor.digest(form), f"erased:{number}"


def _names(text: str | None, identifiers: Iterable[str]) -> bool:
    folded = (text or "").casefold()
    return any(_stands(one.casefold(), folded) for one in identifiers)


def _stands(identifier: str, text: str) -> bool:
    """Whether an identifier stands in a text: a name not as a part of a longer word.

    Digits do also within others, as a number behind the prefix of its country.
    """
    if identifier not in text:
        return False
    begins = r"(?<![^\W\d_])" if identifier[0].isalpha() else ""
    ends = r"(?![^\W\d_])" if identifier[-1].isalpha() else ""
    return re.search(begins + re.escape(identifier) + ends, text) is not None
