"""Tables hold codes and figures: every code is registered, and no finding holds a sentence."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from enum import StrEnum

import pytest

import clew.records
from clew.schema import Home, Kind, columns, tables
from clew.words import registers, sentences

FINDINGS = [row for row in tables().values() if row.home is Home.FINDINGS]
OWN = ("countries", "drawing", "hashsets", "membership_periods", "merged", "network", "persons",
       "roles", "routes", "shares", "timeline")  # fmt: skip
"""Modules whose enumerations are of findings, where a finding has a column of them."""


def enumerations(hint: object) -> Iterator[type[StrEnum]]:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        yield hint
    for part in typing.get_args(hint):
        yield from enumerations(part)


def register_of(kind: type[StrEnum]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


KINDS = {
    kind
    for row in FINDINGS
    for hint in typing.get_type_hints(row, include_extras=True).values()
    for kind in enumerations(hint)
    if kind.__module__.removeprefix(clew.records.__name__ + ".") in OWN
}


@pytest.mark.parametrize("kind", sorted(KINDS, key=register_of), ids=register_of)
def test_a_register_explains_every_value_of_an_enumeration_and_no_other(kind) -> None:
    assert set(registers()[register_of(kind)]) == {str(value) for value in kind}


FREE = {
    ("file_clusters", "media_type"): "as the messenger states it, where the file is not there",
    ("invite_postings", "written"): "as somebody wrote the invitation",
    ("link_evidence", "shared"): "entries of address books, where two accounts share them",
}
"""Columns of findings that hold what people wrote."""


@pytest.mark.parametrize("row", FINDINGS, ids=lambda row: row.table_name)
def test_no_finding_has_a_column_for_sentences(row) -> None:
    free = {c.name for c in columns(row) if c.kind is Kind.FREE_TEXT}
    assert {(row.table_name, name) for name in free} <= set(FREE)


def test_what_is_said_of_a_table_is_said_of_one_that_there_is() -> None:
    beyond = {"content_links", "contents", *(n for n in sentences() if n.startswith("report_"))}
    assert set(sentences()) - beyond <= set(tables())
