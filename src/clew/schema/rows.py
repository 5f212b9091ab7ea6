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
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, dataclass_transform

import msgspec

R = TypeVar("R")
AnyRow = TypeVar("AnyRow", bound="Row")

_TABLES: dict[str, type[Row]] = {}

if TYPE_CHECKING:  # a checker reads the rules from dataclass_transform below
    _StructMeta = type
    _Struct = object
else:
    _StructMeta = msgspec.StructMeta
    _Struct = msgspec.Struct


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
        mcs,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        table: str = "",  # noqa: ARG004 - taken by __init__
        key: tuple[str, ...] = (),  # noqa: ARG004 - taken by __init__
    ) -> Any:
        options = {} if TYPE_CHECKING else {"frozen": True, "kw_only": True, "gc": False}
        return super().__new__(mcs, name, bases, body, **options)

    def __init__(
        cls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        table: str = "",
        key: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, bases, body)
        if not table:
            return
        if table in _TABLES:
            raise ValueError(f"table {table!r} is declared twice: {_TABLES[table]} and {cls}")
        _TABLES[table] = cast("type[Row]", cls)
        _NAMES[cls] = table
        _KEYS[cls] = key

    @property
    def table_name(cls) -> str:
        """Name under which the rows are kept."""
        return _NAMES[cls]

    @property
    def key(cls) -> tuple[str, ...]:
        """Columns that together tell one row from every other; empty where rows may repeat."""
        return _KEYS[cls]


_NAMES: dict[type, str] = {}
_KEYS: dict[type, tuple[str, ...]] = {}


class Row(_Struct, metaclass=_RowMeta):
    """Base of every row class; ``class Message(Row, table="messages")`` declares a table."""

    if TYPE_CHECKING:
        __struct_fields__: ClassVar[tuple[str, ...]]


def replace(row: AnyRow, **changes: Any) -> AnyRow:
    """The same row with some columns changed."""
    return cast("AnyRow", msgspec.structs.replace(cast("Any", row), **changes))


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
