"""What in a case is not as it was written, measured by the custody log."""

from __future__ import annotations

from collections.abc import Iterator

from clew.casefile.case import Case
from clew.casefile.chronicle import Chronicle
from clew.schema import Home, tables


def ledger(case: Case, log: Chronicle) -> Iterator[str]:
    """Judgements and sealed texts that are otherwise than the log binds them."""
    kinds = {row.table_name for row in tables().values() if row.home is Home.JUDGEMENTS}
    rows = {row.number: row for row in case.ledger.rows()} if log.judged or _has(case) else {}
    for number, row in rows.items():
        judged = log.judged.get(number)
        if row.kind not in kinds:
            yield f"judgement {number} is of a kind that there is not: {row.kind}"
        elif judged is None:
            yield f"judgement {number} is not in the custody log"
        elif (row.kind, row.digest, row.undoes) != (judged.kind, judged.digest, judged.undoes):
            yield f"judgement {number} is not as the custody log has it"
        elif not row.sealed.is_whole or _not_erased(row.erasure, log):
            yield f"the text of judgement {number} was changed"
    for number in sorted(log.judged.keys() - rows.keys()):
        yield f"judgement {number} is in the custody log and not in the ledger"
    yield from _erasures(case, log)
    yield from _vault(case, log)


def _vault(case: Case, log: Chronicle) -> Iterator[str]:
    found = {sealed.digest: sealed for sealed in case.custody.vault.every()}
    for number, one in sorted(found.items()):
        if not one.is_whole or _not_erased(one.erasure, log):
            yield f"the sealed text {number[:12]} was changed"
    for missing in sorted(log.sealed - found.keys()):
        yield f"the sealed text {missing[:12]} is in the custody log and not in the vault"
    for planted in sorted(found.keys() - log.sealed):
        yield f"the sealed text {planted[:12]} is not in the custody log"


def _erasures(case: Case, log: Chronicle) -> Iterator[str]:
    """What is suppressed, against what the log says of each erasure."""
    if not log.erased and not _has(case):
        return
    logged = {d: s for told in log.erased.values() for d, s in told["suppressed"].items()}
    if case.ledger.suppressed() != logged:
        yield "the list of what was erased is not the one that was logged"
    if case.ledger.erasures() != max(log.erased, default=0):
        yield "the erasures in the ledger are not those that were logged"


def _not_erased(erasure: int | None, log: Chronicle) -> bool:
    """Whether a text is said to be erased by an erasure that was not logged."""
    return erasure is not None and erasure not in log.erased


def _has(case: Case) -> bool:
    return (case.folder / "ledger.sqlite").is_file()
