"""Groups follow one another by people, dates and titles, each told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from clew.findings.lineage import _pairs, _parallels, _successions, chance_of, title_similarity
from clew.words import sentence

START = datetime(2024, 1, 1, tzinfo=UTC)


def pair(**changes):
    row = {
        "chat_a": "a", "chat_b": "b", "begins_a": START, "ends_a": START + timedelta(days=100),
        "begins_b": START + timedelta(days=101), "ends_b": START + timedelta(days=300),
        "subject_a": "Taller Norte", "subject_b": "Taller Norte 2", "platform_a": "whatsapp",
        "platform_b": "whatsapp", "shared_members": 60, "members_a": 100, "members_b": 90,
        "containment": 60 / 90, "everybody": 9000,
    } | changes  # fmt: skip
    row = {"at_end": row["members_a"], "at_start": row["members_b"],
           "handed_over": row["shared_members"]} | row  # fmt: skip
    (found,) = _pairs([row])
    return found


def test_a_group_created_again_is_a_succession() -> None:
    (found,) = _successions([pair()])
    assert (found.earlier, found.later, found.best) == ("a", "b", True)
    assert found.event == "continue"
    said = sentence("group_lineage", msgspec.structs.asdict(found))
    assert said.startswith("60 persons are in both; that is 67 % of the smaller group")


@pytest.mark.parametrize(
    "changes",
    [
        {"begins_b": START + timedelta(days=150)},  # too late
        {"containment": 0.1, "shared_members": 9},  # too few
        {"everybody": 150},  # no more than chance
    ],
)
def test_each_reason_is_needed(changes) -> None:
    assert list(_successions([pair(**changes)])) == []


UNLIKE = {"containment": 0.26, "shared_members": 24, "subject_b": "Cine"}


def test_a_small_overlap_weeks_later_under_another_title_follows_nothing() -> None:
    later = {"begins_b": START + timedelta(days=125)}
    assert list(_successions([pair(**UNLIKE, **later)])) == []
    assert list(_successions([pair(**UNLIKE | {"subject_b": "Taller Norte"})]))
    assert list(_successions([pair(**UNLIKE | {"containment": 0.5, "shared_members": 45})]))


FEW = {"members_a": 15, "members_b": 15, "shared_members": 13, "containment": 13 / 15,
       "everybody": 40}  # fmt: skip


def test_where_few_people_make_up_all_groups_a_handover_is_still_a_succession() -> None:
    (found,) = _successions([pair(**FEW, subject_b="Other")])
    assert found.lift < 6
    assert found.chance < 0.001
    assert "chance would give about 6, and so many or more with a probability of under 0.01" in (
        sentence("group_lineage", msgspec.structs.asdict(found))
    )


@pytest.mark.parametrize(
    ("changes", "followed"),
    [
        ({"shared_members": 10}, True),  # p = 0.006, the title the same, the day after
        ({"shared_members": 10, "subject_b": "Other"}, False),
        ({"shared_members": 10, "begins_b": START + timedelta(days=130)}, False),
        ({"shared_members": 6}, False),
        ({"shared_members": 13, "handed_over": 5}, False),  # shared, but not when the one ended
    ],
)
def test_among_few_people_title_and_date_help_a_weaker_overlap(changes, followed) -> None:
    assert bool(list(_successions([pair(**FEW | changes)]))) is followed


def test_the_chance_of_an_overlap_is_exact() -> None:
    assert chance_of(13, 15, 15, 40) == pytest.approx(7.924e-7, rel=0.001)
    assert sum(chance_of(n, 3, 4, 9) - chance_of(n + 1, 3, 4, 9) for n in range(4)) == (
        pytest.approx(1.0)
    )


def test_the_best_of_several_is_named_and_the_others_stay() -> None:
    weaker = pair(chat_a="c", containment=0.3, shared_members=27, subject_a="Other")
    found = {g.earlier: g for g in _successions([pair(), weaker])}
    assert found["a"].best
    assert not found["c"].best


def test_two_that_follow_one_are_a_split() -> None:
    assert {g.event for g in _successions([pair(), pair(chat_b="d")])} == {"split"}


def test_groups_side_by_side_are_parallel_and_no_succession() -> None:
    twin = pair(begins_b=START + timedelta(days=20), ends_b=START + timedelta(days=100))
    assert list(_successions([twin])) == []
    (found,) = _parallels([twin])
    assert found.kind == "parallel"


@pytest.mark.parametrize(("title", "found"), [("Taller Norte backup", 1), ("Other", 0)])
def test_among_few_people_groups_side_by_side_need_one_title(title, found) -> None:
    days = {"begins_b": START + timedelta(days=20), "ends_b": START + timedelta(days=100)}
    assert len(list(_parallels([pair(**FEW | days, subject_b=title)]))) == found


def test_a_move_to_another_messenger_is_told() -> None:
    (found,) = _successions([pair(platform_b="telegram")])
    assert found.moved_platform


def test_endings_of_titles_do_not_count() -> None:
    assert title_similarity("Río Norte", "rio norte v2 \U0001f525") == 1.0
    assert title_similarity("Río", None) == 0.0
    assert title_similarity("bread", "trains") < 0.5
