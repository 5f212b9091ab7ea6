"""What accounts have in common is parted by how many share it, and swaps are marked."""

from __future__ import annotations

from clew.findings.linkage.traits import (
    COMMON,
    RARE,
    Traits,
    _mark_swaps,
    _part_by_rarity,
    _span,
    _swaps,
    table,
)

DAY = 86_400_000_000


def one(name: str, **about) -> Traits:
    return Traits(**{
        "unique_id": name, "names": [], "country": None, "handles": [], "full_names": [],
        "words": [], "books": [], "entries": [], "pictures": [], "groups": [], "stays": [],
        **about,
    })  # fmt: skip


def stay(chat: str, **times):
    return {"chat": chat, **dict.fromkeys(("joined", "ended", "closed", "seen", "last")), **times}


def test_words_are_rare_middling_or_common_by_how_many_have_them() -> None:
    found = [one(str(n), words=["common", *(["middling"] * (n < RARE + 1)), *(["rare"] * (n < 2))])
             for n in range(COMMON + 1)]  # fmt: skip
    _part_by_rarity(found)
    first, last = found[0], found[-1]
    assert (first.rare, first.middling, first.common) == (["rare"], ["middling"], ["common"])
    assert last.rare == last.middling == []


def test_a_swap_is_a_going_near_another_s_coming() -> None:
    pairs = list(_swaps([(10 * DAY, "a")], [(11 * DAY, "b"), (11 * DAY, "a"), (40 * DAY, "c")]))
    assert pairs == [("a", "b")]


def test_two_groups_mark_a_pair_twice_and_the_end_of_a_group_marks_none() -> None:
    a = one("a", stays=[stay("g", ended=5 * DAY), stay("h", ended=9 * DAY)])
    b = one("b", stays=[stay("g", joined=5 * DAY), stay("h", joined=9 * DAY)])
    closing = one("c", stays=[stay("g", ended=5 * DAY, closed=5 * DAY)])
    _mark_swaps([a, b, closing])
    assert a.swapped == b.swapped == ["a>b"]
    assert a.swapped_twice == ["a>b"]
    assert closing.moves == 0
    assert (a.moves, b.moves) == (2, 2)


def test_a_stay_of_which_no_time_is_known_has_no_span() -> None:
    assert _span(stay("g")) is None
    found = _span(stay("g", joined=2 * DAY, ended=4 * DAY, seen=DAY))
    assert found == {"chat": "g", "since": 1.0, "until": 4.0}


def test_every_trait_is_a_column() -> None:
    rows = table([one("a", words=["x"], stays=[stay("g")])])
    assert rows.num_rows == 1
    assert rows.column("words").to_pylist() == [["x"]]
    assert rows.column("stays").to_pylist() == [[]]
