"""What is missing is told with figures, and what a device itself explains is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders.publishing import publish

from clew.pipeline import perform
from clew.records import (
    Account,
    AccountAlias,
    Certainty,
    Chat,
    ChatType,
    GroupAction,
    GroupEvent,
    IdType,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    MessageKind,
    RecoveredFrom,
    RecoveredMessage,
    Relation,
    Role,
    Source,
    TimeBasis,
)
from clew.words import sentence

SHA = "a" * 64
GROUP = "whatsapp:120363000000000001@g.us"
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
HOLDER = "whatsapp:pn:34611222333"
DAYS = 120


def place(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA, "locator": f"message/{row}"}


def at(number: int) -> datetime:
    """Three messages a day."""
    return START + timedelta(days=number // 3, hours=4 * (number % 3))


def phone(case, exhibit: str, numbers, rows=None, *more) -> None:
    """A phone that holds these of the group's messages, in these rows."""
    held = list(numbers)
    rows = rows or range(1, len(held) + 1)
    messages = [
        Message(
            **place(exhibit, row), event_id=f"{exhibit}#message/{row}",
            message_key=f"{GROUP}/{n:020d}", chat_id=GROUP, kind=MessageKind.TEXT,
            tz_basis=TimeBasis.UTC, sent_at=at(n), sender_account_id="whatsapp:pn:34611000000",
        )
        for n, row in zip(held, rows, strict=True)
    ]  # fmt: skip
    source = Source(
        **place(exhibit, 0), item_id=f"item-{exhibit}", kind="whatsapp.android.msgstore",
        reader="r", reader_version="1", tz_basis=TimeBasis.UTC, rows_seen=len(held),
        rows_emitted=len(held), rows_skipped=0,
    )  # fmt: skip
    chat = Chat(**place(exhibit, 0), chat_id=GROUP, platform="whatsapp", chat_type=ChatType.GROUP)
    publish(case, exhibit, *messages, source, chat, *more)


def found(case, kind: str) -> list[dict]:
    perform(case, "resolve", "merge", "gaps")
    return case.rows("FROM timeline_gaps WHERE kind = $kind ORDER BY exhibit_id", kind=kind)


def holder(exhibit: str, joined: datetime) -> tuple[Account, Membership]:
    return (
        Account(**place(exhibit, 0), account_id=HOLDER, platform="whatsapp",
                id_type=IdType.PHONE, identifier="34611222333", is_owner=True),
        Membership(**place(exhibit, 0), chat_id=GROUP, account_id=HOLDER, role=Role.MEMBER,
                   state=MemberState.CURRENT, joined_at=joined,
                   basis=MembershipBasis.ROSTER),
    )  # fmt: skip


ALL = range(3 * DAYS)
QUIET = [n for n in ALL if not 150 <= n < 180]
"""Ten whole days, from day 50 on, are missing."""


def test_a_silent_device_is_told_with_its_rate_and_what_others_hold(case) -> None:
    phone(case, "ES-01", QUIET)
    phone(case, "PT-01", ALL)
    (gap,) = found(case, "silent")
    assert (gap["exhibit_id"], gap["strength"], gap["others"]) == (
        "ES-01",
        "others_show",
        ["PT-01"],
    )
    assert (gap["from_at"], gap["until_at"]) == (at(149), at(180))
    assert gap["expected"] == pytest.approx(30)
    assert gap["others_hold"] == 30
    assert gap["chance"] < 0.01


def test_silence_that_nobody_else_speaks_against_rests_on_rhythm_only(case) -> None:
    phone(case, "ES-01", QUIET)
    (gap,) = found(case, "silent")
    assert gap["strength"] == "rhythm"
    assert "may have been off or unused" in sentence("timeline_gaps", gap)


