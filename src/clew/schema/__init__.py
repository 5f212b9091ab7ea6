"""How a table is declared, checked and documented: one row class, written once."""

from clew.schema.arrow import (
    Batch,
    Column,
    Problem,
    arrow_schema,
    batch,
    columns,
    problems,
    table_part,
    to_arrow,
)
from clew.schema.rows import Id, Matches, Row, column_docs, replace, tables

__all__ = [
    "Batch",
    "Column",
    "Id",
    "Matches",
    "Problem",
    "Row",
    "arrow_schema",
    "batch",
    "column_docs",
    "columns",
    "problems",
    "replace",
    "table_part",
    "tables",
    "to_arrow",
]
