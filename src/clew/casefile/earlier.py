"""Tables that an earlier Clew wrote, before a column of theirs was added or renamed.

They are what the log binds, so nothing is wrong with the case: ``clew run`` writes them anew.
"""

import contextlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.casefile.case import Case
from clew.errors import EvidenceError
from clew.schema import columns, table_of


def lacking(case: Case) -> tuple[str, ...]:
    """Columns that complete files of tables lack, as ``table.column``."""
    found: dict[str, None] = {}
    for name, outputs in sorted(case.complete().items()):
        row = table_of(name)
        for file in {case.folder / out.file for out in outputs if row}:
            there = _columns(file)
            found |= {
                f"{name}.{c.name}": None for c in columns(row) if there and c.name not in there
            }
    return tuple(found)


def made_earlier(case: Case, asked: str | None = None) -> EvidenceError | None:
    """What to say where a case has tables of an earlier Clew; None where it has none.

    Of a query that is ``asked``, only if it has the name of a column that is lacking.
    """
    found = [one for one in lacking(case) if asked is None or one.partition(".")[2] in asked]
    if not found:
        return None
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return EvidenceError(
        f"the case was made by an earlier Clew: its tables have no {found[0]}{more}",
        do=f"Nothing is damaged. Bring it up to date: clew run {case.folder}",
    )


def _columns(file: Path) -> frozenset[str]:
    """Columns of a file; none of one that can't be read, which is reported as damaged."""
    with contextlib.suppress(OSError, pa.ArrowException):
        return frozenset(pq.read_schema(file).names)
    return frozenset()
