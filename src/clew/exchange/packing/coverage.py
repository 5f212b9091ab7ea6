"""What a package does not have: rows by table and reason, values by column, and what was not read.

For each table the rows of the case are those that go and those that stay for each reason, so that
the packages of a case and their coverage add up to it, count by count.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from clew.exchange.packing.compose import Content
from clew.exchange.packing.naming import Naming, Why
from clew.exchange.packing.rows import reasons

NAME = "coverage.json"
VERSION = "clew-coverage/1"


class TableCoverage(msgspec.Struct, frozen=True):
    """One table of the sender's case."""

    total: int
    """Rows in the case."""
    sent: int
    withheld: dict[str, int]
    """Rows that stay, by why; ``total`` is ``sent`` and these."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a package has and has not."""

    format: str = VERSION
    tables: dict[str, TableCoverage]
    values_withheld: dict[str, int]
    """Values that were emptied in rows that go, by ``table.column``."""
    values_as_tokens: dict[str, int]
    """Values that stand as tokens, by ``table.column``."""
    persons: dict[str, int]
    """Persons of the case: named, and the others by why they are not."""
    counted: int
    """Persons of the groups that go who are counted by country."""
    tokens: int
    """Different accounts that stand as tokens."""
    texts: int
    """Texts that people wrote and that go along."""
    texts_withheld: int
    texts_mentioning_others: int
    """Of all these, texts that mention somebody who is not named, by number, user name or name."""
    not_read: tuple[dict[str, Any], ...]
    """What was not read on the exhibits that rows go of: exhibit, severity, code, times."""


def coverage(content: Content, naming: Naming) -> Coverage:
    """What a package's coverage says."""
    tables = {
        c.row.table_name: TableCoverage(c.total, c.rows.num_rows, reasons(c.stay))
        for c in content.chosen
    }
    tables |= {
        name: TableCoverage(n, 0, {str(Why.TABLE_NOT_SENT): n} if n else {})
        for name, n in content.not_sent.items()
    }
    counts = content.counts
    return Coverage(
        tables=dict(sorted(tables.items())),
        values_withheld=_by_column(counts.withheld),
        values_as_tokens=_by_column(counts.tokens),
        persons={str(Why.NAMED): len(naming.named), **naming.left_out},
        counted=content.counted, tokens=content.tokens, texts=counts.texts,
        texts_withheld=counts.texts_withheld, texts_mentioning_others=counts.mentions,
        not_read=content.not_read,
    )  # fmt: skip


def summed(said: Coverage) -> dict[str, int]:
    """Rows that stay, over all tables, by why."""
    found: Counter[str] = Counter()
    for table in said.tables.values():
        found.update(table.withheld)
    return dict(found.most_common())


def encode(said: Coverage) -> bytes:
    """The text of ``coverage.json``: what the sender sees, but that it has no victims.

    Whoever is one is among the bystanders there: that there are victims is for the desk alone.
    """
    tables = {
        name: msgspec.structs.replace(table, withheld=_without_victims(table.withheld))
        for name, table in said.tables.items()
    }
    shown = msgspec.structs.replace(said, tables=tables, persons=_without_victims(said.persons))
    return msgspec.json.format(msgspec.json.encode(shown, order="sorted"), indent=1) + b"\n"


def _without_victims(counts: dict[str, int]) -> dict[str, int]:
    found = dict(counts)
    if victims := found.pop(Why.VICTIM, 0):
        found[Why.BYSTANDER] = found.get(Why.BYSTANDER, 0) + victims
    return dict(sorted(found.items()))


def _by_column(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    return {f"{table}.{column}": n for (table, column), n in sorted(counts.items())}
