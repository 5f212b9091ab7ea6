"""Row classes: a table is declared once, as a class, and all else follows from it.

>>> class Seal(Row, table="doc_seals", key=("seal_id",)):
...     '''A numbered seal on an evidence bag.'''
...
...     seal_id: str
...     broken: bool = False
>>> Seal(seal_id="ES-01/7")
Seal(seal_id='ES-01/7', broken=False)
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from clew.schema.kinds import Kind

R = TypeVar("R")
AnyRow = TypeVar("AnyRow", bound="Row")

_TABLES: dict[str, type[Row]] = {}
RECEIVED = "received_"
"""How the name of a table begins that holds what others sent of another."""

if TYPE_CHECKING:  # a checker reads the rules from dataclass_transform below
    _StructMeta = type
    _Struct = object
else:
    _StructMeta = msgspec.StructMeta
    _Struct = msgspec.Struct


class Home(StrEnum):
    """Where a table is kept in a case, and what made it: declared by each row class."""

    EVIDENCE = "evidence"
    """What was taken in, with each exhibit."""
    FACTS = "facts"
    """What the evidence says, with each exhibit."""
    FINDINGS = "findings"
    """What follows, for the whole case; made anew at any time."""
    JUDGEMENTS = "judgements"
    """What people decided, as the ledger has it."""
    HASHSETS = "hashsets"
    """What stands in lists that were added, with each list."""
    RECEIVED = "received"
    """What others sent, with each package; nothing of it is ever shown as the case's own."""


class Id(str, Generic[R]):
    """Identifier of a row: ``Id[Account]`` points at accounts, for mypy and in the schema.

    At run time it is plain text, so that rows stay small and every library takes them.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __new__(cls, text: str) -> str:
            """Return the text as it is."""
            return text


class Matches(msgspec.Struct, frozen=True):
    """A text column whose every value matches the whole pattern (RE2 syntax)."""

    pattern: str


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _RowMeta(_StructMeta):
    """Make each row class frozen and keyword-only, and enter it among the tables."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **declared: Any
    ) -> Any:
        del declared  # taken by __init__
        options = {} if TYPE_CHECKING else {"frozen": True, "kw_only": True, "gc": False}
        return super().__new__(mcs, name, bases, body, **options)

    def __init__(
        cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **declared: Any
    ) -> None:
        super().__init__(name, bases, body)
        _declare(cast("type[Row]", cls), **declared)

    @property
    def table_name(cls) -> str:
        """Name under which the rows are kept."""
        return _NAMES[cls]

    @property
    def key(cls) -> tuple[str, ...]:
        """Columns that together tell one row from every other; empty where rows may repeat."""
        return _KEYS[cls]

    @property
    def home(cls) -> Home:
        """Where the table is kept; a row class that does not say has the home of its base."""
        return _HOMES[cls]


_HOMES: dict[type, Home] = {}
_NAMES: dict[type, str] = {}
_KEYS: dict[type, tuple[str, ...]] = {}


def _declare(
    cls: type[Row], *, table: str = "", key: tuple[str, ...] = (), home: Home | None = None
) -> None:
    """Enter what a row class says of its table."""
    _HOMES[cls] = home or next((_HOMES[b] for b in cls.__mro__ if b in _HOMES), Home.FINDINGS)
    if not table:
        return
    if table in _TABLES:
        raise ValueError(f"table {table!r} is declared twice: {_TABLES[table]} and {cls}")
    _TABLES[table], _NAMES[cls], _KEYS[cls] = cls, table, key


class Row(_Struct, metaclass=_RowMeta):
    """Base of every row class; ``class Message(Row, table="messages")`` declares a table."""

    if TYPE_CHECKING:
        __struct_fields__: ClassVar[tuple[str, ...]]


@cache
def received(row: type[Row]) -> type[Row]:
    """The table of what others sent of a table: its columns, and the origin of each row.

    Every identifier in it is ``origin~id``. It is none of ``tables()``: it is there only in a case
    that has received something.

    >>> received(Row).__struct_fields__
    ('origin',)
    """
    body = {"__annotations__": {"origin": Annotated[str, Kind.TERM]}, "__doc__": row.__doc__}
    made = cast("type[Row]", _RowMeta(f"Received{row.__name__}", (row,), body))
    _NAMES[made] = f"{RECEIVED}{_NAMES.get(row, '')}"
    _KEYS[made] = ("origin", *_KEYS.get(row, ())) if _KEYS.get(row) else ()
    _HOMES[made] = Home.RECEIVED
    return made


def table_of(name: str) -> type[Row] | None:
    """The row class of a table by its name, of what others sent too; None where there is none."""
    own = _TABLES.get(name.removeprefix(RECEIVED))
    return received(own) if own and name not in _TABLES else own


def replace(row: AnyRow, **changes: Any) -> AnyRow:
    """The same row with some columns changed."""
    return cast("AnyRow", msgspec.structs.replace(cast("Any", row), **changes))


def from_builtins(row: type[AnyRow], values: Mapping[str, Any]) -> AnyRow:
    """A row from plain values, such as those of JSON or of Arrow; what is left out is as declared.

    >>> from_builtins(Row, {})
    Row()
    """
    types_of = _plain_types(row)
    return row(**{name: msgspec.convert(v, types_of[name]) for name, v in values.items()})


@cache
def _plain_types(row: type[Row]) -> dict[str, Any]:
    """Types of the columns as values have them at run time, where an Id is text."""
    hints = get_type_hints(row, include_extras=True)
    return {name: _plain(hints[name]) for name in row.__struct_fields__}


def _plain(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if Id in (hint, origin):
        return str
    if origin is Annotated:
        pattern = next((m.pattern for m in arguments if isinstance(m, Matches)), None)
        plain = _plain(arguments[0])
        return (
            plain if pattern is None else Annotated[plain, msgspec.Meta(pattern=f"^(?:{pattern})$")]
        )
    if origin is tuple:
        return tuple[tuple(map(_plain, arguments))]  # type: ignore[misc] # made at run time
    if origin in (UnionType, Union):
        return Union[tuple(map(_plain, arguments))]  # noqa: UP007 - made at run time
    return hint


def tables() -> dict[str, type[Row]]:
    """Every declared table, by name."""
    return dict(_TABLES)


def column_docs(row: type[Row]) -> dict[str, str]:
    """Read what the source says beneath each column, for the reference page and its test."""
    docs: dict[str, str] = {}
    for cls in (c for c in reversed(row.__mro__) if issubclass(c, Row) and c is not Row):
        (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
        assert isinstance(parsed, ast.ClassDef)
        for column, below in zip(parsed.body, parsed.body[1:], strict=False):
            match column, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    docs[name] = inspect.cleandoc(text)
    return docs
