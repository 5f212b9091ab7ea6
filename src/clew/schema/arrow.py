"""From a row class to Arrow: schema, tables of rows, batches of columns, and checks.

A reader may hand over rows, which are typed and easy to read, or batches of columns, which are
some twenty times quicker. Both end in the same Arrow schema, which the row class declares.
"""

import enum
import os
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
import pyarrow as pa

from clew.schema.kinds import Kind
from clew.schema.rows import Id, Matches, Row

R = TypeVar("R", bound=Row)

_ARROW_TYPES = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}
_PLAIN_KINDS = {int: Kind.QUANTITY, float: Kind.QUANTITY, bool: Kind.YES_NO, datetime: Kind.TIME}
_UNALIGNED = ("ACERO_ALIGNMENT_HANDLING", "reallocate")
"""What Arrow does with rows that stand where a worker's message had them; else it warns of them."""


class Column(msgspec.Struct, frozen=True):
    """One column, as the row class declares it."""

    name: str
    arrow_type: pa.DataType
    nullable: bool
    kind: Kind
    points_at: tuple[type[Row], ...]
    """Tables whose rows it names; of most identifiers one."""
    pattern: str | None
    allowed: tuple[str, ...]

    def names(self, row: type[Row]) -> bool:
        """Each value is the identifier of one row of this table."""
        return self.points_at == (row,) and not pa.types.is_list(self.arrow_type)


class Problem(msgspec.Struct, frozen=True):
    """One rule that a table breaks, and on how many rows."""

    table: str
    column: str
    rule: str
    rows: int


class Batch(msgspec.Struct, frozen=True):
    """Rows of one table as columns."""

    table: type[Row]
    data: pa.RecordBatch


@cache
def columns(row: type[Row]) -> tuple[Column, ...]:
    """Columns of a row class, in order."""
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(_column(name, hints[name]) for name in row.__struct_fields__)


def declared(types_of: Mapping[str, str], names: Mapping[str, Any]) -> tuple[Column, ...]:
    """Columns whose types are written as text, as a row class writes them.

    ``names`` has what the text may name besides the types that Python has by itself.
    """
    computed = type("Computed", (), {"__annotations__": dict(types_of)})
    hints = typing.get_type_hints(
        computed, {"Id": Id, "datetime": datetime, **names}, include_extras=True
    )
    return tuple(_column(name, hint) for name, hint in hints.items())


@cache
def arrow_schema(row: type[Row]) -> pa.Schema:
    """Arrow schema of a row class."""
    return pa.schema([pa.field(c.name, c.arrow_type, c.nullable) for c in columns(row)])


def no_rows(schema: pa.Schema) -> pa.Table:
    """A table without rows; ``schema.empty_table()`` imports pandas, which takes half a second."""
    return pa.Table.from_batches([], schema=schema)


def to_arrow(row: type[R], rows: Iterable[R]) -> pa.Table:
    """Arrow table of rows; a value that does not fit its column raises ``pa.ArrowInvalid``."""
    listed = list(rows)
    arrays = [pa.array(list(map(attrgetter(c.name), listed)), c.arrow_type) for c in columns(row)]
    return pa.Table.from_arrays(arrays, schema=arrow_schema(row))


def table_part(
    row: type[Row], rows: Sequence[Row]
) -> tuple[type[Row], Callable[[], Iterator[pa.RecordBatch]]]:
    """A table as its rows, for a step to publish."""
    return row, lambda: iter(to_arrow(row, rows).to_batches())


def batch(row: type[Row], length: int, /, **values: Any) -> Batch:
    """Batch of ``length`` rows: each column an Arrow array, a sequence, or one value for all.

    A column that is not named is empty throughout; an unknown name or an array of another length
    raises ``ValueError``, and a value of another type ``pa.ArrowInvalid``.
    """
    known = {c.name for c in columns(row)}
    if unknown := set(values) - known:
        raise ValueError(f"table {row.table_name} has no column {sorted(unknown)}")
    arrays = [_array(values.get(c.name), c.arrow_type, length) for c in columns(row)]
    return Batch(row, pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(row)))


