"""What all renderings say alike."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from builders.referrals import referral

from clew.exchange.renderings import common
from clew.records import PersonCategory


def test_every_category_has_words_and_a_suspect_is_only_suspected() -> None:
    assert set(common.WORDS) == set(PersonCategory)
    assert "presumed innocent" in common.WORDS[PersonCategory.SUSPECT]
    others = [words for kind, words in common.WORDS.items() if kind is not PersonCategory.SUSPECT]
    assert not any("suspect (" in words for words in others)


def test_ids_differ_by_sender_case_and_kind() -> None:
    made = referral(1)
    given = common.ids(made)
    assert given("account", "a") == common.ids(referral(1))("account", "a")
    assert given("account", "a") != given("group", "a")


def test_a_time_is_written_in_utc_to_the_millisecond() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=timezone(timedelta(hours=2)))
    assert common.moment(at) == "2026-01-02T01:04:05.678Z"


def test_long_tables_come_in_pieces_with_every_row_once() -> None:
    content = [(n, f"+{n}") for n in range(1201)]
    pieces = list(common.rows(("a", "b"), content))
    assert len(pieces) == 3
    lines = b"".join(pieces).decode().split("\r\n")
    assert len(lines) == 1203
    assert lines[1201] == "1200,'+1200"
