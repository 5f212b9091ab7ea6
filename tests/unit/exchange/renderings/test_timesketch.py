"""A row has the columns that Timesketch requires, and what has no time says whose time it has."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from builders.referrals import referral

from clew.exchange.renderings import timesketch

MADE = referral(7)


def rows() -> list[dict[str, str]]:
    ((_, chunks),) = timesketch.render(MADE)
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline="")))


def test_times_are_given_twice_and_agree() -> None:
    for row in rows():
        assert row["message"]
        at = datetime.fromisoformat(row["datetime"])
        assert round(at.timestamp() * 1_000_000) == int(row["timestamp"])


def test_what_has_no_time_stands_at_the_time_of_the_referral() -> None:
    undated = {s.event_id for s in MADE.facts.shares if s.sent_at is None}
    assert undated
    for row in rows():
        if row["id"] in undated:
            assert row["timestamp_desc"] == "Referral made"
            assert datetime.fromisoformat(row["datetime"]) == MADE.made_at
