"""The case on disk: folder, tables, content store, custody log, run log."""

from clew.casefile.case import Case, create_case, open_case
from clew.casefile.context import Context, Options
from clew.casefile.engine import each

__all__ = ["Case", "Context", "Options", "create_case", "each", "open_case"]
