"""No id is a digest of what is masked: a number is found from it by trying them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import clew
from clew.casefile.engine import nodes, parse
from clew.casefile.masking import OPEN_KINDS, PERSONAL
from clew.schema import Column, Kind, columns, tables

DIGESTS = {"md5", "md5_number", "sha1", "sha256", "hash"}
SOURCE = Path(clew.__file__).parent
FOLDERS = ("facts", "findings", "relations", "views")
FILES = [file for folder in FOLDERS for file in sorted((SOURCE / folder).rglob("*.sql"))]


def _is_open(column: Column) -> bool:
    return column.kind in OPEN_KINDS or (
        column.kind is Kind.ID and not PERSONAL & {*column.points_at}
    )


MASKED = {c.name for row in tables().values() for c in columns(row) if not _is_open(c)}


def digested(sql: str) -> Iterator[str]:
    """Names of the columns of which a query makes digests."""
    for node in nodes(parse(sql)):
        if node.get("type") == "FUNCTION" and node.get("function_name") in DIGESTS:
            parts = nodes(node)
            yield from (p["column_names"][-1] for p in parts if p.get("column_names"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_no_query_makes_a_digest_of_what_is_masked(file) -> None:
    assert not MASKED & {*digested(file.read_text("utf-8"))}


def test_a_digest_of_a_number_is_noticed() -> None:
    assert {*digested("SELECT left(md5(concat_ws('|', kind, a.e164)), 9) FROM a")} & MASKED
