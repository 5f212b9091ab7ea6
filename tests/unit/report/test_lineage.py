"""Groups of one line stand together, the earliest first; then those without."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.report.lineage import _by_family


def group(name: str, day: int):
    return {"chat_id": name, "begins": datetime(2026, 1, day, tzinfo=UTC)}


GROUPS = [group("large", 9), group("b", 5), group("a", 1), group("c", 7)]


def order(*links: tuple[str, str]) -> list[str]:
    made = [{"earlier": one, "later": other} for one, other in links]
    return [g["chat_id"] for g in _by_family(GROUPS, made)]


def test_a_line_comes_first_and_in_the_order_of_time() -> None:
    assert order(("b", "c"), ("a", "b")) == ["a", "b", "c", "large"]


def test_without_lines_the_order_is_kept() -> None:
    assert order() == ["large", "b", "a", "c"]


def test_a_circle_and_a_group_that_is_not_drawn_end() -> None:
    assert order(("a", "b"), ("b", "a"), ("c", "gone")) == ["a", "b", "large", "c"]
