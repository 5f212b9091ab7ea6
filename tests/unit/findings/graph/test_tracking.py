"""What became of communities follows the rules of group evolution discovery."""

from __future__ import annotations

import pytest

from clew.findings.graph.communities import Clustered
from clew.findings.graph.tracking import events


def community(name: str, *ranges: tuple[int, int], groups: str = "g", weight: int = 1) -> Clustered:
    persons = {f"p{n:03}": weight for low, high in ranges for n in range(low, high)}
    return Clustered(name, frozenset(groups.split()), persons, 1.0, 0.5)


def told(before, after) -> list[tuple[str, str, str]]:
    return sorted((str(e.change), e.before, e.after) for e in events("2024-Q2", before, after))


def test_the_same_people_continue_in_another_group() -> None:
    (event,) = events(
        "2024-Q2",
        [community("old", (0, 100), groups="closed kept")],
        [community("new", (3, 103), groups="kept opened")],
    )
    assert event.change == "continue"
    assert (event.groups_ended, event.groups_new) == (("closed",), ("opened",))
    assert (event.persons_before, event.persons_after, event.persons_kept) == (100, 100, 97)
    assert event.kept_part == pytest.approx(0.97 * 0.97)


def test_more_people_grow_and_fewer_shrink() -> None:
    small, large = community("s", (0, 60)), community("l", (0, 100))
    assert told([small], [large]) == [("grow", "s", "l")]
    assert told([large], [small]) == [("shrink", "l", "s")]


def test_one_that_falls_apart_splits_and_two_that_join_merge() -> None:
    whole = community("w", (0, 100))
    parts = [community("a", (0, 50)), community("b", (50, 100))]
    assert told([whole], parts) == [("split", "w", "a"), ("split", "w", "b")]
    assert told(parts, [whole]) == [("merge", "a", "w"), ("merge", "b", "w")]


def test_nobody_left_dissolves_and_nobody_before_appears() -> None:
    one, other = community("a", (0, 50)), community("b", (50, 99))
    assert told([one], [other]) == [("appear", "", "b"), ("dissolve", "a", "")]
    assert told([one], []) == [("dissolve", "a", "")]


def test_the_first_period_has_nothing_to_compare_with() -> None:
    assert told([], [community("a", (0, 50))]) == []


def test_a_few_in_common_are_not_enough() -> None:
    assert told([community("a", (0, 50))], [community("b", (40, 90))]) == [
        ("appear", "", "b"), ("dissolve", "a", ""),
    ]  # fmt: skip


def test_who_is_in_many_groups_weighs_more() -> None:
    light = community("a", (0, 100))
    heavy = Clustered("a", light.groups, {**light.persons, **{f"p{n:03}": 9 for n in range(60)}},
                      1.0, 0.5)  # fmt: skip
    after = [community("b", (0, 60), (200, 300))]
    assert {c for c, *_ in told([light], after)} == {"appear", "dissolve"}
    assert {c for c, *_ in told([heavy], after)} == {"grow"}
