"""What a judgement costs when there are many already: processor time of the whole append.

    python bench/ledger.py [JUDGEMENTS]

Each judgement is one transaction over the ledger and the custody log, with its salted digest, its
number and its entry.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from clew.casefile import create_case
from clew.records import Decision, PersonJudgement
from clew.schema import Id

_MEASURED = 500


def main(judgements: int) -> None:
    """Judge so often at once, then one by one, and print what one costs."""
    folder = Path(tempfile.mkdtemp())
    try:
        with create_case(folder / "case", "Bench", "none needed") as case:
            case.ledger.append_all([_judgement(n) for n in range(judgements)])
            began = time.process_time(), time.monotonic()
            for number in range(_MEASURED):
                case.ledger.append(_judgement(number))
            spent = (time.process_time() - began[0], time.monotonic() - began[1])
            read = time.process_time()
            case.ledger.judgements(PersonJudgement)
            read = time.process_time() - read
    finally:
        shutil.rmtree(folder)
    each = [1000 * seconds / _MEASURED for seconds in spent]
    print(f"at {judgements} judgements: {each[0]:.2f} ms of processor time each, "
          f"{each[1]:.2f} ms in all; all read in {read:.2f} s")  # fmt: skip


def _judgement(number: int) -> PersonJudgement:
    accounts = tuple(Id(f"whatsapp:pn:346{number:08}{end}") for end in (1, 2))
    return PersonJudgement(
        number=0,
        decision=Decision.ACCEPT,
        accounts=accounts,
        others=(),
        judged_by="A. Analyst",
        reason="interview of 3 June",
        judged_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
