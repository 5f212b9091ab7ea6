"""Columns of a table as they are read: where somebody was is withheld unless it is asked for."""

import pyarrow as pa

from clew.casefile.masking import WITHHELD
from clew.schema import Kind, Row, columns


def shown(row: type[Row], *, places: bool) -> str:
    """Columns of a table in SQL."""
    if places:
        return "*"
    withheld = [
        f'NULL::DOUBLE AS "{c.name}"' if c.arrow_type == pa.float64() else
        f"CASE WHEN \"{c.name}\" IS NOT NULL THEN '{WITHHELD}' END AS \"{c.name}\""
        for c in columns(row) if c.kind is Kind.PLACE and not pa.types.is_list(c.arrow_type)
    ]  # fmt: skip
    return f"* REPLACE ({', '.join(withheld)})" if withheld else "*"
