"""Whom a case knows is asked of its tables, and nobody is known to a case without any."""

from __future__ import annotations

from clew.casefile.known import KnownToCase


def test_a_case_without_tables_knows_nobody(case) -> None:
    known = KnownToCase(case)
    assert known.person_of == {}
    assert known.chats == frozenset()
    assert list(known.names()) == []
