"""What a masked query costs beside the same one unmasked, in processor time.

    python bench/masked_queries.py CASE [SQL...]

The case is one of an operation, as ``clew demo --scale operation`` makes it. Each query is asked
in readings of their own, so that what masking must know of the case counts too: unmasked, masked
for the first time in this generation of the tables, and masked again.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from clew.casefile import open_case
from clew.casefile.kept_texts import forget
from clew.reading import Disclosure, disclose

_QUERIES = (
    "SELECT kind, count(*) FROM messages GROUP BY kind",
    "FROM messages",
    "FROM shares",
    "FROM timeline",
    "SELECT text, text_normal, count(*) FROM messages GROUP BY ALL",
    "SELECT name, path_stated, caption FROM shares",
)


def main(folder: Path, queries: tuple[str, ...]) -> None:
    """Ask each query both ways, and print what it cost."""
    for sql in queries:
        plain, rows = _asked(folder, sql, masked=False)
        with open_case(folder) as case:
            forget(case.folder, case.key.hex())
        first, again = (_asked(folder, sql, masked=True)[0] for _ in range(2))
        print(f"{plain:7.2f} s, first masked {first:7.2f} s: x {first / plain:5.2f}, "
              f"again {again:7.2f} s: x {again / plain:5.2f}  {rows:8} {sql}")  # fmt: skip


def _asked(folder: Path, sql: str, *, masked: bool) -> tuple[float, int]:
    """Seconds of processor time, and rows."""
    purpose = {} if masked else {"purpose": "bench"}
    with open_case(folder) as case:
        _ = case.engine
        with disclose(case, Disclosure(what="bench", masked=masked, **purpose)) as reading:
            began = time.process_time()
            rows = len(reading.query(sql))
            return time.process_time() - began, rows


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or _QUERIES)
