"""The case on disk: folder, tables, content store, custody log, run log."""

from clew.casefile.case import Case, create_case, open_case
from clew.casefile.engine import each

__all__ = ["Case", "create_case", "each", "open_case"]