def problems(row: type[Row], data: pa.Table) -> Iterator[Problem]:
    """Name every rule that a received table breaks."""
    for column in columns(row):
        for rule, broken in _broken(column, data):
            if broken:
                yield Problem(row.table_name, column.name, rule, broken)
    os.environ.setdefault(*_UNALIGNED)
    if row.key and data.num_rows and set(row.key) <= set(data.column_names):
        repeats = data.num_rows - data.group_by(list(row.key)).aggregate([]).num_rows
        if repeats:
            yield Problem(row.table_name, "+".join(row.key), "must be unique", repeats)


def _array(value: Any, kind: pa.DataType, length: int) -> pa.Array:
    if isinstance(value, pa.ChunkedArray):
        value = value.combine_chunks()
    if value is None:
        return pa.nulls(length, kind)
    if not isinstance(value, pa.Array):
        if not isinstance(value, list):
            return pa.repeat(pa.scalar(value, kind), length)
        value = pa.array(value, kind)
    if len(value) != length:
        raise ValueError(f"a column of {len(value)} values in a batch of {length} rows")
    return value if value.type == kind else value.cast(kind)


def _broken(column: Column, data: pa.Table) -> Iterator[tuple[str, int]]:
    """Each rule of a column with the number of rows that break it."""
    import pyarrow.compute as pc

    if column.name not in data.column_names:
        yield "column is missing", max(data.num_rows, 1)
        return
    values = data[column.name]
    if values.type != column.arrow_type:
        yield f"must be of type {column.arrow_type}", max(data.num_rows, 1)
        return
    if not column.nullable:
        yield "must not be empty", values.null_count
    if column.pattern:
        each = pc.list_flatten(values) if pa.types.is_list(values.type) else values
        fits = pc.match_substring_regex(each, f"^(?:{column.pattern})$")
        yield f"must match {column.pattern}", pc.sum(pc.invert(fits)).as_py() or 0
    if column.allowed:
        known = pc.is_in(values, pa.array([*column.allowed, None], pa.string()))
        yield f"must be one of {', '.join(column.allowed)}", pc.sum(pc.invert(known)).as_py() or 0


def _column(name: str, hint: Any) -> Column:
    """Read one annotation: ``Annotated[str, Matches(...)] | None``, ``tuple[Id[Account], ...]``."""
    inner, marks, nullable, many = _unwrapped(hint)
    pattern = next((m.pattern for m in marks if isinstance(m, Matches)), None)
    kind = next((m for m in marks if isinstance(m, Kind)), Kind.UNDECLARED)
    points_at = tuple(get_args(part)[0] for part in inner if get_origin(part) is Id)
    allowed: tuple[str, ...] = ()
    if points_at:
        kind, arrow_type = Kind.ID, pa.string()
    elif issubclass(inner[0], enum.Enum):
        kind, arrow_type = Kind.CHOICE, pa.string()
        allowed = tuple(str(member.value) for member in inner[0])
    else:
        arrow_type = _ARROW_TYPES[inner[0]]
        kind = _PLAIN_KINDS.get(inner[0], kind) if kind is Kind.UNDECLARED else kind
    if many:
        arrow_type = pa.list_(arrow_type)
    return Column(name, arrow_type, nullable, kind, points_at, pattern, allowed)


def _unwrapped(hint: Any) -> tuple[list[Any], list[Any], bool, bool]:
    """Types inside an annotation, what they are annotated with, whether empty, whether several."""
    marks: list[Any] = []
    nullable = many = False
    inner = [hint]
    while (origin := get_origin(inner[0])) in (Annotated, typing.Union, types.UnionType, tuple):
        parts = get_args(inner[0])
        if origin is Annotated:
            marks += parts[1:]
            parts = parts[:1]
        many |= origin is tuple
        nullable |= type(None) in parts
        inner = [part for part in parts if part not in (type(None), ...)]
        if len(inner) > 1:
            break
    return inner, marks, nullable, many
