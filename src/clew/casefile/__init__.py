"""The case on disk: folder, tables, content store, custody log, run log.

What is named here is imported when it is first used: whoever needs a signature or a checkpoint
alone does without the engine of the tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clew.casefile.case import Case, create_case, open_case
    from clew.casefile.context import Context, Options
    from clew.casefile.engine import each

__all__ = ["Case", "Context", "Options", "create_case", "each", "open_case"]
_HOMES = {
    "Case": "case", "Context": "context", "Options": "context", "create_case": "case",
    "each": "engine", "open_case": "case",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
