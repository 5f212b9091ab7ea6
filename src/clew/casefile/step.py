"""A step: what it asks, what it makes, and so what it reads; the map of steps is made of these."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from clew.casefile.context import Context
from clew.casefile.engine import tables_of
from clew.relations import relations, step_queries, summary
from clew.schema import Row, columns, tables


class Step(msgspec.Struct, frozen=True):
    """One step: it asks queries and writes whole tables, and knows no other step."""

    name: str
    makes: Callable[[Context], object] | Mapping[type[Row], str]
    """What it does; of a step that is SQL alone, the query that makes each table."""
    writes: tuple[type[Row], ...] = ()
    asks: tuple[str, ...] = ()
    """Queries that its function asks, by name; it can ask no others."""
    once: tuple[str, ...] = ()
    """Relations that are worked out once for the whole step, since it asks them several times."""
    files: tuple[type[Row], ...] = ()
    """Tables that it reads as files, not in SQL."""
    again: tuple[type[Row], ...] = ()
    """Of the tables that it reads, those that a later step writes: it is then done once more."""
    per: Literal["case", "exhibit"] = "case"
    """Whether it works on the whole case at once or on each exhibit by itself."""
    command: str = "clew run"
    """Command that does it."""
    needs: tuple[str, ...] = ()
    """Optional packages without which it writes empty tables; with them it is done again."""

    def __post_init__(self) -> None:
        """A step that is SQL alone writes what its queries make."""
        if isinstance(self.makes, Mapping):
            msgspec.structs.force_setattr(self, "writes", tuple(self.makes))
            msgspec.structs.force_setattr(self, "asks", tuple(self.makes.values()))

    @property
    def queries(self) -> dict[str, str]:
        """The queries that it asks, by name."""
        known = step_queries()
        return {name: known[name] for name in self.asks}

    @property
    def reads(self) -> tuple[type[Row], ...]:
        """Tables that it reads: those its queries ask for, through relations too, and files."""
        asked = {name for sql in self.queries.values() for name in tables_of(sql)}
        asked |= {row.table_name for row in self.files}
        return tuple(row for name, row in tables().items() if name in asked)

    @property
    def sql_digest(self) -> str:
        """Digest over its queries, the relations that they ask for, and the columns it writes."""
        known = relations()
        asked = {name for sql in self.queries.values() for name in tables_of(sql)}
        texts = [*self.queries.values(), *(known[name] for name in sorted(asked) if name in known)]
        made = [(row.table_name, *(column.name for column in columns(row))) for row in self.writes]
        return hashlib.sha256(repr((texts, made)).encode()).hexdigest()

    @property
    def about(self) -> str:
        """What it does, in a line."""
        if isinstance(self.makes, Mapping):
            return summary(next(iter(self.queries.values()))).split(". ")[0].rstrip(".") + "."
        return (self.makes.__doc__ or "").strip().splitlines()[0]

    def run(self, context: Context) -> None:
        """Do it."""
        context.case.read_live()  # a step writes, and its relations outlast what it writes
        with context.once(*self.once):
            if isinstance(self.makes, Mapping):
                context.publish(*(context.derived(*made) for made in self.makes.items()))
            else:
                self.makes(context)
