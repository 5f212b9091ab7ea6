"""What stands in the databases of a case and is none of Clew's: tables, views, triggers, indexes.

The rows of these databases are bound by the custody log. A trigger that somebody planted would act
on the rows that are still to come, and one of Clew's own that was replaced would no longer keep
them; neither changes a row that is there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from clew.casefile import ledger
from clew.casefile.custody import log, sealed

_NAMED = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def strange(case: Path) -> Iterator[str]:
    """What Clew did not make, or made otherwise, in each database of a case that is there."""
    for name, expected in _expected().items():
        file = case / name
        if not file.is_file():
            continue
        try:
            with closing(log.to_read(file)) as db:
                found = sorted(db.execute(_NAMED))
        except sqlite3.DatabaseError as error:
            yield f"{name} can't be read: {error}"
            continue
        for thing, sql in found:
            if thing not in expected:
                yield f"{name} has {thing!r}, which is none of Clew's"
            elif _plain(sql) != _plain(expected[thing]):
                yield f"{thing!r} in {name} is not as Clew made it"


@cache
def _expected() -> dict[str, dict[str, str]]:
    """Statements that made each thing, by name, in each database."""
    made = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    ledger.META.create_all(made)
    with made.connect() as connection:
        judged = {str(name): str(sql) for name, sql in connection.exec_driver_sql(_NAMED)}
    return {
        "custody.sqlite": _made_by(log.SCHEMA),
        "ledger.sqlite": judged,
        "sealed.sqlite": _made_by(sealed.SCHEMA),
    }


def _made_by(script: str) -> dict[str, str]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(script)
        return dict(db.execute(_NAMED))


def _plain(sql: str) -> str:
    return " ".join(sql.split())
