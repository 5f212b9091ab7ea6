"""What is settled, looked at and open is every file."""

from __future__ import annotations

from clew.report.figures import figures, said_settled, settled


def test_an_empty_case_has_every_figure_and_each_is_none(case) -> None:
    found = figures(case)
    assert len(found) > 20
    assert set(found.values()) == {0}


def test_parts_add_up(case) -> None:
    found = settled(case)
    parts = ("known", "exact_duplicates", "near_duplicates", "ignorable")
    assert found["settled"] == sum(found[name] for name in parts)
    assert found["files"] == found["settled"] + found["looked_at"] + found["open"]
    assert "settled without a look: 0 of 0" in said_settled(found)
