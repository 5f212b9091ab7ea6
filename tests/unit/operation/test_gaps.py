"""What a list lacks or has twice."""

from __future__ import annotations

from builders.statements import site

from clew.operation.board import board

MAD = site("MAD", *({"about": f"person ES-P-0{n}", "says": "arrested"} for n in range(5)))


def test_what_is_missing_of_a_list_or_stands_twice_is_said() -> None:
    other = site("MAD", {"about": "person ES-P-01", "says": "released"})
    found = board([MAD[0], MAD[2], *other])
    assert [(g.kind, g.first, g.last) for g in found.gaps] == [("twice", 1, 1), ("missing", 2, 2)]
