"""A thread that is there as two exports counts once, and what was said twice counts twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders.publishing import publish

from clew.pipeline import perform
from clew.records import Message, MessageKind, TimeBasis

JSON, HTML = "a" * 64, "b" * 64
SAID = [("bread", 0), ("ok", 60), ("ok", 63), ("ok", 70), ("trains", 600)]
"""Words, and the second at which they were said."""


def message(source: str, number: int, words: str, **columns) -> Message:
    return Message(
        exhibit_id="ES-01", source_id=source, locator=f"/messages/{number}",
        event_id=f"{source[:4]}#/messages/{number}", chat_id="messenger:inbox/x_1",
        sender_account_id="messenger:name:x", kind=MessageKind.TEXT, text=words,
        text_normal=words, **columns,
    )  # fmt: skip


def thread(said, *, hours: int = 2) -> list[Message]:
    """The thread as JSON, and as HTML in another zone, oldest first."""
    start, rows = datetime(2024, 4, 3, 8, 0, tzinfo=UTC), []
    for n, (words, second) in enumerate(said):
        at = start + timedelta(seconds=second)
        local = f"{at + timedelta(hours=hours):%Y-%m-%dT%H:%M}"
        rows += [
            message(JSON, len(said) - n, words, sent_at=at, tz_basis=TimeBasis.UTC),
            message(HTML, n, words, sent_local=local, tz_basis=TimeBasis.EXPORT_LOCAL),
        ]
    return rows


def merged(case, *rows: Message) -> list[dict]:
    publish(case, "ES-01", *rows)
    perform(case, "merge")
    return case.rows("FROM merged_messages ORDER BY sent_at, merged_id")


def test_the_copies_of_a_thread_are_one_message_each(case) -> None:
    rows = merged(case, *thread(SAID))
    assert len(rows) == len(SAID)
    assert {row["sources"] for row in rows} == {2}
    assert all(row["sent_at"] for row in rows)
    assert all(len(row["event_ids"]) == 2 for row in rows)


def test_what_only_one_of_them_has_stays(case) -> None:
    more = message(HTML, 99, "lost", sent_local="2024-04-03T10:30", tz_basis=TimeBasis.EXPORT_LOCAL)
    rows = merged(case, *thread(SAID), more)
    assert len(rows) == len(SAID) + 1
    assert len([row for row in rows if row["sources"] == 1]) == 1


def test_times_that_no_zone_explains_are_two_messages(case) -> None:
    html = message(HTML, 1, "bread", sent_local="2024-04-03T10:07", tz_basis=TimeBasis.EXPORT_LOCAL)
    json = message(JSON, 1, "bread", sent_at=datetime(2024, 4, 3, 8, tzinfo=UTC),
                   tz_basis=TimeBasis.UTC)  # fmt: skip
    assert len(merged(case, html, json)) == 2