def test_a_device_that_is_often_silent_explains_its_own_silence(case) -> None:
    phone(case, "ES-01", [n for n in ALL if n // 3 % 8 == 0])
    assert found(case, "silent") == []


def test_messages_in_a_row_that_others_hold_are_a_range_and_single_ones_are_not(case) -> None:
    lost = {*range(40, 60), 100, 200, 300}
    phone(case, "ES-01", [n for n in ALL if n not in lost])
    phone(case, "PT-01", ALL)
    (gap,) = found(case, "missing_range")
    assert (gap["others_hold"], gap["from_at"], gap["until_at"]) == (20, at(39), at(60))
    (single,) = case.rows("FROM timeline_gaps WHERE kind = 'missing_messages'")
    assert (single["others_hold"], single["kept"]) == (3, len(ALL) - len(lost))


def test_recovered_messages_within_are_counted(case) -> None:
    gone = RecoveredMessage(
        **place("ES-01", 9999), event_id="ES-01#r", chat_id=GROUP, kind=MessageKind.TEXT,
        tz_basis=TimeBasis.UTC, sent_at=at(45), found_in=RecoveredFrom.FREEBLOCK, complete=True,
    )  # fmt: skip
    phone(case, "ES-01", [n for n in ALL if not 40 <= n < 60], None, gone)
    phone(case, "PT-01", ALL)
    (gap,) = found(case, "missing_range")
    assert gap["recovered_rows"] == 1


def test_a_holder_who_had_left_is_told_beside_the_range(case) -> None:
    left = GroupEvent(
        **place("ES-01", 41), event_id="ES-01#left", chat_id=GROUP, at=at(40), action_raw="5",
        action=GroupAction.LEFT, actor=HOLDER, certainty=Certainty.STATED,
    )  # fmt: skip
    phone(case, "ES-01", [n for n in ALL if not 40 <= n < 60], None, *holder("ES-01", START), left)
    phone(case, "PT-01", ALL)
    (gap,) = found(case, "missing_range")
    assert "left or was removed" in sentence("timeline_gaps", gap)


def test_rows_missing_together_are_told_and_rows_put_in_from_elsewhere_are_not(case) -> None:
    rows = [n + 1 if n < 100 else n + 31 for n in ALL]
    phone(case, "ES-01", ALL, rows)
    (gap,) = found(case, "missing_rows")
    assert (gap["missing_rows"], gap["locator"]) == (30, "message/100 .. message/131")
    phone(case, "ES-01", [*range(200, 360), *range(200)], [*range(1, 161), *range(1000, 1200)])
    assert found(case, "missing_rows") == []


def test_row_numbers_that_are_sparse_throughout_explain_themselves(case) -> None:
    phone(case, "ES-01", ALL, [5 * n + 1 for n in ALL])
    assert found(case, "missing_rows") == []


def test_a_record_that_begins_after_its_holder_joined_is_cut(case) -> None:
    phone(case, "ES-01", range(200, 360), None, *holder("ES-01", START))
    phone(case, "PT-01", ALL)
    (gap,) = found(case, "history_start")
    assert (gap["strength"], gap["others_hold"], gap["until_at"]) == ("others_show", 200, at(200))


def test_without_witnesses_the_devices_own_roster_speaks(case) -> None:
    phone(case, "ES-01", range(200, 360), None, *holder("ES-01", START))
    (gap,) = found(case, "history_start")
    assert (gap["strength"], gap["others_hold"]) == ("stated", 0)
    assert gap["expected"] >= 20


def test_a_record_that_begins_as_its_holder_joins_is_whole(case) -> None:
    phone(case, "ES-01", range(200, 360), None, *holder("ES-01", at(200)))
    phone(case, "PT-01", ALL)
    assert found(case, "history_start") == []


def test_a_second_phone_is_held_to_its_own_account_only(case) -> None:
    phone(case, "PT-01", ALL, None, *holder("PT-01", START))
    second = Account(
        **place("ES-01", 0), account_id="whatsapp:pn:34611222399", platform="whatsapp",
        id_type=IdType.PHONE, identifier="34611222399", is_owner=True,
    )  # fmt: skip
    change = AccountAlias(
        **place("ES-01", 0), a=HOLDER, b=second.account_id, relation=Relation.NUMBER_CHANGED
    )
    phone(case, "ES-01", range(200, 360), None, second, change)
    assert found(case, "history_start") == []


def test_an_empty_case_has_no_gaps(case) -> None:
    assert found(case, "silent") == []
