"""What lies beside an export decides the order of its dates; a judgement outranks it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.publishing import publish

from clew.judgements import decisions
from clew.pipeline import perform
from clew.records import (
    Account,
    Chat,
    ChatType,
    DateOrder,
    DateReading,
    IdType,
    Message,
    MessageKind,
    TimeBasis,
)  # fmt: skip

EXPORT, DATABASE = "e" * 64, "d" * 64
TEXT = "the bread is in the oven"


def message(number: int, text: str, source: str = EXPORT, **columns) -> Message:
    return Message(
        exhibit_id="ES-01", source_id=source, locator=f"line/{number}",
        event_id=f"{source[:4]}#line/{number}", chat_id=f"chat-{source[:4]}",
        kind=MessageKind.TEXT, text=text, text_normal=text,
        tz_basis=TimeBasis.UTC if source == DATABASE else TimeBasis.EXPORT_LOCAL,
        **columns,
    )  # fmt: skip


def chats():
    return [
        Chat(exhibit_id="ES-01", source_id=source, locator="file", chat_id=f"chat-{source[:4]}",
             platform="whatsapp", chat_type=ChatType.GROUP)
        for source in (EXPORT, DATABASE)
    ]  # fmt: skip


def reading(number: int, day_first: str, month_first: str) -> DateReading:
    return DateReading(
        exhibit_id="ES-01", source_id=EXPORT, locator=f"line/{number}",
        event_id=f"eeee#line/{number}", day_first=day_first, month_first=month_first,
    )  # fmt: skip


def order_of(case, *sent: datetime, text: str = TEXT, **columns):
    """Order of an export whose one message of 3/4 a database has, sent then."""
    publish(
        case, "ES-01", *chats(), message(1, TEXT, **columns),
        reading(1, "2024-04-03T10:00", "2024-03-04T10:00"),
        *(message(n, text, DATABASE, sent_at=at) for n, at in enumerate(sent, 7)),
    )  # fmt: skip
    perform(case, "date-orders")
    (found,) = case.rows("FROM source_date_orders")
    return found["date_order"], found["basis"]


def test_a_message_in_a_database_decides_by_its_time(case) -> None:
    assert order_of(case, datetime(2024, 4, 3, 8, 0, 40, tzinfo=UTC)) == ("DMY", "file")
    (vote,) = case.rows("FROM date_votes_beside")
    assert (vote["kind"], vote["day_first"], vote["month_first"]) == ("messages", 1, 0)
    assert (vote["event_id"], vote["other_locator"]) == ("eeee#line/1", "line/7")


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [datetime(2024, 4, 3, 8, 7, tzinfo=UTC)],  # no zone is seven minutes off
        [datetime(2024, 4, 9, 8, 0, tzinfo=UTC)],
        [datetime(2024, 4, 3, 8, 0, tzinfo=UTC), datetime(2024, 3, 4, 9, 0, tzinfo=UTC)],
    ],
)
def test_another_time_or_both_times_decide_nothing(case, sent) -> None:
    assert order_of(case, *sent) == ("ambiguous", "open")


def test_a_message_of_another_number_decides_nothing(case) -> None:
    publish(case, "PT-01", *(
        Account(exhibit_id="PT-01", source_id=DATABASE, locator="file", account_id=f"a-{number}",
                platform="whatsapp", id_type=IdType.LABEL, identifier=number, e164=number)
        for number in ("+34600000001", "+34600000002")
    ))  # fmt: skip
    publish(
        case, "ES-01", *chats(), message(1, TEXT, sender_account_id="a-+34600000001"),
        reading(1, "2024-04-03T10:00", "2024-03-04T10:00"),
        message(7, TEXT, DATABASE, sent_at=datetime(2024, 4, 3, 8, tzinfo=UTC),
                sender_account_id="a-+34600000002"),
    )  # fmt: skip
    perform(case, "date-orders")
    assert [r["basis"] for r in case.rows("FROM source_date_orders")] == ["open"]


def test_a_judgement_outranks_it_and_is_undone(case) -> None:
    at = datetime(2024, 4, 3, 8, tzinfo=UTC)
    judged = decisions.date(case, EXPORT, DateOrder.MDY, "A. Analyst", "interview")
    perform(case, "date")
    assert order_of(case, at) == ("MDY", "judgement")
    decisions.undo(case, judged.number, "A. Analyst", "wrong phone")
    perform(case, "date", "date-orders")
    assert [r["date_order"] for r in case.rows("FROM source_date_orders")] == ["DMY"]
