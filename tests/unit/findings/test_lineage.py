"""Groups follow one another by people, dates and titles, each told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from clew.findings.lineage import _pairs, _parallels, _successions, title_similarity
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


def test_a_move_to_another_messenger_is_told() -> None:
    (found,) = _successions([pair(platform_b="telegram")])
    assert found.moved_platform


def test_endings_of_titles_do_not_count() -> None:
    assert title_similarity("Río Norte", "rio norte v2 \U0001f525") == 1.0
    assert title_similarity("Río", None) == 0.0
    assert title_similarity("bread", "trains") < 0.5
